package io.sawlog.log.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.file.Storage.Access;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DiskInterruptTest {
  private static final int LENGTH = 64 << 10;
  private static final int INTERRUPTS = 100;

  @TempDir Path directory;

  @AfterEach
  @SuppressWarnings("ReturnValueIgnored")
  void forgetInterrupt() {
    Thread.interrupted();
  }

  @ParameterizedTest
  @EnumSource
  void shouldServeAnInterruptedCallerAndKeepItsFlag(Calls calls) throws Throwable {
    Storage storage = calls.storage();
    Path path = directory.resolve("a");
    List<StorageFile> files = new ArrayList<>();
    List<MappedRegion> regions = new ArrayList<>();

    interrupted(() -> files.add(storage.create(path)));
    interrupted(() -> files.add(storage.open(path, Access.WRITE)));
    StorageFile file = files.get(0);
    interrupted(() -> file.allocate(LENGTH));
    interrupted(() -> file.write(ByteBuffer.wrap(Bytes.pattern(100)), 0));
    interrupted(() -> assertArrayEquals(Bytes.pattern(100), Bytes.read(file, 0, 100)));
    interrupted(() -> assertEquals(LENGTH, file.size()));
    interrupted(() -> assertEquals(0, file.nextData(0)));
    interrupted(() -> file.punchHole(4096, 4096));
    interrupted(file::force);
    interrupted(() -> regions.add(file.map(LENGTH)));
    interrupted(() -> regions.get(0).populate(0, LENGTH));
    interrupted(() -> regions.get(0).force(0, LENGTH));
    interrupted(() -> regions.get(0).unmap());
    interrupted(() -> storage.forceDirectory(directory));
    interrupted(() -> storage.createDirectory(directory.resolve("d")));
    interrupted(() -> storage.identity(path));
    interrupted(() -> assertEquals(DiskStorage.open().bootId(), storage.bootId()));
    interrupted(() -> storage.fileSystemType(path));
    interrupted(() -> assertEquals(2, storage.list(directory).size()));
    interrupted(() -> storage.rename(path, directory.resolve("b")));
    interrupted(() -> storage.delete(directory.resolve("b")));
    interrupted(() -> assertArrayEquals(Bytes.pattern(100), Bytes.read(file, 0, 100)));
    interrupted(file::close);
    files.get(1).close();
  }

  @ParameterizedTest
  @EnumSource
  void shouldLockForAnInterruptedCaller(Calls calls) throws Throwable {
    Storage storage = calls.storage();
    Path lockFile = directory.resolve("store.lock");
    List<StorageLock> locks = new ArrayList<>();

    interrupted(() -> assertNull(storage.lockHolder(lockFile)));
    interrupted(() -> locks.add(storage.tryLock(lockFile, "me")));
    assertNotNull(locks.get(0));
    interrupted(() -> assertEquals("me", storage.lockHolder(lockFile)));
    interrupted(() -> locks.get(0).close());
    interrupted(() -> assertNull(storage.lockHolder(lockFile)));
  }

  @ParameterizedTest
  @EnumSource
  void shouldServeReadersThatShareAFileWithOneThatIsInterrupted(Calls calls) throws Exception {
    Path path = Files.write(directory.resolve("a"), Bytes.pattern(LENGTH));
    byte[] expected = Bytes.pattern(LENGTH);
    AtomicBoolean done = new AtomicBoolean();
    try (StorageFile file = calls.storage().open(path, Access.READ)) {
      List<FutureTask<Integer>> others = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        others.add(
            start(
                () -> {
                  int reads = 0;
                  while (!done.get() || reads == 0) {
                    assertArrayEquals(expected, Bytes.read(file, 0, LENGTH));
                    reads++;
                  }
                  return reads;
                }));
      }

      int seen = underInterrupts(() -> assertArrayEquals(expected, Bytes.read(file, 0, LENGTH)));
      done.set(true);

      assertEquals(INTERRUPTS, seen);
      for (FutureTask<Integer> other : others) {
        assertTrue(get(other) > 0);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldMapAndForceWhenTheInterruptComesInTheMiddle(Calls calls) throws Exception {
    try (StorageFile file = calls.storage().create(directory.resolve("a"))) {
      file.allocate(LENGTH);

      int seen =
          underInterrupts(
              () -> {
                MappedRegion region = file.map(LENGTH);
                region.populate(0, LENGTH);
                region.buffer().putInt(0, 1);
                region.force(0, 4);
                region.unmap();
              });

      assertEquals(INTERRUPTS, seen);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldForceFilesAndDirectoriesWhenTheInterruptComesInTheMiddle(Calls calls)
      throws Exception {
    Storage storage = calls.storage();
    try (StorageFile file = storage.create(directory.resolve("a"))) {
      int seen =
          underInterrupts(
              () -> {
                file.write(ByteBuffer.wrap(Bytes.pattern(10)), file.size());
                file.force();
                storage.forceDirectory(directory);
              });

      assertEquals(INTERRUPTS, seen);
    }
  }

  /** Repeats a call in a thread that is interrupted all the while, until it saw enough of it. */
  private static int underInterrupts(Executable call) throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    FutureTask<Integer> victim =
        new FutureTask<>(
            () -> {
              int seen = 0;
              while (seen < INTERRUPTS) {
                run(call);
                if (Thread.interrupted()) {
                  seen++;
                }
              }
              return seen;
            });
    Thread thread = new Thread(victim);
    FutureTask<Void> interrupter =
        start(
            () -> {
              while (!done.get()) {
                thread.interrupt();
                Thread.onSpinWait();
              }
              return null;
            });
    thread.start();
    try {
      return get(victim);
    } finally {
      done.set(true);
      get(interrupter);
    }
  }

  private static void interrupted(Executable call) throws Throwable {
    Thread.currentThread().interrupt();
    call.execute();
    assertTrue(Thread.interrupted(), "the interrupt was swallowed");
  }

  private static void run(Executable call) throws Exception {
    try {
      call.execute();
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static <T> FutureTask<T> start(Callable<T> task) {
    FutureTask<T> future = new FutureTask<>(task);
    new Thread(future).start();
    return future;
  }

  private static <T> T get(FutureTask<T> future) throws IOException, InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }
}
