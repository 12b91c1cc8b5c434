package io.sawlog.log;

import io.sawlog.log.file.MappedRegion;
import io.sawlog.log.segment.ActiveSegment;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The pages of the active segment that are populated before the tail gets there, so that producers
 * do not wait for page faults.
 *
 * <p>Pages are taken one by one at first: the flush of one byte writes all of the piece of memory
 * that holds it. Producers that outrun this get large pieces for the rest of the segment, which
 * cost a fraction for each byte. When a flush is small again, it would have to write a large piece,
 * and so would the next: then the segment is rolled.
 *
 * <p>How far ahead grows with what is appended: a partition that gets a record now and then keeps a
 * few pages in memory, not megabytes.
 *
 * <p>For one thread at a time.
 */
final class PagesAhead {
  /** How far ahead of the tail pages are populated at most, and in what pieces. */
  static final int AHEAD = 4 << 20;

  private static final int AHEAD_AT_FIRST = 32 << 10;
  private static final int LARGE_FLUSH_BYTES = 1 << 20;
  private static final int SMALL_FLUSH_BYTES = 64 << 10;
  private static final int PAGE = 4096;
  private static final long NO_BURST = -1;

  private final PartitionWriter writer;

  private @Nullable ActiveSegment populating;
  private int populatedTo;
  private int ahead = AHEAD_AT_FIRST;

  /** The tail from which on more is needed. */
  private int goOnAt;

  /** The durable offset when the producers outran the pages of this segment. */
  private long burstSince = NO_BURST;

  PagesAhead(PartitionWriter writer) {
    this.writer = writer;
  }

  /**
   * Goes on where the tail has come near.
   *
   * @return whether there was something to do
   */
  boolean work(ActiveSegment active) throws IOException {
    if (populating != active) {
      populating = active;
      populatedTo = 0;
      goOnAt = 0;
      burstSince = NO_BURST;
    }
    if (isBurstOver()) {
      writer.rollEarly(active);
      return true;
    }
    return populate(active);
  }

  private boolean populate(ActiveSegment active) {
    int capacity = active.header().capacity();
    int tail = active.tailPosition();
    if (populatedTo >= capacity || tail < goOnAt) {
      return false;
    }
    int from = Math.max(populatedTo, tail & -PAGE);
    int to = Math.min(capacity, tail + ahead) & -PAGE;
    if (to > from && active.pinned().tryPin()) {
      try {
        MappedRegion region = active.pinned().region();
        if (populatedTo > 0 && tail > populatedTo && isBurstWorthwhile()) {
          burstSince = writer.commit().durableOffset();
          region.allowLargePieces(from);
        }
        region.populate(from, to - from);
      } finally {
        active.pinned().unpin();
      }
    }
    populatedTo = tail + ahead >= capacity ? capacity : to;
    goOnAt = tail + ahead / 2;
    ahead = Math.min(2 * ahead, AHEAD);
    return true;
  }

  private boolean isBurstWorthwhile() {
    return burstSince == NO_BURST
        && ahead == AHEAD
        && writer.frontier().lastFlushBytes() >= LARGE_FLUSH_BYTES;
  }

  private boolean isBurstOver() {
    return burstSince != NO_BURST
        && writer.commit().durableOffset() > burstSince
        && writer.frontier().lastFlushBytes() < SMALL_FLUSH_BYTES;
  }
}
