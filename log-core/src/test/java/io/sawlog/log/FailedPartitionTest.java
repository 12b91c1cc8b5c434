package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sawlog.log.file.MappedRegion;
import io.sawlog.log.file.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A device that reports an error at the worst moment. */
@Timeout(60)
class FailedPartitionTest {
  @TempDir Path directory;

  /** A disk whose flushes of segments fail on demand. */
  private static final class FailingFlushes extends HookedStorage {
    final AtomicBoolean failing = new AtomicBoolean();

    @Override
    void forcing(Path file) throws IOException {
      if (failing.get() && isSegment(file)) {
        throw new IOException("planted");
      }
    }

    @Override
    MappedRegion mapped(Path file, MappedRegion region) {
      return new HookedRegion(region) {
        @Override
        public void force(int position, int length) throws IOException {
          if (failing.get() && isSegment(file)) {
            throw new IOException("planted");
          }
          super.force(position, length);
        }
      };
    }
  }

  @Test
  void shouldRefuseAppendsToASegmentThatIsActivatedWhileThePartitionFails() {
    SmallStore[] opened = new SmallStore[1];
    AtomicBoolean armed = new AtomicBoolean();
    HookedStorage storage =
        new HookedStorage() {
          @Override
          public void rename(Path from, Path to) throws IOException {
            if (armed.get() && isSegment(from) && to.getFileName().toString().endsWith(".log")) {
              armed.set(false);
              opened[0].inside().writer().fail("elsewhere", new IOException("planted"));
            }
            super.rename(from, to);
          }
        };
    SmallStore store = new SmallStore(directory, storage);
    opened[0] = store;
    store.append(10);
    armed.set(true);

    assertThrows(FailedLogException.class, store::roll);
    assertFalse(armed.get());
    assertThrows(FailedLogException.class, () -> store.append(10));
    assertThrows(FailedLogException.class, store::close);
  }

  @Test
  void shouldRefuseAppendsIfThePartitionFailsDuringItsFirstOne() {
    SmallStore[] opened = new SmallStore[1];
    AtomicBoolean armed = new AtomicBoolean();
    HookedStorage storage =
        new HookedStorage() {
          @Override
          public FileId identity(Path file) throws IOException {
            if (armed.compareAndSet(true, false)) {
              opened[0].inside().writer().fail("elsewhere", new IOException("planted"));
            }
            return super.identity(file);
          }
        };
    new SmallStore(directory, storage).close();
    SmallStore store = new SmallStore(directory, storage);
    opened[0] = store;
    armed.set(true);

    assertThrows(FailedLogException.class, () -> store.append(10));
    assertThrows(FailedLogException.class, () -> store.append(10));
    assertThrows(FailedLogException.class, store::close);

    try (SmallStore again = new SmallStore(directory, new HookedStorage())) {
      assertEquals(
          RecoveryReport.Cause.FAILED_FLUSH,
          again.log.recoveryReport().partitions().get(0).cause());
    }
  }

  @Test
  void shouldRememberThatTheFlushOfItsClosingFailed() {
    FailingFlushes storage = new FailingFlushes();
    SmallStore store = new SmallStore(directory, storage);
    store.append(10);
    storage.failing.set(true);

    assertThrows(FailedLogException.class, store::close);

    try (SmallStore again = new SmallStore(directory, new HookedStorage())) {
      assertEquals(
          RecoveryReport.Cause.FAILED_FLUSH,
          again.log.recoveryReport().partitions().get(0).cause());
    }
  }

  @Test
  void shouldBeClosedLikeAnyOtherOnceTheStoreIsClosed() {
    FailingFlushes storage = new FailingFlushes();
    SmallStore store = new SmallStore(directory, storage);
    store.append(10);
    store.partition.flush();
    Tailer tailer = store.partition.tailer(Position.earliest());
    store.append(10);
    storage.failing.set(true);
    assertThrows(FailedLogException.class, store.partition::flush);
    assertThrows(FailedLogException.class, () -> store.append(10));
    assertEquals(1, tailer.poll(view -> {}, 100));

    assertThrows(FailedLogException.class, store::close);

    assertThrows(LogClosedException.class, () -> store.append(10));
    assertThrows(LogClosedException.class, () -> tailer.poll(view -> {}, 1));
    assertThrows(LogClosedException.class, store.partition::logEndOffset);
    assertThrows(LogClosedException.class, store.partition::flush);
    tailer.close();
  }

  @Test
  void shouldStaySoForReadersInOtherProcessesWhateverFlushCompletesLater() throws IOException {
    HookedStorage storage = new HookedStorage();
    SmallStore store = new SmallStore(directory, storage);
    store.append(10);
    PartitionWriter writer = store.inside().writer();
    writer.fail("elsewhere", new IOException("planted"));

    // a flush that was under way ends well
    writer.life().recoveryPoint(0, 64, 0, 0);

    PartitionPlace place = writer.place();
    try (PartitionMeta meta = PartitionMeta.open(storage, place.directory(), Storage.Access.READ)) {
      Hints hints = meta.readHints();
      assertNotNull(hints);
      assertEquals(Hints.Life.FAILED, hints.life());
    }
    assertThrows(FailedLogException.class, store::close);
  }

  @Test
  void shouldRememberThatTheLastFlushOfItsClosingFailed() {
    FailingFlushes storage = new FailingFlushes();
    SmallStore store = new SmallStore(directory, storage);
    store.append(10);
    store.partition.flush();
    storage.failing.set(true);

    assertThrows(FailedLogException.class, store::close);

    try (SmallStore again = new SmallStore(directory, new HookedStorage())) {
      assertEquals(
          RecoveryReport.Cause.FAILED_FLUSH,
          again.log.recoveryReport().partitions().get(0).cause());
    }
  }

  @Test
  void shouldFailTheFuturesThatWait() {
    FailingFlushes storage = new FailingFlushes();
    SmallStore store = new SmallStore(directory, storage);
    CompletableFuture<Long> future = store.partition.appendAsync(null, new byte[10]);
    storage.failing.set(true);

    store.background.flush(System.nanoTime());

    CompletionException thrown = assertThrows(CompletionException.class, future::join);
    assertEquals(FailedLogException.class, thrown.getCause().getClass());
    assertThrows(FailedLogException.class, store::close);
  }

  @Test
  void shouldAcknowledgeNothingWhoseFlushEndedWellAfterAnotherFailed() {
    SmallStore[] opened = new SmallStore[1];
    AtomicBoolean armed = new AtomicBoolean();
    HookedStorage storage =
        new HookedStorage() {
          @Override
          MappedRegion mapped(Path file, MappedRegion region) {
            return new HookedRegion(region) {
              @Override
              public void force(int position, int length) throws IOException {
                super.force(position, length);
                if (isSegment(file) && armed.compareAndSet(true, false)) {
                  opened[0].inside().writer().fail("elsewhere", new IOException("planted"));
                }
              }
            };
          }
        };
    SmallStore store = new SmallStore(directory, storage);
    opened[0] = store;
    store.append(10);
    store.partition.flush();
    store.append(10);
    armed.set(true);

    assertThrows(FailedLogException.class, store.partition::flush);

    assertEquals(1, store.partition.durableOffset());
    assertThrows(FailedLogException.class, store::close);
  }

  @Test
  void shouldNeverForceADirectoryAgainThatCouldNotBeForced() throws InterruptedException {
    SmallStore[] opened = new SmallStore[1];
    AtomicBoolean armed = new AtomicBoolean();
    AtomicInteger forced = new AtomicInteger();
    AtomicReference<Throwable> other = new AtomicReference<>();
    Thread second =
        new Thread(
            () ->
                other.set(
                    assertThrows(
                        LogException.class,
                        () -> opened[0].inside().writer().entries().ensureDurable(0))));
    HookedStorage storage =
        new HookedStorage() {
          @Override
          public void forceDirectory(Path forcedDirectory) throws IOException {
            if (armed.get() && forced.getAndIncrement() == 0) {
              second.start();
              while (second.getState() != Thread.State.BLOCKED && second.isAlive()) {
                Thread.onSpinWait();
              }
              throw new IOException("planted");
            }
            super.forceDirectory(forcedDirectory);
          }
        };
    SmallStore store = new SmallStore(directory, storage);
    opened[0] = store;
    store.append(10);
    armed.set(true);

    assertThrows(FailedLogException.class, store.partition::flush);
    armed.set(false);
    second.join();

    assertEquals(FailedLogException.class, other.get().getClass());
    assertThrows(FailedLogException.class, store::close);
  }
}
