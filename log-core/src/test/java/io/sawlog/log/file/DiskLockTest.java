package io.sawlog.log.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskLockTest {
  private final Storage storage = DiskStorage.open();
  @TempDir Path directory;
  private Path lockFile;

  @BeforeEach
  void nameTheLockFile() {
    lockFile = directory.resolve("store.lock");
  }

  @Test
  void shouldBeHeldOnceInAProcess() throws IOException {
    try (StorageLock lock = storage.tryLock(lockFile, "first")) {
      assertNotNull(lock);

      assertNull(storage.tryLock(lockFile, "second"));
      assertNull(DiskStorage.withoutPosix().tryLock(lockFile, "third"));
      assertEquals("first", storage.lockHolder(lockFile));
    }
    assertNull(storage.lockHolder(lockFile));
    storage.tryLock(lockFile, "fourth").close();
  }

  @Test
  void shouldNotReleaseTheLockOfItsSuccessorWhenItIsClosedTwice() throws IOException {
    StorageLock first = storage.tryLock(lockFile, "first");
    first.close();
    StorageLock second = storage.tryLock(lockFile, "second");

    first.close();

    assertEquals("second", storage.lockHolder(lockFile));
    assertEquals(List.of("refused, held by second"), child("try"));
    second.close();
  }

  @Test
  void shouldHaveNoHolderWhereThereIsNoLockFile() throws IOException {
    assertNull(storage.lockHolder(lockFile));
    assertNull(storage.lockHolder(directory.resolve("missing/store.lock")));
    assertTrue(Files.notExists(lockFile));
  }

  @Test
  void shouldShowOtherProcessesWhoHoldsIt() throws IOException {
    try (StorageLock lock = storage.tryLock(lockFile, "the parent, pid 1 \u00e4")) {
      assertNotNull(lock);

      assertEquals(List.of("refused, held by the parent, pid 1 \u00e4"), child("try"));
    }
    assertEquals(List.of("taken"), child("try"));
  }

  @Test
  void shouldShowOnlyTheTextOfTheLatestHolder() throws IOException {
    storage.tryLock(lockFile, "somebody with a very long name").close();

    try (StorageLock lock = storage.tryLock(lockFile, "me")) {
      assertNotNull(lock);
      assertEquals(List.of("refused, held by me"), child("try"));
      assertEquals("#\nme", Files.readString(copyOfHeld()));
    }
  }

  /** Read by another process: reading it here would drop the lock. */
  private Path copyOfHeld() throws IOException {
    Path copy = directory.resolve("copy");
    Shell.output("cp", lockFile.toString(), copy.toString());
    return copy;
  }

  @Test
  void shouldBeFreeOnceItsHolderWasKilled() throws IOException {
    try (Child child = Child.start(LockChild.class, "hold", lockFile.toString())) {
      assertEquals("taken", child.readLine());
      assertNull(storage.tryLock(lockFile, "me"));
      assertEquals("a child", storage.lockHolder(lockFile));
    }

    assertNull(storage.lockHolder(lockFile));
    try (StorageLock lock = storage.tryLock(lockFile, "me")) {
      assertNotNull(lock);
    }
  }

  @Test
  void shouldNotLoseTheLockWhenTheSameProcessProbesIt() throws IOException {
    try (StorageLock lock = storage.tryLock(lockFile, "the parent")) {
      assertNotNull(lock);

      for (int i = 0; i < 10; i++) {
        assertEquals("the parent", storage.lockHolder(lockFile));
        assertNull(storage.tryLock(lockFile, "me too"));
      }

      assertEquals(List.of("refused, held by the parent"), child("try"));
    }
  }

  @Test
  void shouldRecogniseTheSameLockBehindAnotherPath() throws IOException {
    Path store = Files.createDirectory(directory.resolve("store"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), store);
    lockFile = store.resolve("store.lock");
    List<Path> aliases =
        List.of(link.resolve("store.lock"), directory.resolve("link/../store/./store.lock"));

    try (StorageLock lock = storage.tryLock(lockFile, "the parent")) {
      assertNotNull(lock);
      for (Path alias : aliases) {
        assertEquals("the parent", storage.lockHolder(alias));
        assertNull(storage.tryLock(alias, "me too"));
      }
      assertEquals(List.of("refused, held by the parent"), child("try"));
    }
  }

  @Test
  void shouldHoldSeveralStoresAtOnce() throws IOException {
    Path other = directory.resolve("other.lock");
    try (StorageLock first = storage.tryLock(lockFile, "first");
        StorageLock second = storage.tryLock(other, "second")) {
      assertNotNull(first);
      assertNotNull(second);
      assertEquals("first", storage.lockHolder(lockFile));
      assertEquals("second", storage.lockHolder(other));
    }
  }

  @Test
  void shouldWaitForAProbeOfAnotherProcess() throws IOException {
    Files.createFile(lockFile);
    try (Child child = Child.start(LockChild.class, "probe", lockFile.toString())) {
      assertEquals("probing", child.readLine());
      CompletableFuture<StorageLock> waiting =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return storage.tryLock(lockFile, "me");
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });

      child.writeLine("that is enough");

      try (StorageLock lock = waiting.join()) {
        assertNotNull(lock);
      }
    }
  }

  @Test
  void shouldComplainAboutAProbeThatDoesNotEndAndHoldNothing() throws IOException {
    Files.createFile(lockFile);
    try (Child child = Child.start(LockChild.class, "probe", lockFile.toString())) {
      assertEquals("probing", child.readLine());

      IOException e = assertThrows(IOException.class, () -> storage.tryLock(lockFile, "me"));

      assertTrue(e.getMessage().contains(lockFile.toString()), e.getMessage());
      // Probes do not disturb each other.
      assertNull(storage.lockHolder(lockFile));
    }
    assertEquals(List.of("taken"), child("try"));
  }

  @Test
  void shouldNameTheFileThatCannotBeCreatedInAReadOnlyDirectory() throws IOException {
    if (Shell.isRoot()) {
      try (SmallDisk disk = SmallDisk.tmpfs(directory, 1)) {
        disk.makeReadOnly();
        assertNamesTheLockFile(disk.root().resolve("store.lock"));
      }
    } else {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));
      assertNamesTheLockFile(lockFile);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private void assertNamesTheLockFile(Path file) throws IOException {
    IOException e = assertThrows(IOException.class, () -> storage.tryLock(file, "me"));
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    assertNull(storage.lockHolder(file));
  }

  @Test
  void shouldProbeALockThatMayOnlyBeRead() throws IOException {
    try (SmallDisk disk = SmallDisk.tmpfs(directory, 1)) {
      lockFile = disk.root().resolve("store.lock");
      storage.tryLock(lockFile, "somebody").close();
      disk.makeReadOnly();

      assertNull(storage.lockHolder(lockFile));
      assertThrows(IOException.class, () -> storage.tryLock(lockFile, "me"));
    }
  }

  @Test
  void shouldNotLoseTheLockToASecondCopyOfTheLibraryInTheProcess() throws Exception {
    try (URLClassLoader loader = new URLClassLoader(classPath(), null)) {
      Class<?> copy = loader.loadClass(DiskLock.class.getName());
      Method tryTake = accessible(copy, "tryTake", Path.class, String.class);
      Method holder = accessible(copy, "holder", Path.class);

      try (StorageLock lock = storage.tryLock(lockFile, "the parent")) {
        assertNotNull(lock);
        for (int i = 0; i < 3; i++) {
          assertEquals("the parent", holder.invoke(null, lockFile));
          assertNull(tryTake.invoke(null, lockFile, "the copy"));
        }
        assertEquals(List.of("refused, held by the parent"), child("try"));
      }

      try (Closeable lock = (Closeable) tryTake.invoke(null, lockFile, "the copy")) {
        assertNotNull(lock);
        assertNull(storage.tryLock(lockFile, "me"));
        assertEquals("the copy", storage.lockHolder(lockFile));
        assertEquals(List.of("refused, held by the copy"), child("try"));
      }
      assertNull(storage.lockHolder(lockFile));
      assertEquals(List.of("taken"), child("try"));
    }
  }

  private static Method accessible(Class<?> type, String name, Class<?>... parameters)
      throws NoSuchMethodException {
    Method method = type.getDeclaredMethod(name, parameters);
    method.setAccessible(true);
    return method;
  }

  private static URL[] classPath() throws IOException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return urls.toArray(new URL[0]);
  }

  private List<String> child(String action) throws IOException {
    return Child.run(LockChild.class, action, lockFile.toString());
  }
}
