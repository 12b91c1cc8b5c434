package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.file.MappedRegion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A producer that fails, or is never seen again, between its claim and its publishing. */
@Timeout(120)
class DeadProducerTest {
  @TempDir Path directory;

  /** What happens to the thread that stores the next frame, or only claims it. */
  private interface Trap {
    void spring();
  }

  /** Mappings whose next store runs into a trap, once. */
  private static final class TrappedStorage extends HookedStorage {
    private volatile Trap atClaim;
    private volatile Trap atStore;
    private final List<Long> looks = new CopyOnWriteArrayList<>();
    private volatile Runnable atLook = () -> {};

    @Override
    MappedRegion mapped(Path file, MappedRegion region) {
      return isSegment(file) ? new TrappedRegion(region) : region;
    }

    /** Whoever waits for an unfinished append has looked at it once more. */
    private void lookedAtClaim() {
      looks.add(System.nanoTime());
      atLook.run();
    }

    private void springAtClaim() {
      Trap trap = atClaim;
      if (trap != null) {
        atClaim = null;
        trap.spring();
      }
    }

    private void springAtStore() {
      Trap trap = atStore;
      if (trap != null) {
        atStore = null;
        trap.spring();
      }
    }

    private final class TrappedRegion extends HookedRegion {
      private final UnsafeBuffer buffer;

      TrappedRegion(MappedRegion region) {
        super(region);
        buffer =
            new UnsafeBuffer(region.buffer().addressOffset(), region.buffer().capacity()) {
              @Override
              public void putInt(int index, int value) {
                springAtClaim();
                super.putInt(index, value);
              }

              @Override
              public int getIntAcquire(int index) {
                int value = super.getIntAcquire(index);
                if (value < 0) {
                  lookedAtClaim();
                }
                return value;
              }

              @Override
              public void putBytes(int index, DirectBuffer source, int at, int length) {
                springAtStore();
                super.putBytes(index, source, at, length);
              }
            };
      }

      @Override
      public UnsafeBuffer buffer() {
        return buffer;
      }
    }
  }

  /** Holds a thread until it is let go. */
  private static final class Hold implements Trap {
    final CountDownLatch held = new CountDownLatch(1);
    final CountDownLatch letGo = new CountDownLatch(1);

    @Override
    public void spring() {
      held.countDown();
      boolean interrupted = false;
      while (letGo.getCount() > 0) {
        try {
          letGo.await();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    void awaitHeld() throws InterruptedException {
      assertTrue(held.await(50, TimeUnit.SECONDS));
    }
  }

  private final TrappedStorage storage = new TrappedStorage();

  @Test
  void shouldLeaveAnAbortedFrameAndGoOn() {
    try (SmallStore store = new SmallStore(directory, storage)) {
      store.append(10);
      storage.atStore =
          () -> {
            throw new IllegalStateException("planted");
          };

      assertThrows(IllegalStateException.class, () -> store.append(10));
      assertEquals(2, store.append(10));

      store.partition.flush();
      try (Tailer tailer = store.partition.tailer(Position.earliest())) {
        assertEquals(List.of(0L, 2L), store.readAll(tailer));
      }
      try (Tailer tailer = store.partition.tailer(Position.atOffset(1))) {
        assertEquals(List.of(2L), store.readAll(tailer));
      }
      assertEquals(3, store.partition.recordCount());
      assertEquals(3, store.partition.durableOffset());
    }
  }

  @Test
  void shouldAbortEvenWhenTheClaimItselfFails() {
    try (SmallStore store = new SmallStore(directory, storage)) {
      store.append(10);
      storage.atClaim =
          () -> {
            throw new StackOverflowError("planted");
          };

      assertThrows(StackOverflowError.class, () -> store.append(2000));
      assertEquals(2, store.append(10));

      try (Tailer tailer = store.partition.tailer(Position.earliest())) {
        assertEquals(List.of(0L, 2L), store.readAll(tailer));
      }
    }
  }

  @Test
  void shouldHideWhatLiesBehindAnUnfinishedAppendUntilItIsFinished() throws Exception {
    try (SmallStore store = new SmallStore(directory, storage);
        Tailer tailer = store.partition.tailer(Position.earliest())) {
      store.append(10);
      Hold hold = new Hold();
      storage.atStore = hold;
      CompletableFuture<Long> stuck = CompletableFuture.supplyAsync(() -> store.append(10));
      hold.awaitHeld();
      CompletableFuture<Long> behind = store.partition.appendAsync(null, new byte[10]);

      assertEquals(List.of(0L), store.readAll(tailer));
      assertEquals(1, store.background.flush(System.nanoTime()), "what is published is flushed");
      assertEquals(0, store.background.flush(System.nanoTime()), "nothing more can be flushed");
      assertEquals(1, store.partition.durableOffset());
      assertEquals(3, store.partition.logEndOffset());
      assertFalse(behind.isDone());

      hold.letGo.countDown();
      assertEquals(1, stuck.join());
      store.background.flush(System.nanoTime());

      assertEquals(2, behind.join());
      assertEquals(List.of(1L, 2L), store.readAll(tailer));
    }
  }

  @Test
  void shouldRollAndReadOnAlthoughAnAppendInTheSegmentBeforeIsUnfinished() throws Exception {
    try (SmallStore store = new SmallStore(directory, storage);
        Tailer tailer = store.partition.tailer(Position.earliest())) {
      store.append(10);
      Hold hold = new Hold();
      storage.atStore = hold;
      CompletableFuture<Long> stuck = CompletableFuture.supplyAsync(() -> store.append(10));
      hold.awaitHeld();
      long last = store.roll();
      store.background.flush(System.nanoTime());
      store.background.keep();

      assertEquals(List.of(0L), store.readAll(tailer));
      assertNotNull(store.inside().segments().first().active(), "its mapping was released");

      hold.letGo.countDown();
      stuck.join();
      store.settle();
      assertEquals(last, store.readAll(tailer).size());
      assertEquals(last + 1, store.partition.durableOffset());
    }
  }

  /** Who is interrupted cannot be parked; it would take the processor from the one it waits for. */
  @Test
  void shouldPauseBetweenTwoLooksAtAnUnfinishedAppendWhenItIsInterrupted() throws Exception {
    try (SmallStore store = new SmallStore(directory, storage)) {
      assertPausing(store, store.partition::flush, 20_000);
    }
  }

  @Test
  void shouldPauseBetweenTwoLooksWhenItClosesAndIsInterrupted() throws Exception {
    SmallStore store = new SmallStore(directory, storage);

    assertPausing(store, store::close, 50_000);
  }

  private void assertPausing(SmallStore store, Runnable waiting, long pauseNs) throws Exception {
    int count = 200;
    store.append(10);
    // or the first look would be followed by a flush, which is a pause too
    store.partition.flush();
    Hold hold = new Hold();
    storage.atStore = hold;
    CompletableFuture<Long> stuck = CompletableFuture.supplyAsync(() -> store.append(10));
    hold.awaitHeld();
    storage.atLook =
        () -> {
          if (storage.looks.size() == count) {
            hold.letGo.countDown();
          }
        };
    Thread.currentThread().interrupt();

    waiting.run();

    assertTrue(Thread.interrupted(), "the interrupt was lost");
    assertEquals(1, stuck.join());
    long tookNs = storage.looks.get(count - 1) - storage.looks.get(0);
    assertTrue(tookNs >= (count - 1) * pauseNs, count + " looks in " + tookNs + " ns");
  }

  @Test
  void shouldCloseButLeaveMappingAndLockAndStateToAProducerThatNeverFinishes(@TempDir Path another)
      throws Exception {
    SmallStore store = new SmallStore(directory, storage);
    store.append(10);
    Hold hold = new Hold();
    storage.atClaim = hold;
    CompletableFuture<Long> stuck = CompletableFuture.supplyAsync(() -> store.append(10));
    hold.awaitHeld();
    assertEquals(2, store.append(10));
    CompletableFuture<Long> behind = store.partition.appendAsync(null, new byte[10]);

    assertThrows(LogTimeoutException.class, store::close);

    assertTrue(behind.isCompletedExceptionally() || !behind.isDone());
    assertThrows(LogClosedException.class, () -> store.append(10));
    // as long as that thread may wake up and write, nobody else may write
    assertThrows(StoreLockedException.class, () -> Sawlog.open(directory));
    // what the next process would recover, should this one end now: the same files, another lock
    Files.move(directory.resolve("t"), another.resolve("t"));
    try (SmallStore recovered = new SmallStore(another, new HookedStorage());
        Tailer tailer = recovered.partition.tailer(Position.earliest())) {
      assertEquals(1, recovered.log.recoveryReport().partitions().size());
      assertEquals(List.of(0L, 2L, 3L), recovered.readAll(tailer));
      assertEquals(4, recovered.append(10));
    }
    hold.letGo.countDown();
    assertEquals(1, stuck.join());
  }
}
