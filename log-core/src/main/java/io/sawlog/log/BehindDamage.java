package io.sawlog.log;

import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentScanner;
import java.io.IOException;

/**
 * Finds where reading can go on behind a damaged frame. The length of such a frame means nothing,
 * so what follows is searched for; and whether that is the log again, a tailer decides.
 */
final class BehindDamage {
  /** One frame is read for a start; the scanner brings its own buffer. */
  private static final int BUFFER_BYTES = 4096;

  private final PartitionView partition;

  BehindDamage(PartitionView partition) {
    this.partition = partition;
  }

  /** The first offset at or above this one at which a tailer can go on. */
  long offsetFrom(long offset) throws IOException {
    long candidate = offset;
    while (isDamaged(candidate)) {
      long next = next(candidate);
      if (next <= candidate) {
        return candidate;
      }
      candidate = next;
    }
    return candidate;
  }

  private boolean isDamaged(long offset) {
    try (Tailer tailer =
        Tailer.open(partition, Position.atOffset(offset), TailerConfig.defaults())) {
      tailer.poll(message -> {}, 1);
      return false;
    } catch (CorruptLogException e) {
      return true;
    }
  }

  /** Where the next frame, segment, or whatever is appended next, begins. */
  private long next(long offset) throws IOException {
    Segment segment = partition.segments().floor(offset);
    if (segment == null) {
      segment = partition.segments().first();
    }
    if (segment != null) {
      Segment following = partition.segments().after(segment);
      long behind = nextFrame(segment, offset);
      if (behind > offset) {
        return behind;
      }
      if (following != null) {
        return following.baseOffset();
      }
    }
    return partition.logEndOffset();
  }

  /**
   * No record holds a copy of a frame that came after it, so the first frame with a higher offset
   * is one of the log, if it does not lie behind the END of a log that was cut.
   *
   * @return not above the offset if there is none
   */
  private long nextFrame(Segment segment, long offset) throws IOException {
    long records = RecordCount.in(partition, segment);
    try (SegmentReader reader =
        new SegmentReader(
            partition.place().storage(), partition.indexIntervalBytes(), BUFFER_BYTES, segment)) {
      int from = reader.positionForOffset(offset, records);
      SegmentScanner scanner = reader.scanner();
      int at = scanner.findValid(from, offset + 1);
      while (at != SegmentScanner.NOT_FOUND && scanner.kind() == FrameFormat.KIND_END) {
        at = scanner.findValid(at + FrameFormat.HEADER_LENGTH, offset + 1);
      }
      return at != SegmentScanner.NOT_FOUND && scanner.baseOffset() - segment.baseOffset() < records
          ? scanner.baseOffset()
          : offset;
    }
  }
}
