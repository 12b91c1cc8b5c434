package io.sawlog.groups;

import java.time.Duration;

/** How long a record that has failed waits before it comes again. */
public sealed interface Backoff {

  /**
   * Always the same time.
   *
   * @param delay from 0 to 365 days
   * @return the backoff
   */
  static Backoff fixed(Duration delay) {
    return new Fixed(delay);
  }

  /**
   * Twice as long after each failure, up to a limit; of which a random half is jitter, so that
   * records that failed together do not come back together.
   *
   * @param first after the first failure, at least 1 ms
   * @param most the limit, at most 365 days
   * @return the backoff
   */
  static Backoff exponential(Duration first, Duration most) {
    return new Exponential(first, most);
  }

  /**
   * The time to wait.
   *
   * @param failures how often the record has failed, from 1
   * @param seed chooses the jitter
   * @return nanoseconds
   */
  long delayNs(int failures, long seed);

  /**
   * Always the same.
   *
   * @param delay how long
   */
  record Fixed(Duration delay) implements Backoff {
    /** Checks the range. */
    public Fixed {
      if (delay.isNegative() || delay.compareTo(Duration.ofDays(365)) > 0) {
        throw new IllegalArgumentException("a backoff is 0 to 365 days, not " + delay);
      }
    }

    @Override
    public long delayNs(int failures, long seed) {
      return delay.toNanos();
    }
  }

  /**
   * Longer each time.
   *
   * @param first after the first failure
   * @param most the limit
   */
  record Exponential(Duration first, Duration most) implements Backoff {
    private static final int MOST_DOUBLINGS = 40;

    /** Checks the range. */
    public Exponential {
      if (first.compareTo(Duration.ofMillis(1)) < 0
          || most.compareTo(first) < 0
          || most.compareTo(Duration.ofDays(365)) > 0) {
        throw new IllegalArgumentException(
            "a backoff grows from 1 ms or more to 365 days or less, not from "
                + first
                + " to "
                + most);
      }
    }

    @Override
    public long delayNs(int failures, long seed) {
      int doublings = Math.max(0, Math.min(failures - 1, MOST_DOUBLINGS));
      double grown = Math.scalb((double) first.toNanos(), doublings);
      long full = (long) Math.min(grown, (double) most.toNanos());
      long mixed = (seed ^ failures) * 0x9E3779B97F4A7C15L;
      mixed ^= mixed >>> 32;
      return full / 2 + Long.remainderUnsigned(mixed, full / 2 + 1);
    }
  }
}
