package io.sawlog.tools;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Holds a producer back to a number of records a second, counted from the start, so that a short
 * stall is made up for.
 */
final class Pace {
  private static final long LONGEST_PARK_NS = TimeUnit.MILLISECONDS.toNanos(50);

  private final double nanosPerRecord;
  private final long started = System.nanoTime();
  private long records;

  /**
   * Starts now.
   *
   * @param recordsPerSecond 0 for no limit
   */
  Pace(double recordsPerSecond) {
    nanosPerRecord = recordsPerSecond > 0 ? 1e9 / recordsPerSecond : 0;
  }

  /** Whether records would have to wait now. */
  boolean mustWait() {
    return nanosPerRecord > 0 && dueIn() > 0;
  }

  /** Waits until records are due, or until it is cancelled. */
  void await(int count, BooleanSupplier cancelled) {
    while (mustWait() && !cancelled.getAsBoolean()) {
      LockSupport.parkNanos(Math.min(dueIn(), LONGEST_PARK_NS));
    }
    records += count;
  }

  private long dueIn() {
    return (long) (records * nanosPerRecord) - (System.nanoTime() - started);
  }
}
