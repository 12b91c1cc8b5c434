package io.sawlog.tools;

import io.sawlog.index.HeaderCheck;
import io.sawlog.index.IndexAudit;
import io.sawlog.index.SparseIndex;
import io.sawlog.log.file.Storage;
import io.sawlog.log.segment.MalformedRecordException;
import io.sawlog.log.segment.RecordCursor;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one segment and its index, and keeps what is wrong with them: whether that is damage or a
 * torn tail depends on what the partition knows to be durable, and so in part on later frames.
 */
final class SegmentVerification {
  /** Enough to see what has happened; a file of garbage has millions. */
  private static final int MAX_FINDINGS = 100;

  private final SegmentFile segment;
  private final Path indexPath;
  private final List<Finding> findings = new ArrayList<>();
  private final RecordCursor records = new RecordCursor();
  private @Nullable IndexAudit audit;
  private @Nullable String indexProblem;
  private boolean indexMissing;
  private final List<Finding.Damage> contradictions = new ArrayList<>();
  private long findingCount;
  private long contradictionCount;
  private long lastTime = Long.MIN_VALUE;
  private long recordsEnd;
  private int durablePosition;
  private Finding.End end;

  private SegmentVerification(SegmentFile segment) {
    this.segment = segment;
    this.indexPath = IndexCopy.pathBeside(segment.path());
    this.recordsEnd = segment.header().baseOffset();
    this.end = new Finding.End(0, recordsEnd, false);
  }

  /**
   * Reads a segment from front to back.
   *
   * @param timeBefore no frame may be older, epoch ms
   */
  static SegmentVerification of(
      Storage storage,
      SegmentFile segment,
      long timeBefore,
      Verdict verdict,
      Progress progress,
      long bytesBefore)
      throws IOException {
    SegmentVerification verification = new SegmentVerification(segment);
    verification.lastTime = timeBefore;
    if (segment.isReadable()) {
      // Before the frames: an entry is written before its frame, so none of them may be wrong.
      verification.openIndex(storage);
      verification.walk(verdict, progress, bytesBefore);
    }
    return verification;
  }

  private void openIndex(Storage storage) throws IOException {
    try {
      IndexCopy index = IndexCopy.read(storage, indexPath);
      HeaderCheck check = index.check(segment.header());
      if (check instanceof HeaderCheck.Valid valid) {
        audit = new IndexAudit(new SparseIndex(index.bytes(), valid.header()));
      } else if (check instanceof HeaderCheck.Unusable unusable && segment.isHeaderIntact()) {
        indexProblem = unusable.reason();
      }
    } catch (NoSuchFileException e) {
      indexMissing = true;
    } catch (IOException e) {
      indexProblem = "it cannot be read: " + e.getMessage();
    }
  }

  private void walk(Verdict verdict, Progress progress, long bytesBefore) throws IOException {
    SegmentWalk walk = segment.walk();
    Finding finding = walk.next();
    while (!(finding instanceof Finding.End)) {
      if (finding instanceof Finding.Frame frame) {
        check(frame, walk);
        verdict.countFrame(frame);
        progress.update(bytesBefore + frame.position(), verdict.records());
      } else {
        keep(finding);
      }
      finding = walk.next();
    }
    end = (Finding.End) finding;
  }

  private void check(Finding.Frame frame, SegmentWalk walk) {
    durablePosition = Math.max(durablePosition, frame.durablePosition());
    if (frame.appendTime() < lastTime) {
      contradict(damage(frame, "is older than the one before it"));
    }
    lastTime = Math.max(lastTime, frame.appendTime());
    if (frame.isEnd()) {
      return;
    }
    recordsEnd = frame.nextOffset();
    if (audit != null) {
      audit.onFrame(
          frame.position(),
          frame.position() + frame.length(),
          (int) (frame.nextOffset() - segment.header().baseOffset()),
          frame.appendTime());
    }
    if (frame.isData()) {
      decode(frame, walk);
    }
  }

  private void decode(Finding.Frame frame, SegmentWalk walk) {
    records.reset(walk.bytes(), walk.frame());
    try {
      while (records.hasNext()) {
        records.next();
      }
    } catch (MalformedRecordException e) {
      contradict(Dump.malformed(frame, "cannot be decoded: " + e.getMessage()));
    }
  }

  private static Finding.Damage damage(Finding.Frame frame, String what) {
    return new Finding.Damage(
        frame.position(),
        frame.position() + frame.length(),
        frame.baseOffset(),
        frame.nextOffset(),
        what);
  }

  private void keep(Finding finding) {
    findingCount++;
    if (findings.size() < MAX_FINDINGS) {
      findings.add(finding);
    }
  }

  private void contradict(Finding.Damage contradiction) {
    contradictionCount++;
    if (contradictions.size() < MAX_FINDINGS) {
      contradictions.add(contradiction);
    }
  }

  SegmentFile segment() {
    return segment;
  }

  Path path() {
    return segment.path();
  }

  long baseOffset() {
    return segment.header().baseOffset();
  }

  /** Where no frame is, in their order; the first of them if there are very many. */
  List<Finding> findings() {
    return findings;
  }

  /** Intact frames that make no sense, which no crash explains; the first of them. */
  List<Finding.Damage> contradictions() {
    return contradictions;
  }

  /** How many of both are not in the lists. */
  long furtherFindings() {
    return findingCount - findings.size() + contradictionCount - contradictions.size();
  }

  boolean isIntact() {
    return findingCount == 0 && contradictionCount == 0 && segment.headerProblem() == null;
  }

  /** The end of the walk. */
  Finding.End end() {
    return end;
  }

  /** The offset behind the last record, which END does not change. */
  long recordsEnd() {
    return recordsEnd;
  }

  /** How many records were appended to the partition up to the end of this segment. */
  long recordsUpToEnd() {
    return segment.header().recordsBefore() + recordsEnd - baseOffset();
  }

  long lastTime() {
    return lastTime;
  }

  /** How far the frames say that the segment is durable, in bytes. */
  int durablePosition() {
    return durablePosition;
  }

  Path indexPath() {
    return indexPath;
  }

  boolean isIndexMissing() {
    return indexMissing;
  }

  /** Why the index cannot be used; null if it can. */
  @Nullable String indexProblem() {
    return indexProblem;
  }

  /** The first entry that says something else than the frames. */
  Optional<IndexAudit.Contradiction> indexContradiction() {
    return audit == null ? Optional.empty() : audit.firstContradiction();
  }
}
