package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.sawlog.log.Amount;
import io.sawlog.log.Batch;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a group costs does not depend on how many records wait for it: counted as the bytes that the
 * thread allocates which opens it, takes up the work where it was left, and looks at it. With
 * {@code -P crash} a hundred million records wait, otherwise a million.
 */
class BacklogTest {
  private static final int FEW = 100;
  private static final int BACKLOG = Amount.of(1_000_000, 100_000_000);
  private static final int IN_A_BATCH = 1_000;
  private static final int OPENINGS = 30;

  /** Far less than a byte for each record of a million. */
  private static final int NOISE_BYTES = 200_000;

  @TempDir Path directory;
  private Lab lab;

  @BeforeEach
  void open() {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean counts
            && counts.isThreadAllocatedMemoryEnabled(),
        "this JVM does not count what a thread allocates");
    lab = Lab.open(directory);
    append(lab.createTopic("few"), FEW);
    append(lab.createTopic("many"), BACKLOG);
  }

  @AfterEach
  void close() {
    if (lab != null) {
      lab.close();
    }
  }

  private static void append(Partition partition, int records) {
    UnsafeBuffer value = new UnsafeBuffer(new byte[1]);
    Batch batch = new Batch();
    for (int left = records; left > 0; left -= batch.size()) {
      batch.clear();
      for (int i = Math.min(left, IN_A_BATCH); i > 0; i--) {
        batch.add(value, 0, 1);
      }
      partition.append(batch);
    }
    assertEquals(records, partition.recordCount());
  }

  @Test
  void shouldOpenAConsumerAtTheSameCost() {
    assertSameCost(
        topic -> {
          try (Consumer consumer = lab.groups().consumer("c-" + topic, topic)) {
            assertTrue(consumer.poll(Duration.ZERO).size() > 0);
            consumer.commit();
            consumer.seek(new TopicPartition(topic, 0), Position.earliest());
            consumer.commit();
          }
        });
  }

  @Test
  void shouldOpenAWorkerAtTheSameCost() {
    assertSameCost(
        topic -> {
          try (Worker worker = lab.groups().worker("w-" + topic, topic, Queue.unordered())) {
            List<Delivery> deliveries = worker.receive(10, Duration.ZERO);
            assertEquals(10, deliveries.size());
            deliveries.forEach(Delivery::release);
          }
        });
  }

  @Test
  void shouldDescribeAtTheSameCost() {
    for (String topic : List.of("few", "many")) {
      lab.groups().create("d-" + topic, topic, Position.earliest());
    }
    assertEquals(BACKLOG, lab.groups().admin().describe("d-many").lag().records());
    assertSameCost(topic -> lab.groups().admin().describe("d-" + topic));
  }

  private interface Work {
    void on(String topic);
  }

  private static void assertSameCost(Work work) {
    Cost few = least(work, "few");
    Cost many = least(work, "many");
    System.out.printf("with %,d waiting %s, with %,d %s%n", FEW, few, BACKLOG, many);
    assertTrue(many.bytes() <= few.bytes() + NOISE_BYTES, many + " instead of " + few);
  }

  /** What a thread allocated, and how long it took, which is only reported. */
  private record Cost(long bytes, long ns) {
    @Override
    public String toString() {
      return String.format("%,d bytes, %.2f ms", bytes, ns / 1e6);
    }
  }

  private static Cost least(Work work, String topic) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    Cost least = new Cost(Long.MAX_VALUE, Long.MAX_VALUE);
    for (int i = 0; i < OPENINGS; i++) {
      long start = System.nanoTime();
      long before = threads.getThreadAllocatedBytes(thread);
      work.on(topic);
      long bytes = threads.getThreadAllocatedBytes(thread) - before;
      long ns = System.nanoTime() - start;
      least = new Cost(Math.min(least.bytes(), bytes), Math.min(least.ns(), ns));
    }
    return least;
  }
}
