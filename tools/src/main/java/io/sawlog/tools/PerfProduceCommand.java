package io.sawlog.tools;

import io.sawlog.log.Partition;
import io.sawlog.log.Sawlog;
import java.util.concurrent.Callable;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measures appending. */
@Command(
    name = "produce",
    header = "Measure appending, one thread, one record at a time.",
    description = {
      "",
      "Latency counts from the time at which a record was meant to be appended to the return of the"
          + " append. Prints a line every five seconds, and one with percentiles at the end.",
      ""
    },
    footer = {
      "",
      "  sawlog perf produce --num-records 5000000 --record-size 100 --throughput 1000000",
      "  sawlog perf produce --sync --num-records 1000 --throughput 500 --json"
    })
final class PerfProduceCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Mixin private final PerfLoad load = new PerfLoad();

  PerfProduceCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    load.check(1);
    Output output = general.output();
    try (Interruption interruption = Interruption.handle();
        Sawlog log = Store.openForWriting(general.directory(), opening)) {
      Partition partition = PerfLoad.partition(log);
      UnsafeBuffer value = load.value();
      Measurement measurement = new Measurement(output, general.json(), "sent");
      append(partition, value, load.warmup(), measurement, interruption);
      measurement.restart();
      append(partition, value, load.records(), measurement, interruption);
      measurement.print();
    }
    return 0;
  }

  private void append(
      Partition partition,
      UnsafeBuffer value,
      long count,
      Measurement measurement,
      Interruption interruption) {
    StartTimes times = load.startTimes();
    for (long i = 0; i < count && !interruption.requested(); i++) {
      long meant = times.await(interruption::requested);
      load.append(partition, value);
      measurement.add(meant, System.nanoTime(), 1, value.capacity());
    }
  }
}
