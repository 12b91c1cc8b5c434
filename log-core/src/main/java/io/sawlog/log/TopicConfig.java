package io.sawlog.log;

import java.util.Objects;

/**
 * How a topic is stored. Immutable; each setter gives a changed copy. The defaults are good.
 *
 * @param partitions how many partitions; may grow later, never shrink
 * @param segmentBytes the size that segments grow to, 64 KiB to 1 GiB
 * @param indexIntervalBytes bytes of log for each index entry, a power of two from 64
 * @param maxFrameBytes the largest record or batch, header included
 * @param flushPolicy when the background makes records durable
 * @param retention what may be forgotten
 */
public record TopicConfig(
    int partitions,
    int segmentBytes,
    int indexIntervalBytes,
    int maxFrameBytes,
    FlushPolicy flushPolicy,
    Retention retention) {
  /** The most partitions that a topic can have. */
  public static final int MAX_PARTITIONS = 100_000;

  static final int MIN_SEGMENT_BYTES = 64 << 10;
  private static final int MAX_SEGMENT_BYTES = 1 << 30;
  private static final int MIN_FRAME_BYTES = 64;
  private static final TopicConfig DEFAULTS =
      new TopicConfig(
          1, 256 << 20, 4096, 8 << 20, new FlushPolicy.Interval(1000), Retention.forever());

  /** Checks the ranges. */
  public TopicConfig {
    require(
        partitions >= 1 && partitions <= MAX_PARTITIONS, "partitions", partitions, "1 to 100000");
    require(
        segmentBytes >= MIN_SEGMENT_BYTES
            && segmentBytes <= MAX_SEGMENT_BYTES
            && segmentBytes % 4096 == 0,
        "segmentBytes",
        segmentBytes,
        "a multiple of 4096 from 65536 to 1073741824");
    require(
        indexIntervalBytes >= 64
            && indexIntervalBytes <= MAX_SEGMENT_BYTES
            && Integer.bitCount(indexIntervalBytes) == 1,
        "indexIntervalBytes",
        indexIntervalBytes,
        "a power of two from 64 to 1073741824");
    require(
        maxFrameBytes >= MIN_FRAME_BYTES && maxFrameBytes <= MAX_SEGMENT_BYTES - 4096,
        "maxFrameBytes",
        maxFrameBytes,
        "64 to 1073737728");
    Objects.requireNonNull(flushPolicy, "flushPolicy");
    Objects.requireNonNull(retention, "retention");
  }

  private static void require(boolean holds, String name, int value, String range) {
    if (!holds) {
      throw new IllegalArgumentException(name + " is " + value + ", but must be " + range);
    }
  }

  /**
   * One partition, segments of up to 256 MiB, frames of up to 8 MiB, a flush every second, no limit
   * on what is kept.
   *
   * @return the defaults
   */
  public static TopicConfig defaults() {
    return DEFAULTS;
  }

  /**
   * Changes the number of partitions.
   *
   * @param count 1 to {@link #MAX_PARTITIONS}
   * @return a changed copy
   */
  public TopicConfig partitions(int count) {
    return new TopicConfig(
        count, segmentBytes, indexIntervalBytes, maxFrameBytes, flushPolicy, retention);
  }

  /**
   * Changes the size that segments grow to.
   *
   * @param bytes a multiple of 4096 from 64 KiB to 1 GiB
   * @return a changed copy
   */
  public TopicConfig segmentBytes(int bytes) {
    return new TopicConfig(
        partitions, bytes, indexIntervalBytes, maxFrameBytes, flushPolicy, retention);
  }

  /**
   * Changes the density of the index of new segments.
   *
   * @param bytes a power of two from 64 to 1 GiB
   * @return a changed copy
   */
  public TopicConfig indexIntervalBytes(int bytes) {
    return new TopicConfig(partitions, segmentBytes, bytes, maxFrameBytes, flushPolicy, retention);
  }

  /**
   * Changes the largest record or batch.
   *
   * @param bytes from 64 to 1 GiB less one page
   * @return a changed copy
   */
  public TopicConfig maxFrameBytes(int bytes) {
    return new TopicConfig(
        partitions, segmentBytes, indexIntervalBytes, bytes, flushPolicy, retention);
  }

  /**
   * Changes when the background flushes.
   *
   * @param policy the policy
   * @return a changed copy
   */
  public TopicConfig flushPolicy(FlushPolicy policy) {
    return new TopicConfig(
        partitions, segmentBytes, indexIntervalBytes, maxFrameBytes, policy, retention);
  }

  /**
   * Changes what may be forgotten.
   *
   * @param newRetention the retention
   * @return a changed copy
   */
  public TopicConfig retention(Retention newRetention) {
    return new TopicConfig(
        partitions, segmentBytes, indexIntervalBytes, maxFrameBytes, flushPolicy, newRetention);
  }
}
