package io.sawlog.log;

import static io.sawlog.log.segment.FrameFormat.KIND_DATA;
import static io.sawlog.log.segment.FrameFormat.KIND_END;

import io.sawlog.log.segment.FrameBuffer;
import io.sawlog.log.segment.FrameCheck;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import io.sawlog.log.segment.SegmentScanner;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the frames of a partition, from segment to segment, in a copy of its own: each is
 * checked before it is shown.
 *
 * <p>Not thread-safe. It stays where it is when anything is thrown.
 */
final class FrameCursor {
  private static final int BUFFER_BYTES = 64 << 10;

  private final PartitionView partition;
  private @Nullable SegmentReader reader;

  /** Where the next frame is, in the segment of the reader, and the offset that follows there. */
  private int nextPosition;

  private long nextOffset;

  /** The frame that was moved to last. */
  private int position;

  private long offset;

  FrameCursor(PartitionView partition) {
    this.partition = partition;
  }

  /**
   * Moves to the next frame of records that reaches an offset. Frames before it are passed over,
   * and so is damage that lies wholly before it.
   *
   * @param visibility which frames to show
   * @param wanted the offset
   * @return whether there is one; false if it cannot be seen yet
   * @throws CorruptLogException if bytes are damaged
   */
  boolean next(Visibility visibility, long wanted) throws IOException {
    checkNotDeleted(wanted);
    SegmentReader current = reader;
    if (current == null) {
      Segment first = segmentOf(wanted);
      if (first == null) {
        return false;
      }
      current = startOf(first);
    }
    while (partition.isVisible(nextOffset, visibility)) {
      FrameCheck found;
      try {
        found = current.check(nextPosition, nextOffset);
      } catch (NoSuchFileException e) {
        current = leaveDeleted(current, wanted, e);
        continue;
      }
      if (found != FrameCheck.VALID) {
        if (skipAborted(current.segment()) || passOrRefuse(current, found, wanted)) {
          continue;
        }
        return false;
      }
      FrameBuffer frames = current.buffer();
      int kind = frames.kind();
      if (kind == KIND_END) {
        if (!followEnd(current, frames.baseOffset())) {
          return false;
        }
        continue;
      }
      position = nextPosition;
      offset = nextOffset;
      nextPosition += frames.frameLength();
      nextOffset += frames.recordCount();
      if (kind == KIND_DATA && nextOffset > wanted) {
        return true;
      }
    }
    return false;
  }

  /** The copy that holds the frame that was moved to. */
  FrameBuffer frames() {
    return openReader().buffer();
  }

  /** The first offset of the frame that was moved to. */
  long offset() {
    return offset;
  }

  /** The offset that follows the frame that was moved to. */
  long nextOffset() {
    return nextOffset;
  }

  /** Goes back, so that the frame that was moved to is the next one again. */
  void back() {
    nextPosition = position;
    nextOffset = offset;
  }

  /** The segment to begin with: offsets below the first one lie in a gap. */
  @Nullable Segment segmentOf(long wanted) {
    Segment floor = partition.segments().floor(wanted);
    return floor == null ? partition.segments().first() : floor;
  }

  /** Turns to a segment, whose first frame is the next one. */
  SegmentReader startOf(Segment segment) {
    SegmentReader present = reader;
    if (present == null) {
      present =
          new SegmentReader(
              partition.place().storage(), partition.indexIntervalBytes(), BUFFER_BYTES, segment);
      reader = present;
    } else {
      present.open(segment);
    }
    nextPosition = SegmentHeader.LENGTH;
    nextOffset = segment.baseOffset();
    return present;
  }

  /** Goes on at a frame whose position an index gave and the log confirmed. */
  void land(SegmentReader opened, int landing) {
    nextPosition = landing;
    nextOffset = opened.segment().baseOffset();
    if (landing != SegmentHeader.LENGTH) {
      FrameBuffer frames = opened.buffer();
      nextOffset = FrameFormat.baseOffset(frames.buffer(), frames.indexOf(landing));
    }
  }

  /** A segment that was read to its last record may be deleted before its END was read. */
  private SegmentReader leaveDeleted(SegmentReader deleted, long wanted, NoSuchFileException e)
      throws IOException {
    partition.refresh();
    checkNotDeleted(wanted);
    Segment next = segmentOf(wanted);
    if (next == null || next.baseOffset() == deleted.segment().baseOffset()) {
      throw e;
    }
    return startOf(next);
  }

  private boolean skipAborted(Segment segment) {
    RecoveryPlan.Abort abort = partition.abortAt(segment, nextPosition);
    if (abort == null) {
      return false;
    }
    nextPosition += abort.length();
    nextOffset += abort.recordCount();
    return true;
  }

  private boolean followEnd(SegmentReader current, long baseOffset) throws IOException {
    // asked first: what is made while the segment is looked for is not missing
    long knownEnd = partition.knownEnd();
    Segment next = partition.segmentStartingAt(baseOffset);
    if (next == null) {
      if (baseOffset < knownEnd) {
        partition.refresh();
        checkNotDeleted(baseOffset);
        throw corrupt(
            nextPosition, nextOffset, "is the END, but the segment it names does not exist", null);
      }
      return false;
    }
    current.open(next);
    nextPosition = SegmentHeader.LENGTH;
    nextOffset = baseOffset;
    return true;
  }

  /**
   * Decides what to do about a frame that is not there.
   *
   * @return whether to go on at once; false to wait until there is more
   * @throws CorruptLogException if it must be there
   */
  private boolean passOrRefuse(SegmentReader current, FrameCheck found, long wanted)
      throws IOException {
    boolean waiting = found == FrameCheck.EMPTY || found == FrameCheck.CLAIMED;
    if (waiting && nextOffset >= partition.knownEnd()) {
      return false;
    }
    // what was missing a moment ago may have been published before the known end was read
    if (waiting && current.checkAgain(nextPosition, nextOffset) == FrameCheck.VALID) {
      return true;
    }
    partition.refresh();
    partition.checkOpen();
    if (passDamage(current, wanted)) {
      return true;
    }
    if (wanted > nextOffset && wanted >= partition.knownEnd()) {
      // all of the damage lies before what is waited for
      return false;
    }
    checkNotDeleted(nextOffset);
    throw corrupt(nextPosition, nextOffset, found.inWords(), null);
  }

  /**
   * Goes on behind damage, if all of it lies before the wanted offset. The length of a damaged
   * frame means nothing, so what follows is searched for; and a record may hold a copy of frames,
   * but none of a frame that came after it.
   */
  private boolean passDamage(SegmentReader current, long wanted) throws IOException {
    if (nextOffset >= wanted) {
      return false;
    }
    SegmentScanner scanner = current.scanner();
    int behind = scanner.findValid(nextPosition + FrameFormat.ALIGNMENT, nextOffset);
    if (behind == SegmentScanner.NOT_FOUND || scanner.baseOffset() > wanted) {
      return false;
    }
    if (scanner.kind() != KIND_END) {
      // frames behind the END of a log that was cut are no part of it
      Segment segment = current.segment();
      if (scanner.baseOffset() - segment.baseOffset() >= RecordCount.in(partition, segment)) {
        return false;
      }
    }
    nextOffset = scanner.baseOffset();
    nextPosition = behind;
    return true;
  }

  /** Throws if an offset lies below the log start. */
  void checkNotDeleted(long wanted) throws IOException {
    long start = partition.logStartOffset();
    if (wanted < start) {
      throw new OffsetOutOfRangeException(
          partition.place().name()
              + ": offset "
              + wanted
              + " was deleted, the log starts at "
              + start,
          start,
          partition.logEndOffset());
    }
  }

  /** The frame that was moved to is not what it should be, although its checksum is right. */
  CorruptLogException malformed(RuntimeException cause) {
    return corrupt(position, offset, "cannot be decoded: " + cause.getMessage(), cause);
  }

  private CorruptLogException corrupt(
      int at, long expectedOffset, String problem, @Nullable Throwable cause) {
    String message =
        partition.place().name()
            + ": the frame at position "
            + at
            + " of "
            + openReader().segment().path()
            + " (offset "
            + expectedOffset
            + ") "
            + problem
            + ": "
            + CorruptLogException.WAY_OUT;
    return cause == null
        ? new CorruptLogException(message)
        : new CorruptLogException(message, cause);
  }

  private SegmentReader openReader() {
    SegmentReader present = reader;
    if (present == null) {
      throw new IllegalStateException("there is no segment yet");
    }
    return present;
  }

  /** Closes the file until it is needed again. */
  void rest() {
    if (reader != null) {
      reader.close();
    }
  }

  /** Forgets the segment; the next one is searched for anew. */
  void close() {
    SegmentReader present = reader;
    reader = null;
    if (present != null) {
      present.close();
    }
  }
}
