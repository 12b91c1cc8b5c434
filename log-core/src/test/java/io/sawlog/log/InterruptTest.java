package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Everything works on a thread that was interrupted, and leaves the interrupt as it is. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SAME_THREAD)
class InterruptTest {
  @TempDir Path directory;

  @BeforeEach
  void interrupt() {
    Thread.currentThread().interrupt();
  }

  @AfterEach
  void forget() {
    Thread.interrupted();
  }

  @Test
  void shouldWriteReadAndCloseOnAnInterruptedThread() {
    Sawlog log = Sawlog.open(directory);
    Topic topic = log.createTopic("t", SmallStore.CONFIG.partitions(2));
    Partition partition = topic.partition(0);
    byte[] value = new byte[1000];
    for (int i = 0; i < 300; i++) {
      partition.append(null, value);
    }
    assertEquals(300, partition.appendSynced(null, value));
    partition.flush();
    partition.deleteBefore(100);
    log.alterTopic("t", SmallStore.CONFIG.partitions(3));
    log.createTopic("gone", SmallStore.CONFIG).append("a", "b");
    log.deleteTopic("gone");
    assertEquals(100, partition.offsetAtTime(Instant.EPOCH));
    assertEquals(201, partition.recordCount());
    int[] shown = {0};
    try (Tailer tailer = partition.tailer(Position.earliest())) {
      while (tailer.poll(view -> shown[0]++, 50) > 0) {
        // to the end
      }
    }
    assertEquals(201, shown[0]);
    assertStillInterrupted();

    log.close();

    assertStillInterrupted();
    try (Sawlog again = Sawlog.open(directory)) {
      assertTrue(again.recoveryReport().isClean());
      assertEquals(List.of("t"), again.topicNames());
      assertEquals(301, again.topic("t").partition(0).logEndOffset());
    }
    assertStillInterrupted();
  }

  @Test
  void shouldReadAStoreOfAnotherOneOnAnInterruptedThread() {
    try (Sawlog log = Sawlog.open(directory)) {
      log.topic("t").append("a", "b");
      try (Sawlog reader = Sawlog.openReadOnly(directory);
          Tailer tailer = reader.topic("t").partition(0).tailer(Position.earliest())) {
        assertEquals(1, tailer.poll(view -> {}, 10));
        reader.topic("t").partition(0).sync(0);
      }
    }
    assertStillInterrupted();
  }

  @Test
  void shouldNotWaitForRecordsOnAnInterruptedThread() {
    try (Sawlog log = Sawlog.open(directory);
        Tailer tailer = log.topic("t").partition(0).tailer(Position.latest())) {
      assertEquals(0, tailer.poll(view -> {}, 10, Duration.ofDays(1)));

      log.topic("t").append("a", "b");

      assertEquals(1, tailer.poll(view -> {}, 10, Duration.ofDays(1)));
    }
    assertStillInterrupted();
  }

  @Test
  void shouldKeepTheBackgroundAliveWhoeverInterruptsIt() throws Exception {
    forget();
    try (Sawlog log = Sawlog.open(directory)) {
      Topic topic = log.createTopic("t", SmallStore.CONFIG);
      for (int round = 0; round < 20; round++) {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
          if (thread.getName().matches("sawlog-(ticker|keeper|flusher)")) {
            thread.interrupt();
          }
        }

        assertEquals(
            round, topic.appendAsync((String) null, "x").get(60, TimeUnit.SECONDS).offset());
      }
      assertDoesNotThrow(log::flush);
    }
  }

  private static void assertStillInterrupted() {
    assertTrue(Thread.currentThread().isInterrupted(), "the interrupt was lost");
  }
}
