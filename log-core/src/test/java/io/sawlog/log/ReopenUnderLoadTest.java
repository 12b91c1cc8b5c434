package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Opens and closes a store again and again while it is used, and looks for what is left over. */
@Timeout(240)
@EnabledOnOs(OS.LINUX)
class ReopenUnderLoadTest {
  private static final long PAUSE_NS = 100_000;
  private static final TopicConfig CONFIG =
      TopicConfig.defaults()
          .partitions(2)
          .segmentBytes(SmallStore.SEGMENT_BYTES)
          .flushPolicy(FlushPolicy.every(Duration.ofMillis(5)));

  @TempDir Path directory;

  @Test
  void shouldLeaveNoThreadNoFileAndNoMappingBehind() throws Exception {
    long end = 0;
    for (int round = 0; round < Stress.rounds(15); round++) {
      end = runLife(end, round);
      assertEquals(List.of(), openFiles(), "files are open");
      assertEquals(List.of(), mappings(), "files are mapped");
    }

    assertBackgroundEnds();
  }

  private long runLife(long end, int round) throws Exception {
    Sawlog log = Sawlog.open(directory);
    assertTrue(log.recoveryReport().isClean());
    Topic topic = round == 0 ? log.createTopic("t", CONFIG) : log.topic("t");
    assertEquals(end, logEnd(topic));
    byte[] value = new byte[700];
    List<Callable<Void>> tasks = new ArrayList<>();
    tasks.add(() -> untilClosed(() -> topic.append((byte[]) null, value)));
    tasks.add(() -> untilClosed(() -> topic.appendSynced((byte[]) null, value)));
    List<CompletableFuture<RecordId>> futures = new ArrayList<>();
    tasks.add(() -> untilClosed(() -> futures.add(topic.appendAsync((byte[]) null, value))));
    tasks.add(() -> tail(topic.partition(0)));
    tasks.add(
        () ->
            untilClosed(
                () -> {
                  Topic other = log.createTopic("other", TopicConfig.defaults());
                  other.append("a", "b");
                  log.deleteTopic("other");
                }));
    tasks.add(
        () -> {
          while (logEnd(topic) < end + 400) {
            LockSupport.parkNanos(PAUSE_NS);
          }
          log.close();
          return null;
        });

    Stress.runTogether(tasks);

    for (CompletableFuture<RecordId> future : futures) {
      assertTrue(future.get(20, TimeUnit.SECONDS).offset() >= 0);
    }
    try (Sawlog again = Sawlog.open(directory)) {
      if (again.hasTopic("other")) {
        again.deleteTopic("other");
      }
      return logEnd(again.topic("t"));
    }
  }

  private static long logEnd(Topic topic) {
    return topic.partitions().stream().mapToLong(Partition::logEndOffset).sum();
  }

  private interface Step {
    void run() throws Exception;
  }

  private static Void untilClosed(Step step) throws Exception {
    while (true) {
      try {
        step.run();
      } catch (LogClosedException e) {
        return null;
      }
    }
  }

  private static Void tail(Partition partition) throws Exception {
    return untilClosed(
        () -> {
          try (Tailer tailer = partition.tailer(Position.earliest())) {
            tailer.poll(view -> {}, 10_000);
            tailer.poll(view -> {}, 1, Duration.ofMillis(1));
          }
        });
  }

  private List<String> openFiles() throws IOException {
    try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
      return links.map(ReopenUnderLoadTest::target).filter(this::isOfTheStore).toList();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private List<String> mappings() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .filter(this::isOfTheStore)
        .toList();
  }

  private boolean isOfTheStore(String line) {
    return line.contains(directory.toString());
  }

  /** Other tests may have stores open in this process: then it is too early to look. */
  private static void assertBackgroundEnds() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().matches("sawlog-(ticker|keeper|flusher)")) {
        thread.join(TimeUnit.SECONDS.toMillis(20));
        assertFalse(thread.isAlive(), thread.getName() + " lives on");
      }
    }
  }
}
