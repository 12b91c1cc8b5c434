package io.sawlog.tools;

import io.sawlog.log.Partition;
import io.sawlog.log.Sawlog;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Option;

/** What to append in order to measure, in the words of Kafka's tools. */
final class PerfLoad {
  /** Nobody else's: measuring must not harm a real topic. */
  static final String TOPIC = "sawlog-perf";

  private static final int MEGABYTE = 1 << 20;

  @Option(
      names = "--num-records",
      paramLabel = "N",
      description = "How many records to measure (default: 1000000).")
  private long records = 1_000_000;

  @Option(
      names = "--record-size",
      paramLabel = "BYTES",
      converter = ByteSize.Converter.class,
      description = "The size of their values (default: 100).")
  private ByteSize size = new ByteSize(100);

  @Option(
      names = "--throughput",
      paramLabel = "N",
      description = "Records a second to hold (default: -1, as fast as it goes).")
  private double throughput = -1;

  @Option(
      names = "--warmup-records",
      paramLabel = "N",
      description = "Appended first, and not counted (default: a tenth of the others).")
  private long warmup = -1;

  @Option(
      names = "--sync",
      description = "A record is appended when it is on the device, one after the other.")
  private boolean synced;

  /** Throws if the options make no sense, or leave no room for what a record must hold. */
  void check(int leastBytes) {
    if (records < 1) {
      throw new UsageException("--num-records is at least 1, not " + records);
    }
    if (size.bytes() < leastBytes || size.bytes() > 512L * MEGABYTE) {
      throw new UsageException(
          "--record-size is " + leastBytes + " bytes to 512MiB, not " + size.bytes());
    }
    if (throughput == 0 || throughput < -1) {
      throw new UsageException("--throughput is more than 0, or -1 for no limit");
    }
  }

  long records() {
    return records;
  }

  long warmup() {
    return warmup < 0 ? records / 10 : warmup;
  }

  int recordBytes() {
    return (int) size.bytes();
  }

  StartTimes startTimes() {
    return new StartTimes(throughput);
  }

  /** Where to append, created if it is missing. */
  static Partition partition(Sawlog log) {
    return log.topic(TOPIC).partition(0);
  }

  /** A value that does not compress; the same in each run. */
  UnsafeBuffer value() {
    byte[] bytes = new byte[recordBytes()];
    new SplittableRandom(1).nextBytes(bytes);
    return new UnsafeBuffer(bytes);
  }

  void append(Partition partition, UnsafeBuffer value) {
    if (synced) {
      partition.appendSynced(value, 0, value.capacity());
    } else {
      partition.append(value, 0, value.capacity());
    }
  }
}
