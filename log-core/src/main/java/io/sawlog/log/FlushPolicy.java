package io.sawlog.log;

import java.time.Duration;

/**
 * When the background makes {@code WRITTEN} records durable. Whatever the policy, {@code
 * appendSynced} and {@code flush} do it at once.
 */
public sealed interface FlushPolicy {

  /**
   * Only when asked to: by {@code flush}, {@code appendSynced} and closing.
   *
   * @return the policy
   */
  static FlushPolicy onRequest() {
    return new OnRequest();
  }

  /**
   * At most this long after the append.
   *
   * @param interval from 1 ms to one day
   * @return the policy
   * @throws IllegalArgumentException if the interval is outside that range
   */
  static FlushPolicy every(Duration interval) {
    boolean tooLong = interval.compareTo(Interval.LONGEST) > 0;
    return new Interval(tooLong ? Long.MAX_VALUE : interval.toMillis());
  }

  /**
   * As soon as so many bytes are not durable.
   *
   * @param bytes at least 1
   * @return the policy
   * @throws IllegalArgumentException if it is less
   */
  static FlushPolicy everyBytes(long bytes) {
    return new Bytes(bytes);
  }

  /** Only when asked to. */
  record OnRequest() implements FlushPolicy {}

  /**
   * After a time.
   *
   * @param intervalMs milliseconds
   */
  record Interval(long intervalMs) implements FlushPolicy {
    private static final Duration LONGEST = Duration.ofDays(1);

    /** Checks the range. */
    public Interval {
      if (intervalMs < 1 || intervalMs > LONGEST.toMillis()) {
        throw new IllegalArgumentException(
            "a flush interval is 1 ms to 1 day, not " + intervalMs + " ms");
      }
    }
  }

  /**
   * After an amount.
   *
   * @param bytes how many
   */
  record Bytes(long bytes) implements FlushPolicy {
    /** Checks the range. */
    public Bytes {
      if (bytes < 1) {
        throw new IllegalArgumentException("flush every 1 byte or more, not " + bytes);
      }
    }
  }
}
