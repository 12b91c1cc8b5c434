package io.sawlog.bench;

import io.sawlog.log.Partition;
import io.sawlog.log.Sawlog;
import io.sawlog.log.SawlogConfig;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicConfig;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Question: how many SYNCED appends does one flush acknowledge, and how much does it write to the
 * device? In many short stretches, of which the median counts: what other programs write comes in
 * bursts.
 */
final class FlushTrial {
  private static final int APPENDS = 50;

  private FlushTrial() {}

  /**
   * Runs.
   *
   * @param arguments the contender; how many writers, each with a thread; how many partitions they
   *     share; how many stretches
   */
  public static void main(String[] arguments) throws Exception {
    int writers = Integer.parseInt(arguments[1]);
    int partitions = Integer.parseInt(arguments[2]);
    int stretches = Integer.parseInt(arguments[3]);
    Path directory = Directory.create();
    Optional<Device> device = Device.under(directory);
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try (Sawlog store = Sawlog.open(directory, SawlogConfig.defaults().withJmx())) {
      Topic topic =
          store.createTopic(SawlogLog.TOPIC, TopicConfig.defaults().partitions(partitions));
      List<Callable<Void>> work = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        Partition partition = topic.partition(i % partitions);
        work.add(() -> append(partition));
      }
      await(threads.invokeAll(work));

      List<Double> acknowledged = new ArrayList<>();
      List<Double> kib = new ArrayList<>();
      for (int i = 0; i < stretches; i++) {
        long flushesBefore = flushes();
        long bytesBefore = device.isPresent() ? device.get().bytesWritten() : 0;
        await(threads.invokeAll(work));
        double flushes = flushes() - flushesBefore;
        acknowledged.add(writers * APPENDS / flushes);
        if (device.isPresent()) {
          kib.add((device.get().bytesWritten() - bytesBefore) / 1024.0 / flushes);
        }
      }
      Trials.print("appends acknowledged by a flush", new Samples(acknowledged).median());
      if (!kib.isEmpty()) {
        Trials.print("KiB written for a flush", new Samples(kib).median());
      }
    } finally {
      threads.shutdown();
    }
    Directory.delete(directory);
  }

  private static Void append(Partition partition) {
    UnsafeBuffer payload = new UnsafeBuffer(Payload.bytes());
    for (int i = 0; i < APPENDS; i++) {
      partition.appendSynced(payload, 0, Payload.LENGTH);
    }
    return null;
  }

  private static void await(List<Future<Void>> results) throws Exception {
    for (Future<Void> result : results) {
      result.get();
    }
  }

  /** As the engine counts them. */
  private static long flushes() throws JMException {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    long flushes = 0;
    for (ObjectName name : server.queryNames(new ObjectName("io.sawlog:type=Partition,*"), null)) {
      flushes += (long) server.getAttribute(name, "Flushes");
    }
    return flushes;
  }
}
