package io.sawlog.tools;

import io.sawlog.groups.Reset;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a reset goes, in Kafka's words; exactly one of these. */
final class ResetOptions {
  @Option(names = "--to-earliest", description = "The first record that still exists.")
  private boolean earliest;

  @Option(names = "--to-latest", description = "Behind the last record.")
  private boolean latest;

  @Option(names = "--to-current", description = "Where the group is: for --export.")
  private boolean current;

  @Option(names = "--to-offset", paramLabel = "OFFSET", description = "This offset.")
  private @Nullable Long offset;

  @Option(
      names = "--to-datetime",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "The first record that is not older than a time.")
  private Bound.@Nullable AtTime time;

  @Option(
      names = "--by-duration",
      paramLabel = "D",
      converter = Durations.class,
      description = "The first record that is not older than so long: 30s, 15m, 7d, PT1H.")
  private @Nullable Duration duration;

  @Option(
      names = "--shift-by",
      paramLabel = "N",
      description = "N records forwards, or backwards if negative; gaps count nothing.")
  private @Nullable Long shift;

  @Option(
      names = "--from-file",
      paramLabel = "FILE",
      description = "Lines of TOPIC,PARTITION,OFFSET, as --export prints them.")
  private @Nullable Path file;

  Reset reset() {
    if (earliest) {
      return Reset.toEarliest();
    } else if (latest) {
      return Reset.toLatest();
    } else if (current) {
      return Reset.toCurrent();
    } else if (offset != null) {
      return Reset.toOffset(offset);
    } else if (time != null) {
      return Reset.toTime(time.time());
    } else if (duration != null) {
      return Reset.byDuration(duration);
    } else if (shift != null) {
      return Reset.shiftBy(shift);
    } else if (file != null) {
      return Reset.toOffsets(OffsetFile.read(file));
    }
    throw new UsageException(
        "say where to: --to-earliest, --to-latest, --to-current, --to-offset, --to-datetime,"
            + " --by-duration, --shift-by or --from-file");
  }

  boolean namesPartitions() {
    return file != null;
  }
}
