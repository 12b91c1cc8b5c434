package io.sawlog.tools;

import io.sawlog.log.PartitionRepair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
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

  RepairCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() throws IOException {
    LogPath target = LogPath.of(path);
    if (target.kind() == LogPath.Kind.SEGMENT || target.kind() == LogPath.Kind.INDEX) {
      throw new UsageException(
          path + " is one file, and what is lost of it shows in the others: give its directory");
    }
    Output output = general.output();
    RepairReport report = new RepairReport(output, general.json() ? JsonLines.on(output) : null);
    try {
      target.missing().forEach(report::obstacle);
      for (Path directory : target.partitions()) {
        NamedPartition partition = NamedPartition.of(directory);
        PartitionRepair plan =
            PartitionRepair.plan(
                directory, partition.topic(), partition.topicId(), partition.number());
        boolean executed = execute && !plan.steps().isEmpty() && plan.obstacles().isEmpty();
        if (executed) {
          plan.execute();
        }
        plan.steps().forEach(step -> report.step(step, executed));
        plan.obstacles().forEach(report::obstacle);
        output.flush();
      }
      report.summary(path);
    } finally {
      output.flush();
    }
    return report.isDone() ? 0 : ErrorReport.FAILED;
  }
}
