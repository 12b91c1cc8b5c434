package io.sawlog.log;

import io.sawlog.log.segment.ActiveSegment;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a partition below the cap of {@link Retention#keepAllUnconsumed}. A partition of one
 * segment may always go on to the next: otherwise that one could never be deleted.
 */
final class UnconsumedCap {
  private static final int PAGE = 4096;

  private final PartitionPlace place;
  private final Segments segments;

  UnconsumedCap(PartitionPlace place, Segments segments) {
    this.place = place;
    this.segments = segments;
  }

  /** How large a segment may be: two of them always fit. */
  static int segmentBytes(TopicConfig config) {
    return config.retention().unconsumed() instanceof Retention.Unconsumed.KeptWhole cap
        ? (int) Math.min(config.segmentBytes(), cap.capBytes() / 2 & -PAGE)
        : config.segmentBytes();
  }

  /**
   * Refuses one more segment if it does not fit.
   *
   * @param bytes its size
   * @throws LogFullException if it does not
   */
  void check(TopicConfig config, @Nullable ActiveSegment active, int bytes) throws IOException {
    if (config.retention().unconsumed() instanceof Retention.Unconsumed.KeptWhole cap
        && segments.all().size() > 1) {
      long unused = active == null ? 0 : active.header().capacity() - active.tailPosition();
      long wanted = new PartitionSize(place.storage(), segments).bytes() + unused + bytes;
      if (wanted > cap.capBytes()) {
        throw new LogFullException(place.name(), cap, wanted);
      }
    }
  }
}
