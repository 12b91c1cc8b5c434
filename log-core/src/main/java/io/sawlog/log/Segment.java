package io.sawlog.log;

import io.sawlog.index.SparseIndex;
import io.sawlog.log.segment.ActiveSegment;
import io.sawlog.log.segment.SegmentHeader;
import java.lang.ref.SoftReference;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A segment as its partition knows it: a file with a header, and, in the process that writes it and
 * as long as it is mapped, the active part. Thread-safe.
 */
final class Segment {
  static final long UNKNOWN_TIME = Long.MAX_VALUE;
  static final long UNKNOWN_SIZE = -1;

  private final Path path;
  private final SegmentHeader header;
  private volatile @Nullable ActiveSegment active;
  private volatile SoftReference<SparseIndex> index = new SoftReference<>(null);
  private volatile long firstTime = UNKNOWN_TIME;
  private volatile long lastTime = UNKNOWN_TIME;
  private volatile long heldBytes = UNKNOWN_SIZE;

  Segment(Path path, SegmentHeader header) {
    this.path = path;
    this.header = header;
  }

  Path path() {
    return path;
  }

  SegmentHeader header() {
    return header;
  }

  long baseOffset() {
    return header.baseOffset();
  }

  @Nullable ActiveSegment active() {
    return active;
  }

  void activate(ActiveSegment mapped) {
    active = mapped;
  }

  /**
   * Ends the mapping, once those who pin it are done. From now on the segment is read by position.
   */
  void release() {
    ActiveSegment mapped = active;
    active = null;
    if (mapped != null) {
      mapped.release();
    }
  }

  /** A private copy of the index of a segment that is not mapped, if it was used lately. */
  @Nullable SparseIndex cachedIndex() {
    return index.get();
  }

  void cacheIndex(SparseIndex copy) {
    index = new SoftReference<>(copy);
  }

  /** The append time of the first frame, {@link #UNKNOWN_TIME} if nobody has looked yet. */
  long firstTime() {
    return firstTime;
  }

  void firstTime(long time) {
    firstTime = time;
  }

  /** The append time of the last record, {@link #UNKNOWN_TIME} unless this life saw the end. */
  long lastTime() {
    return lastTime;
  }

  void lastTime(long time) {
    lastTime = time;
  }

  /** How much the file of a sealed segment holds, {@link #UNKNOWN_SIZE} if nobody has measured. */
  long heldBytes() {
    return heldBytes;
  }

  void heldBytes(long bytes) {
    heldBytes = bytes;
  }
}
