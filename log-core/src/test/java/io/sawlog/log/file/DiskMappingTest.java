package io.sawlog.log.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sawlog.log.file.Storage.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DiskMappingTest {
  private static final int LENGTH = 1 << 20;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void shouldShareItsBytesWithReadersOfTheFile(Calls calls) throws IOException {
    try (StorageFile file = calls.storage().create(directory.resolve("a"))) {
      file.allocate(LENGTH);
      MappedRegion region = file.map(LENGTH);

      region.buffer().putBytes(70_000, Bytes.pattern(5_000));

      assertEquals(LENGTH, region.buffer().capacity());
      assertArrayEquals(Bytes.pattern(5_000), Bytes.read(file, 70_000, 5_000));
      region.unmap();
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldOutliveTheFileAndItsName(Calls calls) throws IOException {
    Path path = directory.resolve("a");
    StorageFile file = calls.storage().create(path);
    file.allocate(LENGTH);
    MappedRegion region = file.map(LENGTH);

    file.close();
    region.buffer().putInt(0, 42);
    region.force(0, 4);
    assertEquals(42, Files.readAllBytes(path)[0]);
    calls.storage().delete(path);
    region.buffer().putInt(LENGTH - 4, 43);
    region.force(0, LENGTH);

    assertEquals(43, region.buffer().getInt(LENGTH - 4));
    region.unmap();
  }

  @ParameterizedTest
  @EnumSource
  void shouldForceAnyRange(Calls calls) throws IOException {
    try (StorageFile file = calls.storage().create(directory.resolve("a"))) {
      file.allocate(100_000);
      MappedRegion region = file.map(100_000);

      region.force(0, 0);
      region.force(1, 1);
      region.force(4_095, 2);
      region.force(99_999, 1);
      region.force(0, 100_000);

      assertThrows(IndexOutOfBoundsException.class, () -> region.force(99_999, 2));
      assertThrows(IndexOutOfBoundsException.class, () -> region.force(-1, 2));
      region.unmap();
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldNotMapMoreThanTheFileHas(Calls calls) throws IOException {
    Path path = directory.resolve("a");
    try (StorageFile file = calls.storage().create(path)) {
      file.allocate(4096);

      assertThrows(IOException.class, () -> file.map(4097));
      assertEquals(4096, file.size());

      calls.storage().delete(path);
      assertThrows(NoSuchFileException.class, () -> file.map(4096));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldKeepBytesWhenItPopulates(Calls calls) throws IOException {
    Path path = Files.write(directory.resolve("a"), Bytes.pattern(100_001));
    try (StorageFile file = calls.storage().open(path, Access.WRITE)) {
      MappedRegion region = file.map(100_001);

      region.populate(0, 0);
      region.populate(5_000, 1);
      region.populate(4_095, 90_000);
      region.populate(100_000, 1);
      region.populate(0, 100_001);

      assertArrayEquals(Bytes.pattern(100_001), Files.readAllBytes(path));
      assertThrows(IndexOutOfBoundsException.class, () -> region.populate(100_000, 2));
      region.unmap();
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldLoseNoStoreOfAnotherThreadWhileItPopulates(Calls calls) throws Exception {
    try (StorageFile file = calls.storage().create(directory.resolve("a"))) {
      file.allocate(LENGTH);
      MappedRegion region = file.map(LENGTH);
      Thread populater =
          new Thread(
              () -> {
                while (region.buffer().getIntVolatile(4) == 0) {
                  region.populate(0, 4);
                }
              });

      populater.start();
      int lost = 0;
      for (int round = 1; round <= 500_000; round++) {
        region.buffer().putIntVolatile(0, round);
        Thread.onSpinWait();
        lost += region.buffer().getIntVolatile(0) == round ? 0 : 1;
      }
      region.buffer().putIntVolatile(4, 1);
      populater.join();

      assertEquals(0, lost);
      region.unmap();
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldBeUnmappedOnceHoweverManyThreadsAsk(Calls calls) throws Exception {
    try (StorageFile file = calls.storage().create(directory.resolve("a"))) {
      file.allocate(4096);
      for (int round = 0; round < 50; round++) {
        MappedRegion region = file.map(4096);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          threads.add(new Thread(region::unmap));
        }

        threads.forEach(Thread::start);
        for (Thread thread : threads) {
          thread.join();
        }

        assertThrows(IllegalStateException.class, () -> region.force(0, 1));
        assertThrows(IllegalStateException.class, () -> region.populate(0, 1));
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void shouldNotEndTheProcessWhenThePagesToPopulateAreGone() throws IOException {
    List<String> said = Child.run(LostPagesChild.class, directory.resolve("file").toString());

    assertEquals(List.of("alive"), said);
  }
}
