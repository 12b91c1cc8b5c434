package io.sawlog.log.segment;

import io.sawlog.log.file.MappedRegion;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers the one question on which the life of the process hangs: when may a mapping be unmapped?
 *
 * <p>Whoever touches the mapping pins it first, and unpins it soon after; a mapping that was
 * released can't be pinned any more, and is unmapped by whoever leaves it last. So a pin costs two
 * atomic operations, and no thread ever waits for another one.
 *
 * <p>Thread-safe.
 */
public final class PinnedRegion {
  /** The state is the number of pins, with this bit added from {@link #release} on. */
  private static final int RELEASED = 1 << 30;

  private final MappedRegion region;
  private final AtomicInteger state = new AtomicInteger();

  /**
   * Takes over a mapping.
   *
   * @param region the mapping, which from now on only this object unmaps
   */
  public PinnedRegion(MappedRegion region) {
    this.region = region;
  }

  /**
   * Keeps the mapping alive until {@link #unpin}.
   *
   * @return whether it was pinned; false if it was released
   */
  public boolean tryPin() {
    int now = state.get();
    while ((now & RELEASED) == 0) {
      if (state.compareAndSet(now, now + 1)) {
        return true;
      }
      now = state.get();
    }
    return false;
  }

  /** Gives one pin back. */
  public void unpin() {
    if (state.decrementAndGet() == RELEASED) {
      region.unmap();
    }
  }

  /** Ends the mapping as soon as nobody pins it. Calling it again does nothing. */
  public void release() {
    int now = state.get();
    while ((now & RELEASED) == 0) {
      if (state.compareAndSet(now, now | RELEASED)) {
        if (now == 0) {
          region.unmap();
        }
        return;
      }
      now = state.get();
    }
  }

  /**
   * The mapping.
   *
   * @return the region, to be touched only between {@link #tryPin} and {@link #unpin}
   */
  public MappedRegion region() {
    return region;
  }
}
