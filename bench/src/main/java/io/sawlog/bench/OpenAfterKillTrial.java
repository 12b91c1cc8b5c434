package io.sawlog.bench;

import io.sawlog.log.FlushPolicy;
import io.sawlog.log.Partition;
import io.sawlog.log.Sawlog;
import io.sawlog.log.TopicConfig;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Question: how long does it take to open a store whose process has died, until it appends again?
 * It had flushed all but the last 64 MiB.
 */
final class OpenAfterKillTrial {
  private static final int UNFLUSHED_BYTES = 64 << 20;

  private OpenAfterKillTrial() {}

  /**
   * Runs.
   *
   * @param arguments the contender; MiB of the log; in the process that is to die the directory
   */
  public static void main(String[] arguments) throws Exception {
    long records = (Long.parseLong(arguments[1]) << 20) / Payload.FRAME_LENGTH;
    if (arguments.length > 2) {
      fill(Path.of(arguments[2]), records);
      Runtime.getRuntime().halt(0);
    }
    Path directory = Directory.create();
    List<String> dying = List.of(arguments[0], arguments[1], directory.toString());
    int status =
        new ProcessBuilder(Trials.command(OpenAfterKillTrial.class, arguments[0], dying))
            .inheritIO()
            .start()
            .waitFor();
    if (status != 0) {
      throw new IllegalStateException("the process that fills the log has failed");
    }
    open(directory, records);
    Directory.delete(directory);
  }

  private static void fill(Path directory, long records) {
    UnsafeBuffer payload = new UnsafeBuffer(Payload.bytes());
    Sawlog store = Sawlog.open(directory);
    Partition partition =
        store
            .createTopic(
                SawlogLog.TOPIC, TopicConfig.defaults().flushPolicy(FlushPolicy.onRequest()))
            .partition(0);
    long flushed = records - UNFLUSHED_BYTES / Payload.FRAME_LENGTH;
    for (long i = 0; i < records; i++) {
      if (i == flushed) {
        partition.flush();
      }
      partition.append(payload, 0, Payload.LENGTH);
    }
  }

  private static void open(Path directory, long records) {
    long begin = System.nanoTime();
    try (Sawlog store = Sawlog.open(directory)) {
      Partition partition = store.topic(SawlogLog.TOPIC).partition(0);
      long opened = System.nanoTime();
      if (partition.recordCount() != records) {
        throw new IllegalStateException(
            "appended " + records + " records, found " + partition.recordCount());
      }
      double ms = (opened - begin) / 1e6;
      Trials.print("ms", ms);
      Trials.print("MB/s", UNFLUSHED_BYTES / 1e3 / ms);
    }
  }
}
