package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.file.Shell;
import io.sawlog.log.file.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Where no store can be opened, the message says which file refused it, and why. */
class UnusablePlaceTest {
  @TempDir Path directory;

  private static void assertRefused(Executable opening, Path file, String reason) {
    String message = assertThrows(LogIoException.class, opening).getMessage();
    assertTrue(message.contains(file + ": " + reason), message);
  }

  @Test
  void shouldSayThatTheStoreIsNotADirectory() throws IOException {
    Path file = Files.writeString(directory.resolve("notes.txt"), "not a store");

    assertRefused(() -> Sawlog.open(file), file, "not a directory");
    assertRefused(() -> Sawlog.openReadOnly(file), file, "not a directory");
  }

  @Test
  void shouldSayThatAParentOfTheStoreIsNotADirectory() throws IOException {
    Assumptions.assumeTrue(Shell.isLinux(), "skipped: expects the words of Linux");
    Path file = Files.writeString(directory.resolve("notes.txt"), "not a store");
    Path store = file.resolve("store");

    assertRefused(() -> Sawlog.open(store), store, "Not a directory");
  }

  @Test
  void shouldSayThatTheLockFileIsADirectory() throws IOException {
    Assumptions.assumeTrue(Shell.isLinux(), "skipped: expects the words of Linux");
    Path lock = Files.createDirectory(directory.resolve("store.lock"));

    assertRefused(() -> Sawlog.open(directory), lock, "Is a directory");
  }

  @Test
  void shouldSayThatTheFileSystemIsReadOnly() throws IOException {
    try (SmallDisk disk = SmallDisk.tmpfs(directory, 1)) {
      disk.makeReadOnly();
      Path store = disk.root().resolve("store");

      assertRefused(() -> Sawlog.open(store), store, "Read-only file system");
      assertRefused(
          () -> Sawlog.open(disk.root()),
          disk.root().resolve("store.lock"),
          "Read-only file system");
    }
  }
}
