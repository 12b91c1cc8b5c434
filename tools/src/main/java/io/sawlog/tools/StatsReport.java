package io.sawlog.tools;

import io.sawlog.groups.GroupDescription;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What is going on in a store, for people and for programs. */
final class StatsReport {
  private final StoreStats now;
  private final @Nullable StoreStats before;
  private final Duration longIdle;

  /**
   * What to print.
   *
   * @param before an earlier look, from which rates are measured
   * @param longIdle a group that nobody has hosted for longer is named
   */
  StatsReport(StoreStats now, @Nullable StoreStats before, Duration longIdle) {
    this.now = now;
    this.before = before;
    this.longIdle = longIdle;
  }

  private boolean isLongUnhosted(GroupDescription group) {
    return now.unhosted(group).compareTo(longIdle) > 0;
  }

  /** How much of something a second there was since the look before. */
  private double perSecond(long amount) {
    long elapsedMs = before == null ? 0 : now.timeMs() - before.timeMs();
    return elapsedMs <= 0 ? 0 : amount * 1000.0 / elapsedMs;
  }

  void printText(Output output) {
    output.line(
        Timestamp.of(now.timeMs())
            + "  "
            + now.writer().map(process -> "written by " + process).orElse("nobody writes it"));
    output.line(
        row(
                "TOPIC",
                "PARTITION",
                "START",
                "DURABLE",
                "END",
                "RECORDS",
                "RATE/S",
                "SIZE",
                "GROWTH/S")
            + String.format(Locale.ROOT, " %8s %-24s %s", "SEGMENTS", "OLDEST", "NEWEST"));
    now.partitions().forEach(partition -> printPartition(output, partition));
    if (!now.groups().isEmpty()) {
      output.line(groupRow("GROUP", "STATUS", "LAG", "AGE", "IN-FLIGHT", "DEAD", "LAST EVENT"));
      now.groups().forEach(group -> printGroup(output, group));
    }
    for (GroupDescription group : now.groups()) {
      if (isLongUnhosted(group)) {
        output.line(
            "nobody hosts group '"
                + group.group()
                + "', which has done nothing for "
                + roughly(now.unhosted(group))
                + ": 'sawlog group delete' if nobody needs it any more");
      }
    }
  }

  private void printPartition(Output output, PartitionStats partition) {
    PartitionStats earlier = before == null ? null : before.find(partition);
    double rate =
        earlier == null
            ? partition.lastMinute() / (double) PartitionStats.MINUTE.toSeconds()
            : perSecond(partition.logEnd() - earlier.logEnd());
    String growth =
        earlier == null
            ? "-"
            : ByteSize.inWords(
                (long) Math.max(0, perSecond(partition.sizeBytes() - earlier.sizeBytes())));
    output.line(
        row(
                partition.topic(),
                partition.partition(),
                partition.logStart(),
                partition.durable(),
                partition.logEnd(),
                partition.records(),
                String.format(Locale.ROOT, "%.1f", rate),
                ByteSize.inWords(partition.sizeBytes()),
                growth)
            + String.format(
                Locale.ROOT,
                " %8d %-24s %s",
                partition.segments(),
                time(partition.oldest()),
                time(partition.newest())));
  }

  private void printGroup(Output output, GroupDescription group) {
    output.line(
        groupRow(
            group.group(),
            GroupWords.of(group.status()),
            group.lag().records(),
            group.lag().age().toSeconds() + "s",
            group.partitions().stream().mapToLong(partition -> partition.inFlight()).sum(),
            group.deadLetters(),
            Timestamp.of(group.lastEvent().toEpochMilli())));
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-20s %9s %12s %12s %12s %12s %10s %10s %10s", cells);
  }

  private static String groupRow(Object... cells) {
    return String.format(Locale.ROOT, "%-20s %9s %12s %12s %12s %12s  %s", cells);
  }

  private static String time(OptionalLong epochMs) {
    return epochMs.isPresent() ? Timestamp.of(epochMs.getAsLong()) : "-";
  }

  /** In the largest unit that fits at least once. */
  static String roughly(Duration duration) {
    if (duration.toDays() > 0) {
      return Words.count(duration.toDays(), "day");
    }
    if (duration.toHours() > 0) {
      return Words.count(duration.toHours(), "hour");
    }
    return duration.toMinutes() > 0
        ? Words.count(duration.toMinutes(), "minute")
        : Words.count(duration.toSeconds(), "second");
  }

  void printJson(JsonLines json) {
    now.partitions().forEach(partition -> printJson(json, partition));
    now.groups().forEach(group -> printJson(json, group));
  }

  private void printJson(JsonLines json, PartitionStats partition) {
    json.begin()
        .text("type", "partition")
        .time("time", now.timeMs())
        .text("topic", partition.topic())
        .number("partition", partition.partition())
        .number("log_start_offset", partition.logStart())
        .number("durable_offset", partition.durable())
        .number("log_end_offset", partition.logEnd())
        .number("records", partition.records())
        .number("records_last_minute", partition.lastMinute())
        .number("size_bytes", partition.sizeBytes())
        .number("segments", partition.segments());
    time(json, "oldest_append_time", partition.oldest());
    time(json, "newest_append_time", partition.newest());
    PartitionStats earlier = before == null ? null : before.find(partition);
    if (earlier != null) {
      json.number("records_per_second", (long) perSecond(partition.logEnd() - earlier.logEnd()))
          .number(
              "bytes_per_second", (long) perSecond(partition.sizeBytes() - earlier.sizeBytes()));
    }
    json.end();
  }

  private static void time(JsonLines json, String name, OptionalLong epochMs) {
    if (epochMs.isPresent()) {
      json.time(name, epochMs.getAsLong());
    } else {
      json.nothing(name);
    }
  }

  private void printJson(JsonLines json, GroupDescription group) {
    json.begin()
        .text("type", "group")
        .time("time", now.timeMs())
        .text("group", group.group())
        .text("status", GroupWords.of(group.status()))
        .number("lag", group.lag().records())
        .number("lag_age_ms", group.lag().age().toMillis())
        .number("in_flight", group.partitions().stream().mapToLong(p -> p.inFlight()).sum())
        .number("dead_letters", group.deadLetters())
        .time("last_event_time", group.lastEvent().toEpochMilli())
        .bool("long_unhosted", isLongUnhosted(group))
        .end();
  }
}
