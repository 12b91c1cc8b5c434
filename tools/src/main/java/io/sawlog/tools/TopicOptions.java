package io.sawlog.tools;

import io.sawlog.log.FlushPolicy;
import io.sawlog.log.Retention;
import io.sawlog.log.TopicConfig;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * The options of {@code topic create} and {@code topic alter}; what is not given stays as it is.
 */
final class TopicOptions {
  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "How many partitions; may grow later, never shrink.")
  private @Nullable Integer partitions;

  @Option(
      names = "--segment-bytes",
      paramLabel = "SIZE",
      converter = ByteSize.Converter.class,
      description = "The size that segment files grow to, 64KiB to 1GiB.")
  private @Nullable ByteSize segmentBytes;

  @Option(
      names = "--index-interval-bytes",
      paramLabel = "SIZE",
      converter = ByteSize.Converter.class,
      description = "Bytes of log for each index entry, a power of two.")
  private @Nullable ByteSize indexIntervalBytes;

  @Option(
      names = "--max-frame-bytes",
      paramLabel = "SIZE",
      converter = ByteSize.Converter.class,
      description = "The largest record or batch.")
  private @Nullable ByteSize maxFrameBytes;

  @Option(
      names = "--flush",
      paramLabel = "D|SIZE|on-request",
      converter = FlushConverter.class,
      description =
          "When records that nobody waits for go to the device: every 1s, every 1MiB, or"
              + " on-request.")
  private @Nullable FlushPolicy flush;

  @Option(
      names = "--retention-time",
      paramLabel = "D|forever",
      converter = AgeConverter.class,
      description = "Segments older than this are deleted: 12h, 7d.")
  private @Nullable Long retentionMs;

  @Option(
      names = "--retention-bytes",
      paramLabel = "SIZE|unlimited",
      converter = LimitConverter.class,
      description = "The oldest segments of a larger partition are deleted.")
  private @Nullable Long retentionBytes;

  @Option(
      names = "--keep-unconsumed",
      paramLabel = "SIZE[,D]|none",
      converter = CapConverter.class,
      description =
          "What a group has not consumed is kept, until the partition has this size or the records"
              + " this age; none lets it go like all else.")
  private Retention.@Nullable Unconsumed keepUnconsumed;

  @Option(
      names = "--keep-all-unconsumed",
      paramLabel = "SIZE",
      converter = ByteSize.Converter.class,
      description =
          "What a group has not consumed is kept, and a partition of this size takes no more.")
  private @Nullable ByteSize keepAllUnconsumed;

  /** Changes what was given. */
  TopicConfig applyTo(TopicConfig before) {
    try {
      return apply(before);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private TopicConfig apply(TopicConfig before) {
    TopicConfig config = before;
    if (partitions != null) {
      config = config.partitions(partitions);
    }
    if (segmentBytes != null) {
      config = config.segmentBytes(toInt(segmentBytes));
    }
    if (indexIntervalBytes != null) {
      config = config.indexIntervalBytes(toInt(indexIntervalBytes));
    }
    if (maxFrameBytes != null) {
      config = config.maxFrameBytes(toInt(maxFrameBytes));
    }
    if (flush != null) {
      config = config.flushPolicy(flush);
    }
    Retention retention = config.retention();
    return config.retention(
        new Retention(
            retentionMs == null ? retention.maxAgeMs() : retentionMs,
            retentionBytes == null ? retention.maxBytes() : retentionBytes,
            unconsumed(retention.unconsumed())));
  }

  private Retention.Unconsumed unconsumed(Retention.Unconsumed before) {
    if (keepUnconsumed != null && keepAllUnconsumed != null) {
      throw new UsageException("--keep-unconsumed and --keep-all-unconsumed: give one of them");
    }
    if (keepAllUnconsumed != null) {
      return new Retention.Unconsumed.KeptWhole(keepAllUnconsumed.bytes());
    }
    return keepUnconsumed == null ? before : keepUnconsumed;
  }

  private static int toInt(ByteSize size) {
    return (int) Math.min(size.bytes(), Integer.MAX_VALUE);
  }

  /** Reads a flush policy. */
  static final class FlushConverter implements ITypeConverter<FlushPolicy> {
    @Override
    public FlushPolicy convert(String text) {
      if (text.equals("on-request")) {
        return FlushPolicy.onRequest();
      }
      Duration interval = Durations.parse(text);
      try {
        if (interval != null) {
          return FlushPolicy.every(interval);
        }
        return FlushPolicy.everyBytes(new ByteSize.Converter().convert(text).bytes());
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      } catch (TypeConversionException e) {
        throw new TypeConversionException(
            "'"
                + text
                + "' is neither a duration such as 1s, nor a size such as 1MiB, nor on-request");
      }
    }
  }

  /** Reads the size, and perhaps the age, at which records go that no group has consumed. */
  static final class CapConverter implements ITypeConverter<Retention.Unconsumed> {
    @Override
    public Retention.Unconsumed convert(String text) {
      if (text.equals("none")) {
        return new Retention.Unconsumed.MayGo();
      }
      int comma = text.indexOf(',');
      String size = comma < 0 ? text : text.substring(0, comma);
      return new Retention.Unconsumed.KeptUpTo(
          new LimitConverter().convert(size),
          comma < 0 ? Retention.UNLIMITED : new AgeConverter().convert(text.substring(comma + 1)));
    }
  }

  /** Reads the age at which records may go. */
  static final class AgeConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return text.toLowerCase(Locale.ROOT).equals("forever")
          ? Retention.UNLIMITED
          : Math.max(1, new Durations().convert(text).toMillis());
    }
  }

  /** Reads the size at which records may go. */
  static final class LimitConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return text.toLowerCase(Locale.ROOT).equals("unlimited")
          ? Retention.UNLIMITED
          : Math.max(1, new ByteSize.Converter().convert(text).bytes());
    }
  }
}
