package io.sawlog.tools;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The times at which an open loop means to start its operations, at a fixed rate whatever becomes
 * of the operations before. Without a rate, each starts when the one before has ended. For one
 * thread.
 */
final class StartTimes {
  private static final long LONGEST_PARK_NS = TimeUnit.MILLISECONDS.toNanos(50);

  /** A parked thread wakes up this much too late; less is waited for awake. */
  private static final long PARK_MARGIN_NS = TimeUnit.MICROSECONDS.toNanos(100);

  private final double periodNs;
  private final long begin = System.nanoTime();
  private long index;

  /**
   * Begins now.
   *
   * @param perSecond the rate; not positive for none
   */
  StartTimes(double perSecond) {
    periodNs = perSecond > 0 ? 1e9 / perSecond : 0;
  }

  /**
   * Waits for the next one, which may have passed, or until it is cancelled.
   *
   * @return when it was meant to be, on the clock of {@link System#nanoTime}
   */
  long await(BooleanSupplier cancelled) {
    if (periodNs == 0) {
      return System.nanoTime();
    }
    long due = begin + (long) (index++ * periodNs);
    long left = due - System.nanoTime();
    while (left > 0 && !cancelled.getAsBoolean()) {
      if (left > PARK_MARGIN_NS) {
        LockSupport.parkNanos(Math.min(left - PARK_MARGIN_NS, LONGEST_PARK_NS));
      } else {
        Thread.onSpinWait();
      }
      left = due - System.nanoTime();
    }
    return due;
  }
}
