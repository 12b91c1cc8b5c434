package io.sawlog.log;

import java.time.Duration;
import java.util.Objects;

/**
 * What a partition may forget. Whole segments go, the oldest first, by append time. The default
 * keeps everything.
 *
 * @param maxAgeMs records older than this may go; {@link #UNLIMITED} for never
 * @param maxBytes the oldest segments go while the partition is larger; {@link #UNLIMITED} for
 *     never
 * @param unconsumed what happens to records that the consumer groups have not consumed yet
 */
public record Retention(long maxAgeMs, long maxBytes, Unconsumed unconsumed) {
  /** No limit. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  private static final Retention FOREVER =
      new Retention(UNLIMITED, UNLIMITED, new Unconsumed.MayGo());

  /** Checks the ranges. */
  public Retention {
    if (maxAgeMs < 1 || maxBytes < 1) {
      throw new IllegalArgumentException(
          "retention is at least 1 ms and 1 byte, not " + maxAgeMs + " ms, " + maxBytes + " bytes");
    }
    Objects.requireNonNull(unconsumed, "unconsumed");
  }

  /**
   * Keeps everything.
   *
   * @return the retention
   */
  public static Retention forever() {
    return FOREVER;
  }

  /**
   * Limits the age.
   *
   * @param age how long to keep records, at least 1 ms
   * @return a changed copy
   */
  public Retention maxAge(Duration age) {
    return new Retention(millis(age), maxBytes, unconsumed);
  }

  /**
   * Limits the size of each partition.
   *
   * @param bytes at least 1
   * @return a changed copy
   */
  public Retention maxBytes(long bytes) {
    return new Retention(maxAgeMs, bytes, unconsumed);
  }

  /**
   * Keeps what the consumer groups have not consumed, up to a hard cap. The floors come from {@link
   * SawlogConfig#retentionFloors}; where they cannot be had, nothing goes below the cap.
   *
   * @param capBytes the size of a partition at which the oldest segments go all the same
   * @param capAge the age at which records go all the same
   * @return a changed copy
   */
  public Retention keepUnconsumed(long capBytes, Duration capAge) {
    return new Retention(maxAgeMs, maxBytes, new Unconsumed.KeptUpTo(capBytes, millis(capAge)));
  }

  /**
   * Keeps what the consumer groups have not consumed, however old it is: where that would take a
   * partition above a hard cap, appends are refused with {@link LogFullException} until a group has
   * gone on or was deleted. At the cap everything that is consumed may go. The floors come from
   * {@link SawlogConfig#retentionFloors}; where they cannot be had, nothing goes.
   *
   * @param capBytes the size of a partition above which no segment is added, at least 128 KiB;
   *     segments are no larger than half of it, and a partition of one segment always goes on to a
   *     second one, however large a record that needs it is
   * @return a changed copy
   */
  public Retention keepAllUnconsumed(long capBytes) {
    return new Retention(maxAgeMs, maxBytes, new Unconsumed.KeptWhole(capBytes));
  }

  /** Longer than milliseconds can tell is for ever. */
  private static long millis(Duration age) {
    boolean forever = age.compareTo(Duration.ofMillis(UNLIMITED)) >= 0;
    return forever ? UNLIMITED : age.toMillis();
  }

  /** What happens to records that were not consumed. */
  public sealed interface Unconsumed {
    /** They go like all others. */
    record MayGo() implements Unconsumed {}

    /**
     * They are kept up to a cap.
     *
     * @param capBytes the size of a partition at which the oldest go
     * @param capAgeMs the age at which records go
     */
    record KeptUpTo(long capBytes, long capAgeMs) implements Unconsumed {
      /** Checks the ranges. */
      public KeptUpTo {
        if (capAgeMs < 1 || capBytes < 1) {
          throw new IllegalArgumentException(
              "a cap is at least 1 ms and 1 byte, not " + capAgeMs + " ms, " + capBytes + " bytes");
        }
      }
    }

    /**
     * They are all kept, and appends are refused at a cap.
     *
     * @param capBytes the size of a partition above which no segment is added
     */
    record KeptWhole(long capBytes) implements Unconsumed {
      /** Checks the range. */
      public KeptWhole {
        if (capBytes < 2 * TopicConfig.MIN_SEGMENT_BYTES) {
          throw new IllegalArgumentException(
              "a cap at which appends are refused is at least "
                  + 2 * TopicConfig.MIN_SEGMENT_BYTES
                  + " bytes, not "
                  + capBytes);
        }
      }
    }
  }
}
