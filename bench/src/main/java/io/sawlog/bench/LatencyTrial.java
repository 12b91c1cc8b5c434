package io.sawlog.bench;

import io.sawlog.log.Tailer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import net.openhft.chronicle.bytes.SyncMode;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * Question: how late is a record, when they come at a fixed rate whatever became of the one before?
 * What counts is the time since a record was meant to be appended, so that a producer that stands
 * still makes all records late that were meant for that time.
 *
 * <p>{@code follow}: until another thread has read it; both contenders' readers yield when there is
 * nothing to read. {@code append}: until the append has returned, in a log whose pages are all
 * fresh.
 */
final class LatencyTrial {
  private static final int WARM_UP_SECONDS = 2;
  private static final long NS_PER_SECOND = 1_000_000_000;
  private static final int SIGNIFICANT_DIGITS = 3;
  private static final double[] PERCENTILES = {50, 99, 99.9, 99.99};

  private final YieldingIdleStrategy idle = new YieldingIdleStrategy();
  private final Histogram histogram = new Histogram(SIGNIFICANT_DIGITS);
  private final boolean follow;
  private final long periodNs;
  private final long warmUp;
  private final long records;
  private long faults;

  private LatencyTrial(boolean follow, long rate, long seconds) {
    this.follow = follow;
    periodNs = NS_PER_SECOND / rate;
    warmUp = WARM_UP_SECONDS * rate;
    records = warmUp + seconds * rate;
  }

  /**
   * Runs.
   *
   * @param arguments the contender; {@code follow} or {@code append}; records a second; seconds
   */
  public static void main(String[] arguments) throws Exception {
    LatencyTrial trial =
        new LatencyTrial(
            arguments[1].equals("follow"),
            Long.parseLong(arguments[2]),
            Long.parseLong(arguments[3]));
    if (arguments[0].equals(Question.SAWLOG)) {
      trial.sawlog();
    } else {
      trial.chronicle();
    }
    trial.print();
  }

  private void sawlog() throws Exception {
    byte[] record = new byte[Payload.LENGTH];
    try (SawlogLog log = new SawlogLog();
        Tailer tailer = log.tailer()) {
      run(
          log::append,
          record,
          () ->
              tailer.poll(
                  message ->
                      message.value().getBytes(message.valueOffset(), record, 0, Payload.LENGTH),
                  1));
    }
  }

  private void chronicle() throws Exception {
    try (ChronicleLog log = new ChronicleLog(SyncMode.NONE)) {
      ChronicleLog.Reader reader = log.reader();
      ThreadLocal<ChronicleLog.Appender> appender = ThreadLocal.withInitial(log::appender);
      run(number -> appender.get().append(number), reader.record(), () -> reader.read() ? 1 : 0);
    }
  }

  private void run(LongConsumer append, byte[] record, IntSupplier read) throws Exception {
    Thread producer = new Thread(() -> produce(append), "producer");
    producer.start();
    if (follow) {
      consume(record, read);
    }
    producer.join();
    if (histogram.getTotalCount() != records - warmUp) {
      throw new IllegalStateException(
          "appended " + records + " records, measured " + histogram.getTotalCount());
    }
  }

  private void produce(LongConsumer append) {
    long begin = System.nanoTime();
    for (long i = 0; i < records; i++) {
      if (i == warmUp) {
        faults = -minorFaultsOfThread();
      }
      long intended = begin + i * periodNs;
      while (System.nanoTime() < intended) {
        Thread.onSpinWait();
      }
      append.accept(intended);
      if (!follow && i >= warmUp) {
        histogram.recordValue(System.nanoTime() - intended);
      }
    }
    faults += minorFaultsOfThread();
  }

  private void consume(byte[] record, IntSupplier read) {
    ByteBuffer bytes = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    for (long i = 0; i < records; i++) {
      while (read.getAsInt() == 0) {
        idle.idle();
      }
      long late = System.nanoTime() - bytes.getLong(0);
      if (i >= warmUp) {
        histogram.recordValue(late);
      }
    }
  }

  private void print() {
    for (double percentile : PERCENTILES) {
      String name = percentile == (int) percentile ? "p" + (int) percentile : "p" + percentile;
      Trials.print(name + " us", histogram.getValueAtPercentile(percentile) / 1e3);
    }
    Trials.print("page faults per million appends", faults * 1e6 / (records - warmUp));
  }

  /** As Linux counts them; 0 elsewhere. */
  private static long minorFaultsOfThread() {
    Path stat = Path.of("/proc/thread-self/stat");
    if (!Files.exists(stat)) {
      return 0;
    }
    try {
      String text = Files.readString(stat);
      // the second field is a name in brackets; the tenth is the count
      String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(fields[7]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
