package io.sawlog.tools;

import io.sawlog.log.PartitionInspection;
import io.sawlog.log.file.Storage;
import io.sawlog.log.segment.FrameCheck;
import io.sawlog.log.segment.SegmentHeader;
import io.sawlog.log.segment.SegmentScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Tells what is wrong with the segments of a partition that were read: below the recovery point it
 * is damage; above it a crash explains it, so it is a note.
 */
final class SegmentJudgement {
  private static final String TORN =
      ", but was not known to be durable: a torn tail, which the next opening sets aside";

  private final Storage storage;
  private final Verdict verdict;
  private final @Nullable PartitionInspection meta;
  private final DurablePart durable;

  /**
   * Prepares to judge the segments of one partition.
   *
   * @param meta what the partition knows, null if nobody can tell
   */
  SegmentJudgement(
      Storage storage, Verdict verdict, @Nullable PartitionInspection meta, DurablePart durable) {
    this.storage = storage;
    this.verdict = verdict;
    this.meta = meta;
    this.durable = durable;
  }

  /** Judges one segment for itself. */
  void judge(SegmentVerification segment) {
    judgeHeader(segment);
    judgeFrames(segment);
    judgeIndex(segment);
  }

  private void judgeHeader(SegmentVerification segment) {
    Path path = segment.path();
    String problem = segment.segment().headerProblem();
    if (problem != null) {
      tell(
          durable.contains(segment.baseOffset(), 0),
          path,
          0,
          segment.segment().isReadable() ? Finding.UNKNOWN : segment.baseOffset(),
          Finding.UNKNOWN,
          problem);
      return;
    }
    SegmentHeader header = segment.segment().header();
    OptionalLong named = SegmentFile.baseOffsetOf(path);
    if (named.isPresent() && named.getAsLong() != header.baseOffset()) {
      verdict.damage(path, "the header says base offset " + header.baseOffset() + ", the name not");
    }
    if (meta != null
        && (!header.topicId().equals(meta.topicId()) || header.partition() != meta.partition())) {
      verdict.damage(
          path,
          "belongs to partition "
              + header.partition()
              + " of topic "
              + header.topicId()
              + ", not to "
              + meta.partition()
              + " of "
              + meta.topicId());
    }
    long size = segment.segment().size();
    if (size < header.capacity() && !segment.end().sealed()) {
      tell(
          durable.contains(segment.baseOffset(), size),
          path,
          size,
          Finding.UNKNOWN,
          Finding.UNKNOWN,
          "the file ends here, but its header says " + header.capacity() + " bytes");
    }
  }

  private void judgeFrames(SegmentVerification segment) {
    for (Finding finding : segment.findings()) {
      boolean damage = durable.contains(segment.baseOffset(), finding.position());
      if (damage && hasAppeared(segment, finding)) {
        continue;
      }
      if (finding instanceof Finding.Damage found) {
        tell(
            damage,
            segment.path(),
            found.position(),
            found.firstOffset(),
            found.nextOffset(),
            "the frame " + found.what() + (damage ? "" : TORN));
      } else if (finding instanceof Finding.Unfinished found) {
        tell(
            damage,
            segment.path(),
            found.position(),
            found.firstOffset(),
            found.nextOffset(),
            damage
                ? "the frame is claimed but was never published"
                : "an append that goes on now, or was cut short by a crash");
      }
    }
    for (Finding.Damage found : segment.contradictions()) {
      verdict.damage(
          segment.path(),
          found.position(),
          found.firstOffset(),
          found.nextOffset(),
          "the frame " + found.what());
    }
    if (segment.furtherFindings() > 0) {
      tell(
          durable.contains(segment.baseOffset(), 0),
          segment.path(),
          Verdict.NO_POSITION,
          Finding.UNKNOWN,
          Finding.UNKNOWN,
          "and " + segment.furtherFindings() + " more places like these");
    }
  }

  /**
   * Whether a frame is there by now. In a live store an append may have taken longer than the walk
   * was ready to wait, and been flushed before the walk came to the end.
   */
  private boolean hasAppeared(SegmentVerification segment, Finding finding) {
    long firstOffset =
        finding instanceof Finding.Damage damage
            ? damage.firstOffset()
            : ((Finding.Unfinished) finding).firstOffset();
    try (SegmentFile file = SegmentFile.open(storage, segment.path())) {
      SegmentScanner scanner = file.scanner();
      scanner.moveTo(finding.position());
      return scanner.check(firstOffset) == FrameCheck.VALID;
    } catch (NoSuchFileException e) {
      // Retention has taken it.
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void judgeIndex(SegmentVerification segment) {
    String problem = segment.indexProblem();
    if (segment.isIndexMissing() && Files.exists(segment.path())) {
      verdict.note(segment.indexPath(), "is missing: it is rebuilt when it is needed");
    } else if (problem != null) {
      tell(
          durable.isClosed(),
          segment.indexPath(),
          Verdict.NO_POSITION,
          Finding.UNKNOWN,
          Finding.UNKNOWN,
          "cannot be used and will be rebuilt: " + problem);
    }
    segment
        .indexContradiction()
        .ifPresent(
            contradiction ->
                // a crash may leave an entry of a frame that is gone: no look-up believes one
                // blindly
                verdict.note(
                    segment.indexPath(),
                    "slot "
                        + contradiction.found().slot()
                        + " names offset "
                        + (segment.baseOffset() + contradiction.found().relativeOffset())
                        + " at position "
                        + contradiction.found().position()
                        + ", the segment has "
                        + (segment.baseOffset() + contradiction.expected().relativeOffset())
                        + " at "
                        + contradiction.expected().position()
                        + ": answers stay right, 'sawlog reindex' makes them quick again"));
  }

  /** Judges that one segment follows another. */
  void judgeSuccession(SegmentVerification before, SegmentVerification after) {
    Finding.End end = before.end();
    boolean damage = durable.contains(before.baseOffset(), end.position());
    if (!end.sealed()) {
      if (before.isIntact()) {
        tell(
            damage,
            before.path(),
            end.position(),
            end.nextOffset(),
            after.baseOffset(),
            "the segment has no END, and yet another one follows" + (damage ? "" : TORN));
      }
    } else if (end.nextOffset() != after.baseOffset()) {
      tell(
          durable.contains(after.baseOffset(), 0) || end.nextOffset() < after.baseOffset(),
          after.path(),
          Verdict.NO_POSITION,
          Math.min(end.nextOffset(), after.baseOffset()),
          Math.max(end.nextOffset(), after.baseOffset()),
          "the segment before it says that offset "
              + end.nextOffset()
              + " follows: a file is missing, or is another one's");
    }
    if (before.isIntact()
        && after.segment().isHeaderIntact()
        && before.recordsUpToEnd() != after.segment().header().recordsBefore()) {
      tell(
          damage,
          after.path(),
          0,
          Finding.UNKNOWN,
          Finding.UNKNOWN,
          "the header counts "
              + after.segment().header().recordsBefore()
              + " records before the segment, the segments before it hold "
              + before.recordsUpToEnd());
    }
  }

  private void tell(
      boolean damage, Path path, long position, long firstOffset, long nextOffset, String problem) {
    if (damage) {
      verdict.damage(path, position, firstOffset, nextOffset, problem);
    } else {
      verdict.note(path, position, firstOffset, nextOffset, problem);
    }
  }
}
