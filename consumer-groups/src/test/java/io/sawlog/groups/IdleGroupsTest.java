package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Amount;
import io.sawlog.log.Partition;
import io.sawlog.log.Sawlog;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many groups on one topic that have nothing to do: with {@code -P crash} a thousand. */
class IdleGroupsTest {
  private static final int GROUPS = Amount.of(40, 1_000);
  private static final long WATCHED_NS = Duration.ofSeconds(Amount.of(1, 30)).toNanos();

  @TempDir Path directory;
  private final List<AutoCloseable> members = new ArrayList<>();

  @AfterEach
  void leave() throws Exception {
    for (AutoCloseable member : members) {
      member.close();
    }
  }

  @Test
  void shouldCostOneThread() {
    try (Sawlog log = Sawlog.open(directory)) {
      Partition orders = log.topic("orders").partition(0);
      Lab.append(orders, 0, 10);
      open(log, 0);
      long withOne = threads();

      for (int i = 1; i < GROUPS; i++) {
        open(log, i);
      }

      assertTrue(threads() <= withOne, "the one thread of the first group serves all of them");
      assertEquals(1, threadsNamed("sawlog-groups"));
      reportCpu();
    }
  }

  private void open(Sawlog log, int number) {
    Groups groups = Groups.of(log);
    if (number % 2 == 0) {
      Consumer consumer = groups.consumer("group-" + number, "orders");
      members.add(consumer);
      assertEquals(10, consumer.poll(Duration.ofSeconds(1)).size());
      consumer.commit();
    } else {
      Worker worker = groups.worker("group-" + number, "orders", Queue.unordered());
      members.add(worker);
      assertEquals(10, worker.ack(worker.receive(10, Duration.ofSeconds(1))).size());
    }
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("sawlog"))
        .filter(thread -> !thread.getName().equals("sawlog-posix-loader"))
        .count();
  }

  private static long threadsNamed(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .count();
  }

  /**
   * What the threads of the process cost while nothing happens, at first, when leases that are long
   * answered run out, and later; a time, so only reported.
   */
  private static void reportCpu() {
    ThreadMXBean times = ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 2; i++) {
      long before = cpuNs(times, "sawlog-groups");
      final long engine = cpuNs(times, "sawlog-") - before;
      long end = System.nanoTime() + WATCHED_NS;
      while (System.nanoTime() - end < 0) {
        LockSupport.parkNanos(end - System.nanoTime());
      }
      long groups = cpuNs(times, "sawlog-groups") - before;
      System.out.printf(
          "%d idle groups: %.3f ms of processor a second on their thread, %.3f on the engine's%n",
          GROUPS,
          groups * 1e3 / WATCHED_NS,
          (cpuNs(times, "sawlog-") - cpuNs(times, "sawlog-groups") - engine) * 1e3 / WATCHED_NS);
    }
  }

  private static long cpuNs(ThreadMXBean times, String prefix) {
    long sum = 0;
    for (var thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith(prefix)) {
        sum += Math.max(0, times.getThreadCpuTime(thread.getId()));
      }
    }
    return sum;
  }
}
