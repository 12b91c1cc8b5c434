package io.sawlog.log;

import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.FrameCheck;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A partition in a process that only reads it. While a writer lives, its published frames and its
 * hints are followed; when it is dead, the log is shown that the next writer would recover, and
 * nothing is changed. Which of the two it is, is asked again whenever a reader stalls.
 *
 * <p>Thread-safe.
 */
final class PartitionFollower implements PartitionView {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final long PROBE_NS = TimeUnit.MILLISECONDS.toNanos(200);

  private final PartitionPlace place;
  private final TopicConfig config;
  private final Path lockFile;
  private final boolean afterPowerLoss;
  private final PartitionMeta meta;
  private final Segments segments = new Segments();

  /** What the next writer would recover; null while a writer lives. */
  private volatile @Nullable RecoveryPlan plan;

  /** The generation of the state that the plan was made from. */
  private long planGeneration;

  private volatile Hints hints;

  /** Why nothing can be read any more; null as long as it can. */
  private volatile @Nullable String closedBecause;

  private long probedNs;

  private PartitionFollower(
      PartitionPlace place,
      TopicConfig config,
      Path lockFile,
      boolean afterPowerLoss,
      PartitionMeta meta) {
    this.place = place;
    this.config = config;
    this.lockFile = lockFile;
    this.afterPowerLoss = afterPowerLoss;
    this.meta = meta;
    this.hints = hintsOf(meta.state());
  }

  static PartitionFollower open(
      PartitionPlace place, TopicConfig config, Path lockFile, boolean afterPowerLoss)
      throws IOException {
    PartitionMeta meta =
        PartitionMeta.open(place.storage(), place.directory(), Storage.Access.READ);
    PartitionFollower follower =
        new PartitionFollower(place, config, lockFile, afterPowerLoss, meta);
    try {
      follower.look();
      return follower;
    } catch (IOException | RuntimeException e) {
      follower.close("it could not be opened");
      throw e;
    }
  }

  /**
   * Finds out whether a writer lives, and with that, which log to show. A writer that starts while
   * the files are analysed makes the findings worthless: so it is asked for again afterwards.
   */
  private synchronized void look() throws IOException {
    probedNs = System.nanoTime();
    if (hasWriter()) {
      follow();
      return;
    }
    long generation = meta.reread().generation();
    // a writer may have come and gone unseen: then the state has another generation
    if (plan != null && generation == planGeneration) {
      return;
    }
    RecoveryPlan found;
    try {
      found = RecoveryAnalysis.analyse(place, meta, afterPowerLoss);
    } catch (IOException | LogException e) {
      if (hasWriter()) {
        follow();
        return;
      }
      throw e;
    }
    if (hasWriter()) {
      follow();
      return;
    }
    segments.set(found.segments());
    planGeneration = generation;
    plan = found;
  }

  private boolean hasWriter() throws IOException {
    return place.storage().lockHolder(lockFile) != null;
  }

  private void follow() throws IOException {
    plan = null;
    meta.reread();
    refreshHints();
    listSegments();
  }

  private synchronized void listSegments() throws IOException {
    List<Segment> found = new ArrayList<>();
    for (SegmentFiles.Found file : SegmentFiles.list(place).found()) {
      if (file.header() != null) {
        Segment known = segments.startingAt(file.baseOffset());
        boolean same = known != null && known.header().equals(file.header());
        found.add(same ? known : file.toSegment());
      }
    }
    segments.set(found);
  }

  /** Takes the newest hints; torn ones are read again, and stale ones are better than none. */
  private void refreshHints() throws IOException {
    for (int attempt = 0; attempt < 3; attempt++) {
      Hints found = meta.readHints();
      if (found != null) {
        hints = found;
        return;
      }
    }
  }

  private static Hints hintsOf(PartitionState state) {
    LogTail tail = state.tail();
    return new Hints(
        tail.segmentBase(),
        tail.sealed() ? Math.max(0, tail.position() - FrameFormat.HEADER_LENGTH) : tail.position(),
        tail.nextOffset(),
        tail.lastTime(),
        state.logStartOffset(),
        state.generation(),
        Hints.Life.LIVE);
  }

  @Override
  public PartitionPlace place() {
    return place;
  }

  @Override
  public int indexIntervalBytes() {
    return config.indexIntervalBytes();
  }

  @Override
  public Segments segments() {
    return segments;
  }

  @Override
  public @Nullable Segment segmentStartingAt(long baseOffset) throws IOException {
    Segment known = segments.startingAt(baseOffset);
    if (known != null || plan != null) {
      return known;
    }
    return discover(baseOffset);
  }

  /** The writer has rolled: the new file may be there already. */
  private synchronized @Nullable Segment discover(long baseOffset) throws IOException {
    if (segments.startingAt(baseOffset) == null) {
      try {
        SegmentFiles.Found found = SegmentFiles.read(place, baseOffset);
        if (found.header() == null) {
          return null;
        }
        segments.add(found.toSegment());
      } catch (NoSuchFileException e) {
        return null;
      }
    }
    return segments.startingAt(baseOffset);
  }

  @Override
  public long logStartOffset() {
    return Math.max(hints.logStartOffset(), meta.state().logStartOffset());
  }

  @Override
  public long logEndOffset() throws IOException {
    RecoveryPlan dead = plan;
    return dead != null ? dead.tail().nextOffset() : publishedEnd().nextOffset();
  }

  @Override
  public long totalRecordCount() throws IOException {
    RecoveryPlan dead = plan;
    return dead != null ? dead.tail().recordCount() : publishedEnd().recordCount();
  }

  /**
   * Where the published frames end.
   *
   * @param nextOffset the offset that follows
   * @param recordCount how many records there were up to here, deleted ones included
   */
  private record PublishedLog(long nextOffset, long recordCount) {}

  /** Follows the frames from the durable offset to the last one that is published. */
  private PublishedLog publishedEnd() throws IOException {
    refreshHints();
    Hints from = hints;
    if (segments.startingAt(from.segmentBase()) == null) {
      listSegments();
    }
    Segment segment = segments.startingAt(from.segmentBase());
    if (segment != null) {
      return follow(segment, from.position(), from.nextOffset());
    }
    Segment first = segments.first();
    return first == null
        ? new PublishedLog(
            Math.max(from.nextOffset(), meta.state().tail().nextOffset()),
            meta.state().tail().recordCount())
        : follow(first, SegmentHeader.LENGTH, first.baseOffset());
  }

  private PublishedLog follow(Segment start, int startPosition, long startOffset)
      throws IOException {
    Segment segment = start;
    int position = startPosition;
    long offset = startOffset;
    try (SegmentReader reader =
        new SegmentReader(place.storage(), config.indexIntervalBytes(), BUFFER_BYTES, segment)) {
      while (reader.check(position, offset) == FrameCheck.VALID) {
        int frame = reader.buffer().indexOf(position);
        DirectBuffer bytes = reader.buffer().buffer();
        long next = FrameFormat.baseOffset(bytes, frame) + FrameFormat.recordCount(bytes, frame);
        position += FrameFormat.length(bytes, frame);
        if (FrameFormat.kind(bytes, frame) == FrameFormat.KIND_END) {
          Segment successor = segmentStartingAt(next);
          if (successor == null) {
            return new PublishedLog(next, recordCount(segment, position, offset));
          }
          segment = successor;
          reader.open(segment);
          position = SegmentHeader.LENGTH;
        }
        offset = next;
      }
    }
    return new PublishedLog(offset, recordCount(segment, position, offset));
  }

  /** Behind the END of a cut, offsets have a gap, and old hints tell of an older one. */
  private long recordCount(Segment segment, int position, long offset) {
    LogTail opening = meta.state().tail();
    boolean nothingNew =
        opening.sealed()
            && opening.segmentBase() == segment.baseOffset()
            && opening.position() == position;
    return nothingNew
        ? opening.recordCount()
        : segment.header().recordsBefore() + offset - segment.baseOffset();
  }

  @Override
  public long durableOffset() throws IOException {
    RecoveryPlan dead = plan;
    if (dead != null) {
      return dead.isClean() ? dead.tail().nextOffset() : dead.rewriteFrom().offset();
    }
    refreshHints();
    // hints that a power cut brought back may be older than the state
    return Math.max(hints.nextOffset(), meta.state().tail().nextOffset());
  }

  @Override
  public boolean isVisible(long offset, Visibility visibility) throws IOException {
    RecoveryPlan dead = plan;
    if (dead != null && offset >= dead.endOffset()) {
      return false;
    }
    boolean failed = dead == null && hints.life() == Hints.Life.FAILED;
    if (visibility == Visibility.DURABLE || failed) {
      boolean known = dead == null && offset < hints.nextOffset();
      return known || offset < durableOffset();
    }
    return true;
  }

  @Override
  public long knownEnd() throws IOException {
    RecoveryPlan dead = plan;
    return dead != null ? dead.endOffset() : hints.nextOffset();
  }

  @Override
  public RecoveryPlan.@Nullable Abort abortAt(Segment segment, int position) {
    RecoveryPlan dead = plan;
    if (dead != null) {
      for (RecoveryPlan.Abort abort : dead.aborts()) {
        if (abort.segmentBase() == segment.baseOffset() && abort.position() == position) {
          return abort;
        }
      }
    }
    return null;
  }

  @Override
  public void refresh() throws IOException {
    refreshHints();
    checkOpen();
    look();
  }

  @Override
  public void stalled() throws IOException {
    synchronized (this) {
      if (System.nanoTime() - probedNs < PROBE_NS) {
        return;
      }
    }
    checkOpen();
    look();
  }

  /** Makes every record below an offset durable, from here: needs nothing of the writer. */
  void sync(long endOffset) throws IOException {
    Segment last = segments.floor(Math.max(0, endOffset - 1));
    for (Segment segment : segments.all()) {
      boolean needed =
          segment.baseOffset() >= hints.segmentBase()
              && last != null
              && segment.baseOffset() <= last.baseOffset();
      if (needed) {
        try (StorageFile file = place.storage().open(segment.path(), Storage.Access.READ)) {
          file.force();
        }
      }
    }
    place.storage().forceDirectory(place.directory());
  }

  @Override
  public void checkOpen() {
    String reason = closedBecause;
    if (reason != null) {
      throw new LogClosedException(place.name() + ": " + reason);
    }
    // a writer that died in the deleting may have left the topic where it was
    if (plan == null && hints.life() == Hints.Life.DELETED) {
      throw new LogClosedException(place.name() + ": the topic was deleted");
    }
  }

  /** Ends the following; whoever reads on is told the reason. */
  void close(String reason) throws IOException {
    closedBecause = reason;
    meta.close();
  }
}
