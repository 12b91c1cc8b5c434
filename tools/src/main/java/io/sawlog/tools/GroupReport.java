package io.sawlog.tools;

import io.sawlog.groups.GroupDescription;
import io.sawlog.groups.GroupType;
import io.sawlog.groups.Order;
import io.sawlog.groups.PartitionDescription;
import java.util.Locale;

/** What a group is and where it stands, for people and for programs. */
final class GroupReport {
  private final GroupDescription group;
  private final boolean withPartitions;

  GroupReport(GroupDescription group, boolean withPartitions) {
    this.group = group;
    this.withPartitions = withPartitions;
  }

  void printText(Output output) {
    output.line(
        "group "
            + group.group()
            + "  "
            + GroupWords.of(group.status())
            + "  "
            + kind()
            + "  commits "
            + GroupWords.of(group.commits())
            + "  reads "
            + GroupWords.of(group.visibility()));
    if (group.host().isPresent()) {
      output.line("  hosted by " + group.host().get());
    }
    output.line(
        "  lag "
            + Words.count(group.lag().records(), "record")
            + "  "
            + Words.count(group.deadLetters(), "dead letter")
            + ", "
            + group.redrivable()
            + " never redriven");
    if (withPartitions) {
      printPartitions(output);
    }
  }

  private String kind() {
    if (group.type() == GroupType.PARTITION) {
      return "partition group";
    }
    return group.order() == Order.KEY ? "shared group, key order" : "shared group";
  }

  private void printPartitions(Output output) {
    output.line(
        row("TOPIC", "PARTITION", "COMMITTED", "END", "LAG", "AGE", "IN-FLIGHT", "FAILING"));
    for (PartitionDescription partition : group.partitions()) {
      boolean deleted = partition.deleted();
      output.line(
          row(
              partition.partition().topic() + (deleted ? " (deleted)" : ""),
              Integer.toString(partition.partition().partition()),
              Long.toString(partition.committed()),
              deleted ? "-" : Long.toString(partition.logEnd()),
              deleted ? "-" : Long.toString(partition.lag().records()),
              deleted ? "-" : partition.lag().age().toSeconds() + "s",
              Long.toString(partition.inFlight()),
              Long.toString(partition.failing())));
    }
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "  %-20s %9s %14s %14s %10s %9s %9s %8s", cells);
  }

  void printJson(JsonLines json) {
    json.begin()
        .text("group", group.group())
        .text("type", GroupWords.of(group.type()))
        .text("status", GroupWords.of(group.status()))
        .text("commits", GroupWords.of(group.commits()))
        .text("visibility", GroupWords.of(group.visibility()))
        .text("order", GroupWords.of(group.order()));
    if (group.host().isPresent()) {
      json.text("host", group.host().get());
    } else {
      json.nothing("host");
    }
    json.number("lag", group.lag().records())
        .number("dead_letters", group.deadLetters())
        .number("redrivable", group.redrivable());
    if (withPartitions) {
      json.beginArray("partitions");
      group.partitions().forEach(partition -> printJson(partition, json));
      json.endArray();
    }
    json.end();
  }

  private static void printJson(PartitionDescription partition, JsonLines json) {
    json.beginElement()
        .text("topic", partition.partition().topic())
        .text("topic_id", partition.topicId().toString())
        .number("partition", partition.partition().partition())
        .bool("deleted", partition.deleted())
        .number("committed", partition.committed());
    if (!partition.deleted()) {
      json.number("log_start_offset", partition.logStart())
          .number("log_end_offset", partition.logEnd())
          .number("lag", partition.lag().records())
          .number("lag_age_ms", partition.lag().age().toMillis());
    }
    json.number("in_flight", partition.inFlight())
        .number("failing", partition.failing())
        .endInner();
  }
}
