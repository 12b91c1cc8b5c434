package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sawlog.log.file.MappedRegion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AppendAsyncTest {
  @TempDir Path directory;

  @Test
  void shouldCompleteOnTheCommonPool() {
    try (SmallStore store = new SmallStore(directory, new HookedStorage())) {
      CompletableFuture<Thread> completer =
          store
              .partition
              .appendAsync(null, new byte[10])
              .thenApply(offset -> Thread.currentThread());

      store.background.flush(System.nanoTime());

      ForkJoinWorkerThread worker = assertInstanceOf(ForkJoinWorkerThread.class, completer.join());
      assertSame(ForkJoinPool.commonPool(), worker.getPool());
    }
  }

  @Test
  void shouldCompleteWellWhatTheClosingMakesDurable() {
    SmallStore[] opened = new SmallStore[1];
    AtomicBoolean armed = new AtomicBoolean();
    HookedStorage storage =
        new HookedStorage() {
          @Override
          MappedRegion mapped(Path file, MappedRegion region) {
            return new HookedRegion(region) {
              @Override
              public void force(int position, int length) throws IOException {
                if (armed.compareAndSet(true, false)) {
                  // the flusher comes round while the closing flushes
                  opened[0].inside().flushSchedule().work(System.nanoTime());
                }
                super.force(position, length);
              }
            };
          }
        };
    List<CompletableFuture<Long>> futures = new ArrayList<>();
    try (SmallStore store = new SmallStore(directory, storage)) {
      opened[0] = store;
      for (int i = 0; i < 10; i++) {
        futures.add(store.partition.appendAsync(null, new byte[10]));
      }
      armed.set(true);
    }

    for (int i = 0; i < 10; i++) {
      assertEquals(i, futures.get(i).join());
    }
  }

  @Test
  void shouldRefuseAfterTheStoreWasClosed() {
    SmallStore store = new SmallStore(directory, new HookedStorage());
    store.close();

    assertThrows(LogClosedException.class, () -> store.partition.appendAsync(null, new byte[10]));
  }

  @Test
  void shouldCompleteThousandsThatAreInFlightTogether() {
    List<CompletableFuture<Long>> futures = new ArrayList<>();
    try (Sawlog log = Sawlog.open(directory)) {
      Partition partition = log.topic("t").partition(0);
      for (int i = 0; i < 10_000; i++) {
        futures.add(partition.appendAsync(null, new byte[10]));
      }
      for (int i = 0; i < futures.size(); i++) {
        assertEquals(i, futures.get(i).join());
      }
    }
  }
}
