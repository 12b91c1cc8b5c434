package io.sawlog.tools;

import io.sawlog.log.Partition;
import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes the oldest records of a topic. */
@Command(
    name = "trim",
    header = "Delete the oldest records of a topic, for good.",
    description = {"", "Disk space comes back by whole segment files.", ""})
final class TopicTrimCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Parameters(paramLabel = "TOPIC", description = "Which.")
  private String name = "";

  @Option(
      names = "--before",
      required = true,
      paramLabel = "OFFSET|TIME",
      converter = Bound.EndConverter.class,
      description = "The first offset, or append time, that is kept.")
  private Bound before = new Bound.Earliest();

  @Option(names = "--partition", paramLabel = "N", description = "Only this partition.")
  private @Nullable Integer partition;

  TopicTrimCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    Output output = general.output();
    try (Sawlog log = Store.openExisting(general.directory(), opening)) {
      ExistingTopic.require(log, name);
      Topic topic = log.topic(name);
      if (before instanceof Bound.AtOffset && partition == null && topic.partitionCount() > 1) {
        throw new UsageException(
            "an offset is a place in one partition, and "
                + name
                + " has "
                + topic.partitionCount()
                + ": add --partition N");
      }
      JsonLines json = general.json() ? JsonLines.on(output) : null;
      for (Partition trimmed :
          partition == null ? topic.partitions() : List.of(Partitions.of(topic, partition))) {
        trim(trimmed, output, json);
      }
    }
    output.flush();
    return 0;
  }

  private void trim(Partition trimmed, Output output, @Nullable JsonLines json) {
    long start = trimmed.logStartOffset();
    long newStart = trimmed.deleteBefore(offset(trimmed));
    if (json == null) {
      output.line(
          name + "-" + trimmed.number() + " starts at offset " + newStart + ", was " + start);
    } else {
      json.begin()
          .text("topic", name)
          .number("partition", trimmed.number())
          .number("log_start_offset", newStart)
          .end();
    }
  }

  private long offset(Partition trimmed) {
    if (before instanceof Bound.AtTime bound) {
      return trimmed.offsetAtTime(bound.time());
    }
    return before instanceof Bound.AtOffset bound ? bound.offset() : trimmed.logStartOffset();
  }
}
