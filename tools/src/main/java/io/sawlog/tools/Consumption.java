package io.sawlog.tools;

import io.sawlog.log.Message;
import io.sawlog.log.Partition;
import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One run of {@code consume}: reads a range of a topic, merged by append time, into a printer. */
final class Consumption {
  private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Path directory;
  private final OpenOptions opening;
  private final String topicName;
  private final Range range;
  private long printed;
  private long read;

  /**
   * What to read.
   *
   * @param partition the only partition, or null for all
   * @param from where to start
   * @param to where to stop, or null for the end of the log
   * @param max how many records at most
   */
  record Range(@Nullable Integer partition, Bound from, @Nullable Bound to, long max) {}

  Consumption(Path directory, OpenOptions opening, String topicName, Range range) {
    this.directory = directory;
    this.opening = opening;
    this.topicName = topicName;
    this.range = range;
  }

  /**
   * Reads and prints.
   *
   * @param printer what to do with the records
   * @param follow whether to wait for more at the end of the log
   * @param timeout end when no record came for so long; null for never
   */
  void run(RecordPrinter printer, boolean follow, @Nullable Duration timeout) {
    try (Interruption interruption = Interruption.handle();
        Sawlog log = Store.openForReading(directory, opening)) {
      List<PartitionReader> readers = open(log.topic(topicName), follow);
      try (Progress progress = Progress.beside("consume " + topicName, Progress.UNKNOWN)) {
        long idleSince = System.nanoTime();
        while (!interruption.requested() && printed < range.max()) {
          if (printNext(readers, printer)) {
            progress.update(0, read);
            idleSince = System.nanoTime();
            continue;
          }
          if (isFinished(readers) || (!follow && !isMorePromised(readers))) {
            return;
          }
          printer.flush();
          if (timeout != null && System.nanoTime() - idleSince >= timeout.toNanos()) {
            return;
          }
          LockSupport.parkNanos(PAUSE_NS);
        }
      } finally {
        // Whatever ended this, an error included: what was read before it is good.
        readers.forEach(PartitionReader::close);
        printer.flush();
      }
    }
  }

  private List<PartitionReader> open(Topic topic, boolean follow) {
    List<Partition> partitions = partitions(topic);
    if (partitions.size() > 1
        && (range.from() instanceof Bound.AtOffset || range.to() instanceof Bound.AtOffset)) {
      throw new UsageException(
          "an offset is a place in one partition, and "
              + topicName
              + " has "
              + partitions.size()
              + ": add --partition N");
    }
    List<PartitionReader> readers = new ArrayList<>();
    for (Partition partition : partitions) {
      readers.add(PartitionReader.open(partition, range.from(), range.to(), follow));
    }
    return readers;
  }

  private List<Partition> partitions(Topic topic) {
    Integer number = range.partition();
    return number == null ? topic.partitions() : List.of(Partitions.of(topic, number));
  }

  /** Prints the oldest of the next records of all partitions; false if none has one now. */
  private boolean printNext(List<PartitionReader> readers, RecordPrinter printer) {
    PartitionReader oldest = null;
    long oldestTime = Long.MAX_VALUE;
    for (PartitionReader reader : readers) {
      Message message = reader.peek();
      if (message != null && (oldest == null || message.appendTime() < oldestTime)) {
        oldest = reader;
        oldestTime = message.appendTime();
      }
    }
    if (oldest == null) {
      return false;
    }
    Message next = oldest.peek();
    oldest.skip();
    read++;
    if (next != null && printer.print(next)) {
      printed++;
    }
    return true;
  }

  private static boolean isFinished(List<PartitionReader> readers) {
    return readers.stream().allMatch(PartitionReader::isFinished);
  }

  private static boolean isMorePromised(List<PartitionReader> readers) {
    boolean came = false;
    for (PartitionReader reader : readers) {
      came |= reader.await();
    }
    return came;
  }
}
