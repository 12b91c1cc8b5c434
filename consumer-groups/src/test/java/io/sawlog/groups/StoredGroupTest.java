package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.CorruptLogException;
import io.sawlog.log.SawlogConfig;
import io.sawlog.log.TopicConfig;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredGroupTest {
  @TempDir Path directory;

  private StoredGroup open() {
    return StoredGroup.open("g", directory.resolve("g"), SawlogConfig.defaults());
  }

  @Test
  void shouldGoOnWhereItWasAfterReopening() {
    try (StoredGroup files = open()) {
      Ledger ledger = Ledger.open("g", files);
      ledger.record(Events.beginning(), false);
      ledger.record(new PartitionEvent.Committed(1, 2, 42), true);
    }

    try (StoredGroup files = open()) {
      assertEquals(42, Ledger.open("g", files).state().progressOf(1, 2).floor());
    }
  }

  @Test
  void shouldStaySmallAfterTenMillionCommits() throws IOException {
    try (StoredGroup files = open()) {
      Ledger ledger = Ledger.open("g", files);
      ledger.record(Events.beginning(), false);

      for (int offset = 1; offset <= 10_000_000; offset++) {
        ledger.record(new PartitionEvent.Committed(1, 0, offset), false);
      }
    }
    try (StoredGroup files = open()) {
      assertEquals(10_000_000, Ledger.open("g", files).state().progressOf(1, 0).floor());
      assertTrue(sizeOf(directory) < 16 << 20, "bytes: " + sizeOf(directory));
    }
  }

  /** Such as a large window leaves in which every other record is finished. */
  @Test
  void shouldTakeASnapshotOfMoreThanARecordMayHold() {
    long offsets = 2L * TopicConfig.defaults().maxFrameBytes();
    try (StoredGroup files = open()) {
      Ledger ledger = Ledger.open("g", files);
      ledger.record(Events.beginning(), false);
      OffsetRanges finished = new OffsetRanges();
      for (long offset = 1; offset < offsets; offset += 2) {
        finished.add(offset, offset + 1);
      }
      for (OffsetRanges part : finished.parts()) {
        ledger.record(new PartitionEvent.Finished(1, 0, part), false);
      }

      ledger.snapshot();
    }
    try (StoredGroup files = open()) {
      Progress progress = Ledger.open("g", files).state().progressOf(1, 0);
      assertEquals(offsets / 2, progress.done().rangeCount());
    }
  }

  @Test
  void shouldNameTheHostWhereThereIsOne() {
    try (StoredGroup files = open()) {
      GroupHostedException refused = assertThrows(GroupHostedException.class, this::open);

      assertTrue(refused.getMessage().contains("'g'"), refused.getMessage());
      assertTrue(
          refused.getMessage().contains(Long.toString(ProcessHandle.current().pid())),
          refused.getMessage());
      assertEquals(0, files.deadLetters().recordCount());
    }
  }

  @Test
  void shouldRefuseADamagedSideLog() throws IOException {
    try (StoredGroup files = open()) {
      Ledger ledger = Ledger.open("g", files);
      ledger.record(Events.beginning(), false);
      ledger.record(new PartitionEvent.Committed(1, 0, 7), true);
    }
    Path log = directory.resolve("g/state/0/00000000000000000000.log");
    try (RandomAccessFile bytes = new RandomAccessFile(log.toFile(), "rw")) {
      bytes.seek(64 + 40);
      int value = bytes.read();
      bytes.seek(64 + 40);
      bytes.write(value ^ 1);
    }

    assertThrows(
        CorruptLogException.class,
        () -> {
          try (StoredGroup files = open()) {
            Ledger.open("g", files);
          }
        });
  }

  private static long sizeOf(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      long size = 0;
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        size += Files.size(path);
      }
      return size;
    }
  }
}
