package io.sawlog.log;

import java.time.Instant;

/** A place in a partition to start reading from. */
public sealed interface Position {

  /**
   * The first record that still exists.
   *
   * @return the position
   */
  static Position earliest() {
    return new Earliest();
  }

  /**
   * Behind the last record that exists now.
   *
   * @return the position
   */
  static Position latest() {
    return new Latest();
  }

  /**
   * A record's offset. An offset in a gap stands for the next record.
   *
   * @param offset from the log start offset to the log end offset
   * @return the position
   * @throws IllegalArgumentException if it is negative
   */
  static Position atOffset(long offset) {
    return new AtOffset(offset);
  }

  /**
   * The first record whose append time is not before a time.
   *
   * @param time a time; append times have millisecond precision
   * @return the position
   */
  static Position atTime(Instant time) {
    try {
      return new AtTime(time.toEpochMilli());
    } catch (ArithmeticException e) {
      // some 292 million years away, where no append time is
      return new AtTime(time.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE);
    }
  }

  /** The first record that still exists. */
  record Earliest() implements Position {}

  /** Behind the last record. */
  record Latest() implements Position {}

  /**
   * A record's offset.
   *
   * @param offset not negative
   */
  record AtOffset(long offset) implements Position {
    /** Checks the offset. */
    public AtOffset {
      if (offset < 0) {
        throw new IllegalArgumentException("an offset is not negative: " + offset);
      }
    }
  }

  /**
   * An append time.
   *
   * @param epochMs milliseconds since 1970-01-01T00:00Z
   */
  record AtTime(long epochMs) implements Position {}
}
