package io.sawlog.groups;

import java.time.Duration;

/**
 * How far a consumer is behind.
 *
 * @param records how many records lie before it
 * @param age how old the next of them is; zero if there is none
 */
public record Lag(long records, Duration age) {
  static final Lag NONE = new Lag(0, Duration.ZERO);

  /** The lag in two partitions: the sum of the records, the greater age. */
  Lag plus(Lag other) {
    return new Lag(records + other.records, age.compareTo(other.age) >= 0 ? age : other.age);
  }
}
