package io.sawlog.log.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DiskFullTest {
  private static final int MIB = 1 << 20;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void shouldSayThatTmpfsIsFull(Calls calls) throws IOException {
    try (SmallDisk disk = SmallDisk.tmpfs(directory, 4)) {
      shouldSayThatTheDiskIsFull(calls.storage(), disk.root());
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldSayThatExt4IsFull(Calls calls) throws IOException {
    try (SmallDisk disk = SmallDisk.ext4(directory, 16)) {
      shouldSayThatTheDiskIsFull(calls.storage(), disk.root());
    }
  }

  private static void shouldSayThatTheDiskIsFull(Storage storage, Path root) throws IOException {
    Path small = root.resolve("small");
    try (StorageFile file = storage.create(small)) {
      file.allocate(MIB);
      MappedRegion region = file.map(MIB);

      Path big = root.resolve("big");
      try (StorageFile tooBig = storage.create(big)) {
        NoSpaceException e = assertThrows(NoSpaceException.class, () -> tooBig.allocate(64L * MIB));
        assertTrue(e.getMessage().contains(big.toString()), e.getMessage());
      }
      storage.delete(big);

      Path filler = root.resolve("filler");
      try (StorageFile writes = storage.create(filler)) {
        ByteBuffer bytes = ByteBuffer.allocate(64 << 10);
        NoSpaceException e =
            assertThrows(
                NoSpaceException.class,
                () -> {
                  for (int i = 0; i < 1024; i++) {
                    writes.write(bytes.clear(), writes.size());
                  }
                });
        assertTrue(e.getMessage().contains(filler.toString()), e.getMessage());
        for (int i = 0; i < 4096 && fits(writes); i++) {}

        // What was allocated before still takes stores.
        byte[] stored = Bytes.pattern(MIB);
        region.buffer().putBytes(0, stored);
        region.force(0, MIB);
        assertArrayEquals(stored, Files.readAllBytes(small));
      }
      region.unmap();
    }
  }

  @Test
  void shouldLockAStoreOnAFullDisk() throws IOException {
    try (SmallDisk disk = SmallDisk.ext4(directory, 16)) {
      Storage storage = DiskStorage.open();
      Path lockFile = disk.root().resolve("store.lock");
      Files.createFile(lockFile);
      try (StorageFile filler = storage.create(disk.root().resolve("filler"))) {
        for (int i = 0; i < 1 << 16 && fits(filler); i++) {}
      }

      try (StorageLock lock = storage.tryLock(lockFile, "somebody")) {
        assertNotNull(lock);
        assertEquals("somebody", storage.lockHolder(lockFile));
      }
    }
  }

  private static boolean fits(StorageFile file) throws IOException {
    try {
      file.write(ByteBuffer.allocate(1024), file.size());
      return true;
    } catch (NoSpaceException e) {
      return false;
    }
  }
}
