package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which file systems a store is opened on: not on those that can lose what was synced. */
class FileSystemTypeTest {
  private static final SawlogConfig ALLOWED = SawlogConfig.defaults().withUnsafeFileSystemAllowed();

  @TempDir Path directory;

  private static HookedStorage on(String type) {
    return new HookedStorage() {
      @Override
      public String fileSystemType(Path path) {
        return type;
      }
    };
  }

  private DrivenStore open(SawlogConfig config, String type) {
    return DrivenStore.open(directory, config, on(type));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nfs", "nfs4", "NFS", "cifs", "btrfs", "zfs", "fuse.sshfs"})
  void shouldRefuseOneThatCanLoseSyncedRecords(String type) throws IOException {
    UnsafeFileSystemException writing =
        assertThrows(UnsafeFileSystemException.class, () -> open(SawlogConfig.defaults(), type));

    String message = writing.getMessage();
    assertTrue(message.contains(directory + " is on " + type.toLowerCase(Locale.ROOT)));
    assertTrue(message.contains("withUnsafeFileSystemAllowed"), message);
    assertTrue(message.contains("--allow-unsafe-file-system"), message);
    try (var files = Files.list(directory)) {
      assertEquals(0, files.count(), "a refused opening must leave nothing behind");
    }
  }

  @Test
  void shouldRefuseToReadThereTooBecauseRecordsMayBeMissing() {
    open(ALLOWED, "nfs").close();

    assertThrows(
        UnsafeFileSystemException.class,
        () -> Sawlog.openReadOnly(directory, SawlogConfig.defaults(), on("nfs")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nfs", "btrfs", "zfs"})
  void shouldOpenItWhenTheCallerSaysSo(String type) {
    try (DrivenStore store = open(ALLOWED, type)) {
      Partition partition = store.create("t", Logs.small());
      Logs.appendNumbers(partition, 0, 3);
    }

    try (Sawlog reader = Sawlog.openReadOnly(directory, ALLOWED, on(type))) {
      assertEquals(Logs.numbers(0, 3), Logs.values(reader.topic("t").partition(0)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "tmpfs"})
  void shouldSayNothingAboutOneThatKeepsItsPromises(String type) {
    try (Warnings warnings = new Warnings()) {
      open(SawlogConfig.defaults(), type).close();

      assertEquals(List.of(), warnings.said());
    }
  }

  @Test
  void shouldWarnOfAnOverlayWhichGoesWithItsContainer() {
    try (Warnings warnings = new Warnings()) {
      open(SawlogConfig.defaults(), "overlay").close();

      assertEquals(1, warnings.said().size());
      String warning = warnings.said().get(0);
      assertTrue(warning.contains(directory.toString()), warning);
      assertTrue(warning.contains("overlay"), warning);
    }
  }
}
