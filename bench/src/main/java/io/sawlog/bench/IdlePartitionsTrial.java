package io.sawlog.bench;

import com.sun.management.OperatingSystemMXBean;
import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Question: what do partitions cost that are open, and have a record, while nobody appends? Memory
 * is what the process has more than before the store was opened; what is of files is the page cache
 * of their mappings, which the kernel takes back when it needs memory.
 */
final class IdlePartitionsTrial {
  private static final double MIB = 1 << 20;
  private static final int SETTLE_SECONDS = 3;
  private static final String ALL = "VmRSS:";
  private static final String ANONYMOUS = "RssAnon:";

  private IdlePartitionsTrial() {}

  /**
   * Runs.
   *
   * @param arguments the contender; how many partitions; for how many seconds to watch
   */
  public static void main(String[] arguments) throws Exception {
    int partitions = Integer.parseInt(arguments[1]);
    int seconds = Integer.parseInt(arguments[2]);
    Path directory = Directory.create();
    long memory = residentBytes(ALL);
    long anonymous = residentBytes(ANONYMOUS);
    try (Sawlog store = Sawlog.open(directory)) {
      Topic topic =
          store.createTopic(SawlogLog.TOPIC, TopicConfig.defaults().partitions(partitions));
      UnsafeBuffer payload = new UnsafeBuffer(Payload.bytes());
      for (int i = 0; i < partitions; i++) {
        topic.partition(i).append(payload, 0, Payload.LENGTH);
      }
      TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
      OperatingSystemMXBean system =
          (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      long begin = System.nanoTime();
      long cpu = system.getProcessCpuTime();
      TimeUnit.SECONDS.sleep(seconds);
      long used = system.getProcessCpuTime() - cpu;

      Trials.print("threads", (double) threads());
      Trials.print("% of a core", 100.0 * used / (System.nanoTime() - begin));
      Trials.print("MiB of memory", (residentBytes(ALL) - memory) / MIB);
      Trials.print("MiB of it not of files", (residentBytes(ANONYMOUS) - anonymous) / MIB);
      Trials.print("MiB of disk for a partition", lengths(directory) / MIB / partitions);
    }
    Directory.delete(directory);
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("sawlog"))
        .count();
  }

  private static long residentBytes(String kind) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      String line = lines.filter(each -> each.startsWith(kind)).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", "")) << 10;
    }
  }

  /** The lengths of the files: their blocks are allocated before they are used. */
  private static long lengths(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(IdlePartitionsTrial::size).sum();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
