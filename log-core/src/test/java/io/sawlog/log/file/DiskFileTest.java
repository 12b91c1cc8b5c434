package io.sawlog.log.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sawlog.log.file.Storage.Access;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DiskFileTest {
  private static final int MIB = 1 << 20;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void shouldReadWhatWasWritten(Calls calls) throws IOException {
    byte[] bytes = Bytes.pattern(200_000);

    try (StorageFile file = calls.storage().create(directory.resolve("a"))) {
      ByteBuffer source = ByteBuffer.wrap(bytes);
      file.write(source, 5);

      assertEquals(0, source.remaining());
      assertEquals(200_005, file.size());
      assertArrayEquals(bytes, Bytes.read(file, 5, bytes.length));
      assertArrayEquals(new byte[5], Bytes.read(file, 0, 5));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldReadOnlyWhatThereIsAtTheEndOfTheFile(Calls calls) throws IOException {
    Path path = Files.write(directory.resolve("a"), Bytes.pattern(100));

    try (StorageFile file = calls.storage().open(path, Access.READ)) {
      ByteBuffer target = ByteBuffer.allocateDirect(64).limit(50);
      assertEquals(30, file.read(target, 70));
      assertEquals(30, target.position());
      assertEquals(0, file.read(target, 100));
      assertEquals(0, file.read(target, 1_000_000));
      assertEquals(20, file.read(target, 0));
      assertEquals(0, file.read(target, 0));
      assertThrows(NonWritableChannelException.class, () -> file.write(ByteBuffer.allocate(1), 0));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldStayReadableAfterItsNameWasDeleted(Calls calls) throws IOException {
    Path path = Files.write(directory.resolve("a"), Bytes.pattern(100));

    try (StorageFile file = calls.storage().open(path, Access.READ)) {
      calls.storage().delete(path);

      assertArrayEquals(Bytes.pattern(100), Bytes.read(file, 0, 200));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldThrowOnceItIsClosed(Calls calls) throws IOException {
    StorageFile file = calls.storage().create(directory.resolve("a"));
    file.allocate(4096);

    file.close();
    file.close();

    assertThrows(IOException.class, () -> file.read(ByteBuffer.allocate(1), 0));
    assertThrows(IOException.class, () -> file.write(ByteBuffer.allocate(1), 0));
    assertThrows(IOException.class, file::size);
    assertThrows(IOException.class, file::force);
    assertThrows(IOException.class, () -> file.allocate(8192));
    assertThrows(IOException.class, () -> file.nextData(0));
  }

  @ParameterizedTest
  @EnumSource
  void shouldGiveANewFileBlocksThatReadAsZero(Calls calls) throws IOException {
    for (int size : new int[] {1, 4096, 100_001, MIB, 3 * MIB + 5}) {
      Path path = directory.resolve("size-" + size);
      try (StorageFile file = calls.storage().create(path)) {
        file.allocate(size);

        assertEquals(size, file.size());
        assertArrayEquals(new byte[size], Bytes.read(file, 0, size));
        assertHasBlocks(path, size);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldKeepBytesAndLengthOfAFileThatIsLongEnough(Calls calls) throws IOException {
    Path path = Files.write(directory.resolve("a"), Bytes.pattern(10_000));

    try (StorageFile file = calls.storage().open(path, Access.WRITE)) {
      file.allocate(0);
      file.allocate(4096);
      file.allocate(10_000);

      assertArrayEquals(Bytes.pattern(10_000), Files.readAllBytes(path));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldFillTheHolesOfAFileAndKeepItsBytes(Calls calls) throws IOException {
    for (int size : new int[] {MIB, 3 * MIB + 700}) {
      Path path = directory.resolve("size-" + size);
      byte[] expected = new byte[size];
      try (StorageFile file = calls.storage().create(path)) {
        // Pieces that start and end anywhere in a sector, in a page and in a chunk.
        for (int at : new int[] {0, 5_000, 65_530, 200_192, 700_000}) {
          byte[] piece = Bytes.pattern(1 + at % 1_777);
          file.write(ByteBuffer.wrap(piece), at);
          System.arraycopy(piece, 0, expected, at, piece.length);
        }

        file.allocate(size);

        assertEquals(size, file.size());
        assertEquals(-1, Arrays.mismatch(expected, Files.readAllBytes(path)));
        assertHasBlocks(path, size);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldZeroARangeAndKeepTheLengthWhenItPunchesAHole(Calls calls) throws IOException {
    Path path = Files.write(directory.resolve("a"), Bytes.pattern(256 << 10));
    byte[] expected = Bytes.pattern(256 << 10);

    try (StorageFile file = calls.storage().open(path, Access.WRITE)) {
      file.force();
      file.punchHole(64 << 10, 128 << 10);
      file.punchHole(0, 0);

      if (calls == Calls.POSIX && Shell.isLinux()) {
        Arrays.fill(expected, 64 << 10, 192 << 10, (byte) 0);
        assertTrue(Bytes.allocated(path) <= (128 << 10) + 8192);
        assertEquals(192 << 10, file.nextData(64 << 10));
        assertEquals(192 << 10, file.nextData(100_000));
      } else {
        assertEquals(100_000, file.nextData(100_000));
      }
      assertArrayEquals(expected, Files.readAllBytes(path));
      assertEquals(10, file.nextData(10));
      assertEquals(256 << 10, file.nextData(256 << 10));
      assertEquals(256 << 10, file.nextData(1 << 30));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldFindTheEndOfTheFileBehindTheLastData(Calls calls) throws IOException {
    Path path = directory.resolve("a");
    try (StorageFile file = calls.storage().create(path)) {
      file.write(ByteBuffer.wrap(Bytes.pattern(100)), 0);
      file.allocate(MIB);
      file.punchHole(64 << 10, MIB - (64 << 10));

      long next = file.nextData(512 << 10);

      assertEquals(calls == Calls.POSIX && Shell.isLinux() ? MIB : 512 << 10, next);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldPunchTheSameFileAfterItWasRenamed(Calls calls) throws IOException {
    assumeTrue(Shell.isLinux(), "skipped: holes are punched on Linux");
    Path path = directory.resolve("next.tmp");
    Storage storage = calls.storage();
    try (StorageFile file = storage.create(path)) {
      file.allocate(MIB);
      storage.rename(path, directory.resolve("segment"));
      Files.write(path, Bytes.pattern(MIB));

      file.punchHole(0, MIB);

      assertArrayEquals(Bytes.pattern(MIB), Files.readAllBytes(path));
      long kept = Bytes.allocated(directory.resolve("segment"));
      assertEquals(calls == Calls.POSIX, kept < MIB);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldNeverTouchAnotherFileThatHasTakenItsName(Calls calls) throws IOException {
    Path path = Files.write(directory.resolve("next.tmp"), new byte[8192]);
    Storage storage = calls.storage();
    try (StorageFile file = storage.open(path, Access.WRITE)) {
      storage.rename(path, directory.resolve("segment"));
      Files.write(path, Bytes.pattern(8192));

      file.punchHole(0, 8192);
      file.allocate(100_000);
      assertThrows(IOException.class, () -> file.map(8192));

      assertArrayEquals(Bytes.pattern(8192), Files.readAllBytes(path));
      assertEquals(100_000, Files.size(directory.resolve("segment")));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldLeaveNoDescriptorOpen(Calls calls) throws IOException {
    assumeTrue(Shell.isLinux(), "skipped: counts descriptors in /proc");
    Storage storage = calls.storage();
    Path path = directory.resolve("a");
    try (StorageFile file = storage.create(path)) {
      file.allocate(4096);
    }

    for (int i = 0; i < 20; i++) {
      try (StorageFile file = storage.open(path, Access.WRITE)) {
        file.allocate(8192);
        file.punchHole(0, 4096);
        file.nextData(0);
        file.map(4096).unmap();
        assertThrows(IOException.class, () -> file.map(1 << 20));
      }
      assertThrows(IOException.class, () -> storage.create(path));
      assertThrows(IOException.class, () -> storage.open(directory.resolve("b"), Access.READ));
    }

    assertEquals(0, openDescriptorsOf(path));
  }

  private static long openDescriptorsOf(Path path) throws IOException {
    int count = 0;
    for (String name : DiskStorage.open().list(Path.of("/proc/self/fd"))) {
      try {
        if (Files.readSymbolicLink(Path.of("/proc/self/fd", name)).equals(path.toRealPath())) {
          count++;
        }
      } catch (IOException e) {
        // The one that listed the directory.
      }
    }
    return count;
  }

  private static void assertHasBlocks(Path path, long size) throws IOException {
    if (Shell.isLinux()) {
      assertTrue(Bytes.allocated(path) >= size, () -> path + " has fewer blocks than bytes");
    }
  }
}
