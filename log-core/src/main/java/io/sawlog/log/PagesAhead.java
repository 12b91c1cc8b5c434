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
 * <p>For one thread at a time.
 */
final class PagesAhead {
  /** How far ahead of the tail pages are populated, and in what pieces. */
  static final int AHEAD = 4 << 20;

  private static final int LARGE_FLUSH_BYTES = 1 << 20;
  private static final int SMALL_FLUSH_BYTES = 64 << 10;
  private static final int PAGE = 4096;
  private static final long NO_BURST = -1;

  private final PartitionWriter writer;

  private @Nullable ActiveSegment populating;
  private int populatedTo;

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
    if (populatedTo >= capacity || tail + AHEAD / 2 < populatedTo) {
      return false;
    }
    int from = Math.max(populatedTo, tail & -PAGE);
    int to = Math.min(capacity, tail + AHEAD) & -PAGE;
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
    populatedTo = tail + AHEAD >= capacity ? capacity : to;
    return true;
  }

  private boolean isBurstWorthwhile() {
    return burstSince == NO_BURST && writer.frontier().lastFlushBytes() >= LARGE_FLUSH_BYTES;
  }

  private boolean isBurstOver() {
    return burstSince != NO_BURST
        && writer.commit().durableOffset() > burstSince
        && writer.frontier().lastFlushBytes() < SMALL_FLUSH_BYTES;
  }
}
