package io.sawlog.tools;

import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Sawlog;
import io.sawlog.log.Tailer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures reading. */
@Command(
    name = "consume",
    header = "Measure reading a topic from its earliest record, and change nothing.",
    description = {
      "",
      "Reads all partitions, one after the other, up to their ends. Latency is that of a poll,"
          + " which gives up to --max-poll-records records.",
      ""
    },
    footer = {"", "  sawlog perf consume", "  sawlog perf consume --topic flights --json"})
final class PerfConsumeCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "What to read (default: " + PerfLoad.TOPIC + ", of perf produce).")
  private String topic = PerfLoad.TOPIC;

  @Option(
      names = "--num-records",
      paramLabel = "N",
      description = "Stop after so many (default: at the end of the log).")
  private long records = Long.MAX_VALUE;

  @Option(
      names = "--max-poll-records",
      paramLabel = "N",
      description = "How many records a poll gives at most (default: 500).")
  private int pollRecords = 500;

  private long pollBytes;

  PerfConsumeCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    if (records < 1 || pollRecords < 1) {
      throw new UsageException("--num-records and --max-poll-records are at least 1");
    }
    Output output = general.output();
    try (Interruption interruption = Interruption.handle();
        Sawlog log = Store.openForReading(general.directory(), opening)) {
      Measurement measurement = new Measurement(output, general.json(), "read");
      for (Partition partition : log.topic(topic).partitions()) {
        read(partition, measurement, interruption);
      }
      measurement.print();
    }
    return 0;
  }

  private void read(Partition partition, Measurement measurement, Interruption interruption) {
    long end = partition.logEndOffset();
    try (Tailer tailer = partition.tailer(Position.earliest())) {
      int shown = 1;
      while (shown > 0
          && tailer.position() < end
          && measurement.records() < records
          && !interruption.requested()) {
        int limit = (int) Math.min(pollRecords, records - measurement.records());
        pollBytes = 0;
        long begin = System.nanoTime();
        shown =
            tailer.poll(
                view ->
                    pollBytes += Math.max(0, view.keyLength()) + Math.max(0, view.valueLength()),
                limit);
        if (shown > 0) {
          measurement.add(begin, System.nanoTime(), shown, pollBytes);
        }
      }
    }
  }
}
