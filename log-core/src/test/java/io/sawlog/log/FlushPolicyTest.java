package io.sawlog.log;

import static io.sawlog.log.Logs.small;
import static io.sawlog.log.Logs.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the flusher flushes, with its watch in the hand of the test. */
class FlushPolicyTest {
  private static final long MS = 1_000_000;
  private static final long T0 = 5_000 * MS;

  @TempDir Path directory;
  private DrivenStore store;

  @BeforeEach
  void open() {
    store = DrivenStore.open(directory);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void shouldFlushOnlyOnRequest() {
    Partition partition = store.create("t", small().flushPolicy(FlushPolicy.onRequest()));
    partition.append(null, utf8("0"));

    store.flusher(T0);
    store.flusher(T0 + Duration.ofDays(1).toNanos());
    assertEquals(0, partition.durableOffset());

    partition.flush();
    assertEquals(1, partition.durableOffset());
  }

  @Test
  void shouldFlushWhenTheOldestRecordHasWaitedForTheInterval() {
    Partition partition =
        store.create("t", small().flushPolicy(FlushPolicy.every(Duration.ofMillis(50))));
    partition.append(null, utf8("0"));

    store.flusher(T0);
    store.flusher(T0 + 49 * MS);
    assertEquals(0, partition.durableOffset());
    partition.append(null, utf8("1"));
    store.flusher(T0 + 50 * MS);
    assertEquals(2, partition.durableOffset());

    partition.append(null, utf8("2"));
    store.flusher(T0 + 60 * MS);
    store.flusher(T0 + 109 * MS);
    assertEquals(2, partition.durableOffset());
    store.flusher(T0 + 110 * MS);
    assertEquals(3, partition.durableOffset());
  }

  @Test
  void shouldFlushEverySecondByDefault() {
    Partition partition = store.create("t", TopicConfig.defaults());
    partition.append(null, utf8("0"));

    store.flusher(T0);
    store.flusher(T0 + 999 * MS);
    assertEquals(0, partition.durableOffset());

    store.flusher(T0 + 1000 * MS);
    assertEquals(1, partition.durableOffset());
  }

  @Test
  void shouldFlushWhenSoManyBytesAreNotDurable() {
    Partition partition = store.create("t", small().flushPolicy(FlushPolicy.everyBytes(10_000)));

    partition.append(null, new byte[9_000]);
    store.flusher(T0);
    store.flusher(T0 + Duration.ofDays(1).toNanos());
    assertEquals(0, partition.durableOffset());

    partition.append(null, new byte[1_000]);
    store.flusher(T0);
    assertEquals(2, partition.durableOffset());

    partition.append(null, new byte[5_000]);
    store.flusher(T0);
    assertEquals(2, partition.durableOffset());
  }

  @Test
  void shouldFlushForAFutureWhateverThePolicy() {
    Partition partition = store.create("t", small().flushPolicy(FlushPolicy.onRequest()));
    CompletableFuture<Long> future = partition.appendAsync(null, utf8("0"));

    store.flusher(T0);

    assertEquals(0, future.join());
    assertEquals(1, partition.durableOffset());
  }

  @Test
  void shouldFlushSegmentsThatAreCompleteWhateverThePolicy() {
    Partition partition = store.create("t", small().flushPolicy(FlushPolicy.onRequest()));
    Logs.fillSegments(partition, 3);

    store.flusher(T0);

    assertTrue(partition.durableOffset() >= partition.segments().get(2).baseOffset());
  }

  @Test
  void shouldFollowAChangedPolicy() {
    Partition partition = store.create("t", small().flushPolicy(FlushPolicy.onRequest()));
    partition.append(null, utf8("0"));
    store.flusher(T0);

    store.log.alterTopic("t", small().flushPolicy(FlushPolicy.every(Duration.ofMillis(1))));
    store.flusher(T0 + MS);

    assertEquals(1, partition.durableOffset());
  }

  @Test
  void shouldMakeEverythingDurableWhenTheStoreIsClosed() {
    Partition partition = store.create("t", small().flushPolicy(FlushPolicy.onRequest()));
    Logs.appendNumbers(partition, 0, 10);
    store.close();

    store = DrivenStore.open(directory);

    assertTrue(store.log.recoveryReport().isClean());
    assertEquals(10, store.log.topic("t").partition(0).durableOffset());
  }

  @Test
  void shouldCheckItsRanges() {
    for (Duration wrong :
        new Duration[] {
          Duration.ZERO,
          Duration.ofMillis(-1),
          Duration.ofDays(1).plusMillis(1),
          ChronoUnit.FOREVER.getDuration()
        }) {
      assertThrows(IllegalArgumentException.class, () -> FlushPolicy.every(wrong));
    }
    assertThrows(IllegalArgumentException.class, () -> FlushPolicy.everyBytes(0));
    assertEquals(new FlushPolicy.Interval(86_400_000), FlushPolicy.every(Duration.ofDays(1)));
  }
}
