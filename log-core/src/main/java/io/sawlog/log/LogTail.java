package io.sawlog.log;

/**
 * Where a partition ends: what the next append needs to know.
 *
 * @param segmentBase the base offset of the last segment, {@link #NO_SEGMENT} if there is none
 * @param position where the next frame goes in that segment, in bytes; 0 if there is no segment
 * @param nextOffset the offset of the next record
 * @param lastTime the append time of the last frame, epoch ms
 * @param recordCount how many records were appended to the partition, deleted ones included
 * @param sealed whether the last segment has its END, so that the next record begins a new one
 */
record LogTail(
    long segmentBase,
    int position,
    long nextOffset,
    long lastTime,
    long recordCount,
    boolean sealed) {
  static final long NO_SEGMENT = -1;

  /** The tail of a partition that never had a record. */
  static final LogTail EMPTY = new LogTail(NO_SEGMENT, 0, 0, 0, 0, true);

  boolean hasSegment() {
    return segmentBase != NO_SEGMENT;
  }
}
