package io.sawlog.groups;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Where a reset puts a group. What the log does not hold any more, or not yet, is cut to it. */
public sealed interface Reset {

  /**
   * The first record that still exists.
   *
   * @return the reset
   */
  static Reset toEarliest() {
    return new ToEarliest();
  }

  /**
   * Behind the last record.
   *
   * @return the reset
   */
  static Reset toLatest() {
    return new ToLatest();
  }

  /**
   * Where the group is; of a shared group, what is finished out of order is forgotten.
   *
   * @return the reset
   */
  static Reset toCurrent() {
    return new ShiftBy(0);
  }

  /**
   * The same offset in each partition.
   *
   * @param offset not negative
   * @return the reset
   */
  static Reset toOffset(long offset) {
    return new ToOffset(offset);
  }

  /**
   * The first record whose append time is not before a time.
   *
   * @param time the time
   * @return the reset
   */
  static Reset toTime(Instant time) {
    return new ToTime(time);
  }

  /**
   * The first record that is not older than a duration, at the time of the plan.
   *
   * @param age not negative
   * @return the reset
   */
  static Reset byDuration(Duration age) {
    return new ByDuration(age);
  }

  /**
   * So many records from where the group is. Counts records: gaps count nothing.
   *
   * @param records forwards; negative for backwards
   * @return the reset
   */
  static Reset shiftBy(long records) {
    return new ShiftBy(records);
  }

  /**
   * An offset for each partition, as an earlier plan has given them.
   *
   * @param offsets the next offset to read, by partition
   * @return the reset
   */
  static Reset toOffsets(Map<TopicPartition, Long> offsets) {
    return new ToOffsets(offsets);
  }

  /** The first record that still exists. */
  record ToEarliest() implements Reset {}

  /** Behind the last record. */
  record ToLatest() implements Reset {}

  /**
   * An offset.
   *
   * @param offset not negative
   */
  record ToOffset(long offset) implements Reset {
    /** Checks the offset. */
    public ToOffset {
      checkOffset(offset);
    }
  }

  /**
   * An append time.
   *
   * @param time the time
   */
  record ToTime(Instant time) implements Reset {}

  /**
   * An age.
   *
   * @param age not negative
   */
  record ByDuration(Duration age) implements Reset {
    /** Checks the age. */
    public ByDuration {
      if (age.isNegative()) {
        throw new IllegalArgumentException("a duration to go back by is not negative: " + age);
      }
    }
  }

  /**
   * Some records further.
   *
   * @param records forwards; negative for backwards
   */
  record ShiftBy(long records) implements Reset {}

  /**
   * Offsets by partition.
   *
   * @param offsets the next offset to read
   */
  record ToOffsets(Map<TopicPartition, Long> offsets) implements Reset {
    /** Checks and copies the offsets. */
    public ToOffsets {
      offsets = Map.copyOf(offsets);
      offsets.values().forEach(Reset::checkOffset);
    }
  }

  private static void checkOffset(long offset) {
    if (offset < 0) {
      throw new IllegalArgumentException("an offset is not negative: " + offset);
    }
  }
}
