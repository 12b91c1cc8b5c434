package io.sawlog.tools;

import io.sawlog.log.PartitionInspection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a partition in which everything must be as it was written: what was flushed, or all
 * of it if the partition was closed.
 *
 * @param start where the log begins; what lies before it is only waiting to be deleted
 * @param end where it ends
 * @param isClosed whether the partition was closed cleanly
 */
record DurablePart(long start, Place end, boolean isClosed) {

  /**
   * A place in a partition.
   *
   * @param segmentBase the base offset of the segment, negative if there is none
   * @param position in bytes
   */
  record Place(long segmentBase, long position) {
    private static final Place EVERYWHERE = new Place(Long.MAX_VALUE, 0);

    boolean isBefore(Place other) {
      return segmentBase < other.segmentBase
          || (segmentBase == other.segmentBase && position < other.position);
    }
  }

  /**
   * Takes the highest place that the partition or any of its frames vouches for.
   *
   * @param meta what the partition knows; null if nobody can tell, so that nothing is excused
   */
  static DurablePart of(@Nullable PartitionInspection meta, List<SegmentVerification> segments) {
    if (meta == null) {
      return new DurablePart(0, Place.EVERYWHERE, false);
    }
    Place end = endOf(meta);
    for (SegmentVerification segment : segments) {
      Place vouched = new Place(segment.baseOffset(), segment.durablePosition());
      if (segment.durablePosition() > 0 && end.isBefore(vouched)) {
        end = vouched;
      }
    }
    return new DurablePart(meta.logStartOffset(), end, isClosed(meta));
  }

  private static boolean isClosed(PartitionInspection meta) {
    return meta.state() == PartitionInspection.State.CLEAN;
  }

  /** What the meta file vouches for. */
  static Place endOf(PartitionInspection meta) {
    return isClosed(meta)
        ? new Place(meta.tailSegmentBase(), meta.tailPosition())
        : new Place(meta.recoveryPointSegmentBase(), meta.recoveryPointPosition());
  }

  /** The offset at {@link #endOf}. */
  static long offsetOf(PartitionInspection meta) {
    return isClosed(meta) ? meta.tailOffset() : meta.recoveryPointOffset();
  }

  /** Whether a place belongs to it. */
  boolean contains(long segmentBase, long position) {
    return new Place(segmentBase, position).isBefore(end);
  }
}
