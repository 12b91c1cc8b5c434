package io.sawlog.log;

import io.sawlog.log.segment.FrameFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many records came before a segment whose header is lost. Only its neighbours can tell; where
 * none does, any count would be a guess.
 */
final class LostCounts {
  private LostCounts() {}

  /** Completes the headers that were found again, in place, as far as that is possible. */
  static void restore(List<SegmentRemains> segments, @Nullable PartitionState state) {
    SegmentRemains before = null;
    for (int i = 0; i < segments.size(); i++) {
      SegmentRemains segment = segments.get(i);
      if (isIncomplete(segment)) {
        segment = byWhatPrecedes(segment, before);
        segments.set(i, segment);
      }
      before = isKnown(segment) ? segment : before;
    }
    SegmentRemains after = null;
    for (int i = segments.size() - 1; i >= 0; i--) {
      SegmentRemains segment = segments.get(i);
      if (isIncomplete(segment)) {
        segment = byWhatFollows(segment, after, state);
        segments.set(i, segment);
      }
      after = isKnown(segment) ? segment : after;
    }
  }

  private static SegmentRemains byWhatPrecedes(
      SegmentRemains segment, @Nullable SegmentRemains before) {
    if (segment.baseOffset() < FrameFormat.OFFSET_GAP) {
      // the log had no gap yet
      return segment.withRecordsBefore(segment.baseOffset());
    }
    long between = before == null ? LostHeader.UNKNOWN_COUNT : recordsBetween(before, segment);
    return before == null || between == LostHeader.UNKNOWN_COUNT
        ? segment
        : segment.withRecordsBefore(before.usableHeader().recordsBefore() + between);
  }

  private static SegmentRemains byWhatFollows(
      SegmentRemains segment, @Nullable SegmentRemains after, @Nullable PartitionState state) {
    long between = after == null ? LostHeader.UNKNOWN_COUNT : recordsBetween(segment, after);
    if (after != null && between != LostHeader.UNKNOWN_COUNT) {
      return segment.withRecordsBefore(after.usableHeader().recordsBefore() - between);
    }
    LogTail tail = state == null ? LogTail.EMPTY : state.tail();
    if (tail.segmentBase() == segment.baseOffset() && !tail.sealed()) {
      long inside = tail.nextOffset() - segment.baseOffset();
      return segment.withRecordsBefore(tail.recordCount() - inside);
    }
    return tail.nextOffset() == segment.baseOffset()
        ? segment.withRecordsBefore(tail.recordCount())
        : segment;
  }

  /**
   * From the first record of one segment to that of another. END names the one behind a gap; where
   * END is lost, offsets that are too close to each other for a gap are without one.
   */
  private static long recordsBetween(SegmentRemains one, SegmentRemains other) {
    if (one.nextBase() == other.baseOffset()) {
      return one.endOffset() - one.baseOffset();
    }
    return other.baseOffset() - one.endOffset() < FrameFormat.OFFSET_GAP
        ? other.baseOffset() - one.baseOffset()
        : LostHeader.UNKNOWN_COUNT;
  }

  static boolean isIncomplete(SegmentRemains segment) {
    return segment.isUsable() && !isKnown(segment);
  }

  private static boolean isKnown(SegmentRemains segment) {
    return segment.isUsable() && segment.usableHeader().recordsBefore() != LostHeader.UNKNOWN_COUNT;
  }
}
