package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * All that can happen to a partition at once: producers of every kind, tailers here and in a
 * read-only store, rolls, flushes, deletions, and at last the closing under way.
 */
@Timeout(240)
class PartitionStressTest {
  private static final int PRODUCERS = 4;
  private static final int MOST_BYTES = 1500;
  private static final long PAUSE_NS = 100_000;
  private static final Duration WAIT = Duration.ofMillis(5);

  @TempDir Path directory;

  /** What was acknowledged: the offset of each number. */
  private final Map<Integer, Long> acknowledged = new ConcurrentHashMap<>();

  private final Map<CompletableFuture<Long>, Integer> inFlight = new ConcurrentHashMap<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicBoolean closing = new AtomicBoolean();

  @Test
  void shouldKeepOrderAndEveryAcknowledgedRecordWhateverHappensBesides() throws Exception {
    for (int round = 0; round < Stress.rounds(2); round++) {
      acknowledged.clear();
      inFlight.clear();
      closing.set(false);
      Path store = directory.resolve("store-" + round);
      long logStart = runRound(store, round);

      inFlight.forEach((future, number) -> acknowledged.put(number, future.join()));
      assertEverythingIsThere(store, logStart);
    }
  }

  private long runRound(Path store, int round) throws Exception {
    Sawlog log = Sawlog.open(store);
    Partition partition =
        log.createTopic(
                "t",
                TopicConfig.defaults()
                    .segmentBytes(SmallStore.SEGMENT_BYTES)
                    .indexIntervalBytes(512)
                    .flushPolicy(FlushPolicy.every(Duration.ofMillis(20))))
            .partition(0);
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int thread = 0; thread < PRODUCERS; thread++) {
      int kind = thread;
      SplittableRandom random = new SplittableRandom(31L * round + thread);
      tasks.add(() -> untilClosed(() -> append(partition, kind, random)));
    }
    tasks.add(() -> tail(partition, Visibility.PUBLISHED));
    tasks.add(() -> tail(partition, Visibility.DURABLE));
    tasks.add(() -> seekToAndFro(partition, new SplittableRandom(round)));
    tasks.add(() -> tailReadOnly(store));
    tasks.add(
        () ->
            untilClosed(
                () -> {
                  partition.deleteBefore(partition.logEndOffset() - 600);
                  LockSupport.parkNanos(PAUSE_NS);
                }));
    tasks.add(() -> untilClosed(partition::flush));
    long[] logStart = {0};
    tasks.add(
        () -> {
          while (partition.logEndOffset() < 6000) {
            LockSupport.parkNanos(PAUSE_NS);
          }
          logStart[0] = partition.logStartOffset();
          closing.set(true);
          log.close();
          return null;
        });

    Stress.runTogether(tasks);

    return logStart[0];
  }

  private interface Step {
    void run() throws Exception;
  }

  private Void untilClosed(Step step) throws Exception {
    while (true) {
      try {
        step.run();
      } catch (LogClosedException e) {
        assertTrue(closing.get(), "closed before its time");
        return null;
      }
    }
  }

  private void append(Partition partition, int kind, SplittableRandom random) {
    int number = numbers.incrementAndGet();
    byte[] value = new byte[random.nextInt(4, random.nextInt(20) == 0 ? 30_000 : MOST_BYTES)];
    ByteBuffer.wrap(value).putInt(number);
    switch (kind) {
      case 0 -> acknowledged.put(number, partition.append(null, value));
      case 1 -> acknowledged.put(number, partition.appendSynced(null, value));
      case 2 -> inFlight.put(partition.appendAsync(null, value), number);
      default -> {
        Batch batch = new Batch().add(null, value).add("b", "").add((String) null, null);
        acknowledged.put(number, partition.append(batch));
      }
    }
  }

  /** Sees every offset once and in order, except for what was deleted. */
  private Void tail(Partition partition, Visibility visibility) throws Exception {
    long[] expected = {0};
    long[] time = {0};
    TailerConfig config = TailerConfig.defaults().visibility(visibility);
    try (Tailer tailer = partition.tailer(Position.earliest(), config)) {
      expected[0] = tailer.position();
      return untilClosed(
          () -> {
            try {
              tailer.poll(
                  view -> {
                    assertEquals(expected[0], view.offset());
                    expected[0]++;
                    assertTrue(view.appendTime() >= time[0], "append times decrease");
                    time[0] = view.appendTime();
                  },
                  100,
                  WAIT);
              if (visibility == Visibility.DURABLE) {
                assertTrue(expected[0] <= partition.durableOffset());
              }
            } catch (OffsetOutOfRangeException e) {
              assertTrue(e.logStartOffset() > expected[0]);
              tailer.seek(Position.earliest());
              expected[0] = tailer.position();
            }
          });
    }
  }

  private Void seekToAndFro(Partition partition, SplittableRandom random) throws Exception {
    try (Tailer tailer = partition.tailer(Position.earliest())) {
      return untilClosed(
          () -> {
            try {
              long start = partition.logStartOffset();
              long end = partition.logEndOffset();
              assertTrue(start <= partition.durableOffset());
              long target = random.nextLong(start, end + 1);
              tailer.seek(Position.atOffset(target));
              tailer.poll(view -> assertTrue(view.offset() >= target), 1);
              long count = partition.recordsFrom(target);
              assertTrue(count >= end - target || partition.logStartOffset() > target);
            } catch (OffsetOutOfRangeException e) {
              // deleted while it was looked for
            }
          });
    }
  }

  private Void tailReadOnly(Path store) throws Exception {
    try (Sawlog reader = Sawlog.openReadOnly(store)) {
      Partition partition = reader.topic("t").partition(0);
      long[] expected = {0};
      try (Tailer tailer = partition.tailer(Position.earliest())) {
        expected[0] = tailer.position();
        while (!closing.get()) {
          try {
            tailer.poll(view -> assertEquals(expected[0]++, view.offset()), 100, WAIT);
          } catch (OffsetOutOfRangeException e) {
            tailer.seek(Position.earliest());
            expected[0] = tailer.position();
          }
        }
      }
    }
    return null;
  }

  private void assertEverythingIsThere(Path store, long logStart) {
    Map<Integer, Long> found = new HashMap<>();
    try (Sawlog log = Sawlog.open(store)) {
      assertTrue(log.recoveryReport().isClean());
      Partition partition = log.topic("t").partition(0);
      long expected = partition.logStartOffset();
      assertTrue(expected >= logStart);
      for (Message message : partition.read(Position.earliest())) {
        assertEquals(expected++, message.offset());
        byte[] value = message.value();
        if (value != null && value.length > 0) {
          Long twice = found.put(ByteBuffer.wrap(value).getInt(), message.offset());
          assertEquals(null, twice);
        }
      }
      assertEquals(partition.logEndOffset(), expected);
      acknowledged.forEach(
          (number, offset) -> {
            if (offset >= partition.logStartOffset()) {
              assertEquals(offset, found.get(number));
            }
          });
    }
  }
}
