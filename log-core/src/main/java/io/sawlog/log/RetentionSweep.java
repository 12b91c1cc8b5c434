package io.sawlog.log;

import io.sawlog.log.segment.ActiveSegment;
import io.sawlog.log.segment.FrameCheck;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Decides what retention lets go, by the log alone: append times are read from frames, never from
 * an index.
 */
final class RetentionSweep {
  private static final System.Logger LOGGER = System.getLogger("io.sawlog");
  private static final int BUFFER_BYTES = 4096;

  private final PartitionPlace place;
  private final PartitionWriter writer;
  private final Segments segments;
  private final LogStart logStart;
  private final @Nullable RetentionFloors floors;

  RetentionSweep(
      PartitionPlace place,
      PartitionWriter writer,
      Segments segments,
      LogStart logStart,
      @Nullable RetentionFloors floors) {
    this.place = place;
    this.writer = writer;
    this.segments = segments;
    this.logStart = logStart;
    this.floors = floors;
  }

  /**
   * Deletes what may go now.
   *
   * @param now epoch ms, on the scale of append times
   */
  void run(long now) throws IOException {
    Retention retention = writer.config().retention();
    if (retention.equals(Retention.forever())) {
      logStart.removeSegmentsBelow();
      return;
    }
    try {
      rollOutlived(now, retention);
    } finally {
      // also on a full disk: deleting is what makes room
      logStart.moveTo(newStart(now, retention));
    }
  }

  private void rollOutlived(long now, Retention retention) throws IOException {
    ActiveSegment active = writer.active();
    long end = writer.logEndOffset();
    if (logStart.offset() < end
        && writer.commit().durableOffset() == end
        && isOlder(writer.frontier().lastTime(), now, retention.maxAgeMs())) {
      try {
        writer.rollEarly(active);
      } catch (LogFullException e) {
        // at the cap: it is rolled when a group has gone on
      }
    }
  }

  private long newStart(long now, Retention retention) throws IOException {
    long start = logStart.offset();
    PartitionSize measured = new PartitionSize(place.storage(), segments);
    long size = measured.bytes();
    OptionalLong floor = floor(retention);
    for (Segment segment : segments.all()) {
      Segment next = segments.after(segment);
      if (next == null || next.baseOffset() > writer.commit().durableOffset()) {
        return start;
      }
      long lastTime = lastTime(segment, next);
      boolean expired = size > retention.maxBytes() || isOlder(lastTime, now, retention.maxAgeMs());
      boolean mayGo = expired;
      if (retention.unconsumed() instanceof Retention.Unconsumed.KeptUpTo cap) {
        boolean consumed = floor.isPresent() && next.baseOffset() <= floor.getAsLong();
        boolean overCap = size > cap.capBytes() || isOlder(lastTime, now, cap.capAgeMs());
        mayGo = overCap || (expired && consumed);
      } else if (retention.unconsumed() instanceof Retention.Unconsumed.KeptWhole cap) {
        boolean consumed = floor.isPresent() && next.baseOffset() <= floor.getAsLong();
        boolean atCap = size > cap.capBytes() - UnconsumedCap.segmentBytes(writer.config());
        mayGo = consumed && (expired || atCap);
      }
      if (!mayGo) {
        return start;
      }
      start = Math.max(start, next.baseOffset());
      size -= measured.bytesOf(segment);
    }
    return start;
  }

  private static boolean isOlder(long time, long now, long ageMs) {
    return time != Segment.UNKNOWN_TIME && now - time > ageMs;
  }

  private OptionalLong floor(Retention retention) {
    if (floors == null || retention.unconsumed() instanceof Retention.Unconsumed.MayGo) {
      return OptionalLong.empty();
    }
    try {
      return floors.floor(place.topic(), place.topicId(), place.number());
    } catch (RuntimeException e) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          place.name() + ": retention floors cannot be had, only what is over the cap goes",
          e);
      return OptionalLong.empty();
    }
  }

  /** The append time of the last record, or that of the next one, if any, which is not earlier. */
  private long lastTime(Segment segment, Segment next) throws IOException {
    if (segment.lastTime() != Segment.UNKNOWN_TIME) {
      return segment.lastTime();
    }
    long end = writer.logEndOffset();
    boolean endsHere = next.baseOffset() == end && writer.commit().durableOffset() == end;
    return endsHere ? writer.frontier().lastTime() : firstTime(next);
  }

  private long firstTime(Segment segment) throws IOException {
    return firstTime(
        segment,
        new SegmentReader(
            place.storage(), writer.config().indexIntervalBytes(), BUFFER_BYTES, segment));
  }

  /** The append time of a segment's first frame, {@link Segment#UNKNOWN_TIME} if it has none. */
  static long firstTime(Segment segment, SegmentReader reader) throws IOException {
    if (segment.firstTime() == Segment.UNKNOWN_TIME) {
      reader.open(segment);
      try {
        if (reader.check(SegmentHeader.LENGTH, segment.baseOffset()) == FrameCheck.VALID) {
          int frame = reader.buffer().indexOf(SegmentHeader.LENGTH);
          if (FrameFormat.kind(reader.buffer().buffer(), frame) != FrameFormat.KIND_END) {
            segment.firstTime(FrameFormat.appendTime(reader.buffer().buffer(), frame));
          }
        }
      } finally {
        reader.close();
      }
    }
    return segment.firstTime();
  }
}
