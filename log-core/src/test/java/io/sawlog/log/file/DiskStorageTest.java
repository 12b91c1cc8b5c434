package io.sawlog.log.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sawlog.log.file.Storage.Access;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class DiskStorageTest {
  private final Storage storage = DiskStorage.open();
  @TempDir Path directory;

  @Test
  void shouldCreateAFileOnlyIfItsNameIsFree() throws IOException {
    Path file = directory.resolve("a");

    try (StorageFile created = storage.create(file)) {
      assertEquals(0, created.size());
      assertEquals(file, created.path());
    }

    assertThrows(FileAlreadyExistsException.class, () -> storage.create(file));
  }

  @Test
  void shouldNotOpenAFileThatDoesNotExist() {
    Path file = directory.resolve("a");

    Exception read = assertThrows(NoSuchFileException.class, () -> storage.open(file, Access.READ));
    Exception write =
        assertThrows(NoSuchFileException.class, () -> storage.open(file, Access.WRITE));

    assertTrue(read.getMessage().contains(file.toString()));
    assertTrue(write.getMessage().contains(file.toString()));
    assertFalse(storage.exists(file));
  }

  @Test
  void shouldListTheNamesInADirectory() throws IOException {
    storage.create(directory.resolve("a")).close();
    storage.createDirectory(directory.resolve("b"));

    assertEquals(Set.of("a", "b"), Set.copyOf(storage.list(directory)));
    assertThrows(NoSuchFileException.class, () -> storage.list(directory.resolve("c")));
  }

  @Test
  void shouldCreateADirectoryWithItsParentsAndAcceptItWhenItExists() throws IOException {
    Path nested = directory.resolve("a/b/c");

    storage.createDirectory(nested);
    storage.createDirectory(nested);

    assertTrue(storage.exists(nested));
  }

  @Test
  void shouldAcceptALinkToADirectoryAsADirectory() throws IOException {
    storage.createDirectory(directory.resolve("real"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("real"));

    storage.createDirectory(link);
    storage.createDirectory(link.resolve("inner"));

    assertTrue(storage.exists(directory.resolve("real/inner")));
  }

  @Test
  void shouldNotTakeAFileForADirectory() throws IOException {
    Path file = directory.resolve("a");
    storage.create(file).close();

    IOException e = assertThrows(IOException.class, () -> storage.createDirectory(file));

    assertTrue(e.getMessage().contains(file.toString()));
  }

  @Test
  void shouldReplaceTheTargetOfARename() throws IOException {
    Path from = Files.write(directory.resolve("from"), Bytes.pattern(10));
    Path to = Files.write(directory.resolve("to"), Bytes.pattern(20));

    storage.rename(from, to);

    assertFalse(storage.exists(from));
    assertArrayEquals(Bytes.pattern(10), Files.readAllBytes(to));
    assertThrows(NoSuchFileException.class, () -> storage.rename(from, to));
  }

  @Test
  void shouldDeleteFilesAndEmptyDirectoriesOnly() throws IOException {
    Path inner = directory.resolve("a/b");
    storage.createDirectory(inner);

    assertThrows(DirectoryNotEmptyException.class, () -> storage.delete(directory.resolve("a")));
    storage.delete(inner);
    storage.delete(directory.resolve("a"));
    storage.delete(directory.resolve("a"));

    assertFalse(storage.exists(directory.resolve("a")));
  }

  @Test
  void shouldSayInWordsWhatHappenedToWhichFile() throws IOException {
    Path file = Files.write(directory.resolve("file"), Bytes.pattern(1));
    Path missing = directory.resolve("missing");

    assertSays(missing + ": no such file or directory", () -> storage.open(missing, Access.READ));
    assertSays(missing + ": no such file or directory", () -> storage.list(missing));
    assertSays(missing + ": no such file or directory", () -> storage.fileSystemType(missing));
    assertSays(file + ": exists already", () -> storage.create(file));
    assertSays(file + ": not a directory", () -> storage.list(file));
    assertSays(directory + ": directory not empty", () -> storage.delete(directory));
  }

  private static void assertSays(String message, Executable call) {
    assertEquals(message, assertThrows(FileSystemException.class, call).getMessage());
  }

  @Test
  void shouldForceADirectory() throws IOException {
    storage.forceDirectory(directory);

    assumeTrue(Shell.isLinux(), "skipped: not every system can force a directory");
    assertThrows(
        NoSuchFileException.class, () -> storage.forceDirectory(directory.resolve("missing")));
  }

  @Test
  void shouldIdentifyAFileAcrossARenameAndTellItFromItsCopy() throws IOException {
    Path file = Files.write(directory.resolve("a"), Bytes.pattern(10));
    Storage.FileId identity = storage.identity(file);
    Path copy = Files.copy(file, directory.resolve("copy"));

    storage.rename(file, directory.resolve("b"));

    assertEquals(identity, storage.identity(directory.resolve("b")));
    assertNotEquals(identity, storage.identity(copy));
    assertThrows(NoSuchFileException.class, () -> storage.identity(file));
  }

  @Test
  void shouldReportDeviceAndInodeAsTheSystemDoes() throws IOException {
    assumeTrue(Shell.isLinux(), "skipped: asks stat(1) of Linux");
    Path file = Files.write(directory.resolve("a"), Bytes.pattern(10));

    String expected = Shell.output("stat", "-c", "%d %i", file.toString());

    Storage.FileId identity = storage.identity(file);
    assertEquals(expected, identity.device() + " " + identity.inode());
  }

  @Test
  void shouldKnowTheBootAndTheFileSystem() throws IOException {
    assertEquals(storage.bootId(), storage.bootId());
    assertFalse(storage.fileSystemType(directory).isEmpty());
    assumeTrue(Shell.isLinux(), "skipped: only Linux has a boot id");
    assertTrue(storage.bootId().matches("[0-9a-f-]{36}"));
  }

  @Test
  void shouldNameTheTypeOfAMountedFileSystem() throws IOException {
    try (SmallDisk disk = SmallDisk.tmpfs(directory, 1)) {
      assertEquals("tmpfs", storage.fileSystemType(disk.root()));
    }
  }
}
