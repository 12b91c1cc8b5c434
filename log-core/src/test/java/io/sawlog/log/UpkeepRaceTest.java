package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.file.MappedRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The keeper, the flusher and retention, beside each other and beside a user who deletes. */
@Timeout(60)
class UpkeepRaceTest {
  @TempDir Path directory;

  @Test
  void shouldSurviveTheDeletionOfASegmentThatItIsJustLettingGo() {
    AtomicBoolean armed = new AtomicBoolean();
    SmallStore[] opened = new SmallStore[1];
    HookedStorage storage =
        new HookedStorage() {
          @Override
          MappedRegion mapped(Path file, MappedRegion region) {
            return new HookedRegion(region) {
              @Override
              public void unmap() {
                super.unmap();
                if (armed.compareAndSet(true, false)) {
                  opened[0].partition.deleteBefore(Long.MAX_VALUE);
                }
              }
            };
          }
        };
    try (SmallStore store = new SmallStore(directory, storage)) {
      opened[0] = store;
      store.append(10);
      PartitionWriter writer = store.inside().writer();
      assertDoesNotThrow(() -> writer.rollEarly(writer.active()));
      store.append(10);
      store.partition.flush();
      armed.set(true);

      store.settle();

      assertFalse(armed.get());
      assertNull(store.inside().writer().stopped());
      store.append(10);
    }
  }

  @Test
  void shouldDeleteTheFileOfASegmentThatOutlivedItsTimeThoughNobodyAppends() {
    Retention retention = Retention.forever().maxAge(Duration.ofHours(1));
    TopicConfig config = SmallStore.CONFIG.retention(retention);
    try (SmallStore store = new SmallStore(directory, new HookedStorage(), config)) {
      store.append(10);
      store.settle();
      Path first = store.partition.segments().get(0).file();
      store.wallClock.addAndGet(Duration.ofHours(2).toMillis());

      for (int round = 0; round < 3; round++) {
        store.background.retain();
        store.background.flush(System.nanoTime());
        store.background.keep();
      }

      assertEquals(1, store.partition.logStartOffset());
      assertFalse(Files.exists(first));
    }
  }

  @Test
  void shouldForceTheEndOfASegmentBeforeItCallsThePartitionClean() {
    Map<Path, Integer> forced = new ConcurrentHashMap<>();
    SmallStore[] opened = new SmallStore[1];
    HookedStorage storage =
        new HookedStorage() {
          private Path[] prepared = new Path[1];

          @Override
          public void rename(Path from, Path to) throws IOException {
            super.rename(from, to);
            if (isSegment(from)) {
              prepared[0] = to;
            }
          }

          @Override
          void forcing(Path file) {
            if (isSegment(file)) {
              forced.merge(file, opened[0].inside().writer().active().tailPosition(), Math::max);
            }
          }

          @Override
          MappedRegion mapped(Path file, MappedRegion region) {
            if (!isSegment(file)) {
              return region;
            }
            Path[] name = {file};
            prepared = name;
            return new HookedRegion(region) {
              @Override
              public void force(int position, int length) throws IOException {
                super.force(position, length);
                forced.merge(name[0], position + length, Math::max);
              }
            };
          }
        };
    Path first;
    int end;
    try (SmallStore store = new SmallStore(directory, storage)) {
      opened[0] = store;
      store.append(10);
      store.settle();
      first = store.partition.segments().get(0).file();
      PartitionWriter writer = store.inside().writer();
      end = writer.active().tailPosition();
      assertEquals(end, forced.get(first));

      assertDoesNotThrow(() -> writer.rollEarly(writer.active()));
    }

    assertTrue(forced.get(first) > end, "END was not forced");
  }

  @Test
  void shouldCloseAfterARollThatFailedHalfWay() {
    AtomicBoolean failing = new AtomicBoolean();
    HookedStorage storage =
        new HookedStorage() {
          @Override
          public void rename(Path from, Path to) throws IOException {
            if (failing.get() && isSegment(from)) {
              throw new IOException("planted");
            }
            super.rename(from, to);
          }
        };
    long end;
    try (SmallStore store = new SmallStore(directory, storage)) {
      store.append(10);
      failing.set(true);
      assertThrows(LogIoException.class, store::roll);
      end = store.partition.logEndOffset();
      store.settle();
    }

    try (SmallStore store = new SmallStore(directory, new HookedStorage())) {
      assertTrue(store.log.recoveryReport().isClean());
      assertEquals(end, store.partition.logEndOffset());
      try (Tailer tailer = store.partition.tailer(Position.earliest())) {
        assertEquals(end, store.readAll(tailer).size());
      }
      assertEquals(end, store.append(10));
    }
  }

  @Test
  void shouldGoOnAppendingAfterARollThatFailedHalfWay() {
    AtomicBoolean failing = new AtomicBoolean();
    HookedStorage storage =
        new HookedStorage() {
          @Override
          public void rename(Path from, Path to) throws IOException {
            if (failing.get() && isSegment(from)) {
              throw new IOException("planted");
            }
            super.rename(from, to);
          }
        };
    try (SmallStore store = new SmallStore(directory, storage)) {
      store.append(10);
      failing.set(true);
      assertThrows(LogIoException.class, store::roll);
      store.settle();
      long end = store.partition.logEndOffset();
      failing.set(false);

      assertEquals(end, store.append(10));

      try (Tailer tailer = store.partition.tailer(Position.earliest())) {
        assertEquals(end + 1, store.readAll(tailer).size());
      }
    }
  }

  @Test
  void shouldNotLoseTheLogStartWhenTheFirstAppendMarksThePartitionOpen() {
    try (SmallStore store = new SmallStore(directory, new HookedStorage())) {
      for (int i = 0; i < 10; i++) {
        store.append(10);
      }
    }
    SmallStore[] opened = new SmallStore[1];
    AtomicBoolean armed = new AtomicBoolean();
    HookedStorage storage =
        new HookedStorage() {
          @Override
          public FileId identity(Path file) throws IOException {
            if (armed.compareAndSet(true, false)) {
              opened[0].partition.deleteBefore(5);
            }
            return super.identity(file);
          }
        };
    try (SmallStore store = new SmallStore(directory, storage)) {
      opened[0] = store;
      armed.set(true);
      store.append(10);
      assertFalse(armed.get());
    }

    try (SmallStore store = new SmallStore(directory, new HookedStorage())) {
      assertEquals(5, store.partition.logStartOffset());
    }
  }

  @Test
  void shouldKeepTheLogStartBelowTheDurableOffset() {
    try (SmallStore store = new SmallStore(directory, new HookedStorage())) {
      store.append(10);
      store.append(10);

      store.partition.deleteBefore(2);

      assertEquals(2, store.partition.logStartOffset());
      assertEquals(2, store.partition.durableOffset());
    }
  }

  @Test
  void shouldAskForTheFloorOfOnePartitionAlthoughThatOfAnotherOneFails() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    RetentionFloors floors =
        (topic, id, partition) -> {
          if (partition == 0) {
            throw new StackOverflowError("planted");
          }
          asked.countDown();
          return OptionalLong.empty();
        };
    Retention retention =
        Retention.forever()
            .maxAge(Duration.ofHours(1))
            .keepUnconsumed(1L << 40, Duration.ofDays(1));
    SawlogConfig config = SawlogConfig.defaults().withRetentionFloors(floors);
    try (Sawlog log = Sawlog.open(directory, config)) {
      log.createTopic("t", SmallStore.CONFIG.partitions(2).retention(retention));

      assertTrue(asked.await(20, TimeUnit.SECONDS));
    }
  }
}
