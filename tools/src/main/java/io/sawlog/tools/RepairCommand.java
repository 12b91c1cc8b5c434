package io.sawlog.tools;

import io.sawlog.log.PartitionRepair;
import io.sawlog.log.TopicRepair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Repairs the damaged files of a store. */
@Command(
    name = "repair",
    header = "Show what can be saved of damaged files; with --execute, save it.",
    description = {
      "",
      "Plans, and changes nothing without --execute. Every record that can be read stays, under its"
          + " offset. The offsets of lost records are used up, so that nothing else ever gets them."
          + " Whatever is replaced is kept in a file beside, which you may delete when you no"
          + " longer need it. What cannot be repaired without guessing is said, and left alone.",
      "Exits with 0 if nothing is damaged, or all of it was repaired; otherwise with 1. A torn"
          + " tail, which a crash may leave, is not damage: opening the store mends it.",
      ""
    },
    footer = {
      "",
      "Nobody may write the store meanwhile. A backup is better than a repair: it"
          + " brings back records that a repair can only count.",
      "",
      "  sawlog repair sawlog-data",
      "  sawlog repair sawlog-data/flights/0 --execute && sawlog verify"
    })
final class RepairCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Parameters(paramLabel = "PATH", description = "A store, a topic or a partition; copies too.")
  private Path path = Path.of("");

  @Option(names = "--execute", description = "Do what the plan says.")
  private boolean execute;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description =
          "How many partitions the topic has. Needed only where topic.properties and the"
              + " directories contradict each other.")
  private @Nullable Integer partitions;

  @Option(
      names = "--default-settings",
      description =
          "Give settings their defaults (nothing is deleted by age or size) where"
              + " topic.properties has lost them.")
  private boolean defaultSettings;

  RepairCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() throws IOException {
    LogPath target = LogPath.of(path);
    if (partitions != null && target.kind() != LogPath.Kind.TOPIC) {
      throw new UsageException("--partitions is about one topic: give its directory");
    }
    if (target.kind() == LogPath.Kind.SEGMENT || target.kind() == LogPath.Kind.INDEX) {
      throw new UsageException(
          path + " is one file, and what is lost of it shows in the others: give its directory");
    }
    Output output = general.output();
    RepairReport report = new RepairReport(output, general.json() ? JsonLines.on(output) : null);
    try {
      for (Path topic : target.topics()) {
        repairTopic(topic, report);
      }
      if (target.kind() == LogPath.Kind.PARTITION) {
        repairPartition(alone(path), report);
      }
      report.summary(path);
    } finally {
      output.flush();
    }
    return report.isDone() ? 0 : ErrorReport.FAILED;
  }

  private void repairTopic(Path topic, RepairReport report) throws IOException {
    TopicRepair plan = TopicRepair.plan(topic, answers());
    boolean executed = execute && !plan.steps().isEmpty();
    if (executed) {
      plan.execute();
    }
    plan.steps().forEach(step -> report.step(step, executed));
    plan.obstacles().forEach(report::obstacle);
    UUID id = plan.topicId();
    if (id != null) {
      String name = String.valueOf(topic.toAbsolutePath().normalize().getFileName());
      for (Path directory : LogPath.partitions(topic)) {
        int number = Integer.parseInt(String.valueOf(directory.getFileName()));
        repairPartition(new NamedPartition(directory, name, id, number), report);
      }
    }
  }

  /** The topic around it may be damaged too: then its partitions know better which one it is. */
  private NamedPartition alone(Path directory) {
    Path topic = directory.toAbsolutePath().normalize().getParent();
    NamedPartition named = NamedPartition.of(directory);
    if (topic == null || !Files.exists(topic.resolve(LogPath.TOPIC_FILE))) {
      return named;
    }
    UUID id = TopicRepair.plan(topic, answers()).topicId();
    return id == null ? named : new NamedPartition(directory, named.topic(), id, named.number());
  }

  private void repairPartition(NamedPartition partition, RepairReport report) throws IOException {
    PartitionRepair plan =
        PartitionRepair.plan(
            partition.directory(), partition.topic(), partition.topicId(), partition.number());
    boolean executed = execute && !plan.steps().isEmpty() && plan.obstacles().isEmpty();
    if (executed) {
      plan.execute();
    }
    plan.steps().forEach(step -> report.step(step, executed));
    plan.obstacles().forEach(report::obstacle);
    report.flush();
  }

  private TopicRepair.Answers answers() {
    return new TopicRepair.Answers(
        partitions == null ? OptionalInt.empty() : OptionalInt.of(partitions), defaultSettings);
  }
}
