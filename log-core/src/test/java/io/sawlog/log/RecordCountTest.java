package io.sawlog.log;

import static io.sawlog.log.Logs.appendNumbers;
import static io.sawlog.log.Logs.numbers;
import static io.sawlog.log.Logs.small;
import static io.sawlog.log.Logs.values;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.file.DiskStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counts that stay exact although a power loss leaves a gap of offsets. */
class RecordCountTest {
  @TempDir Path directory;

  @Test
  void shouldCountAcrossRolls() {
    try (DrivenStore store = DrivenStore.open(directory)) {
      Partition partition = store.create("t", small());
      Logs.fillSegments(partition, 4);
      long end = partition.logEndOffset();

      assertEquals(end, partition.recordCount());
      for (long offset = 0; offset <= end; offset++) {
        assertEquals(end - offset, partition.recordsFrom(offset));
      }
      assertEquals(0, partition.recordsFrom(end + 1));
      assertEquals(end, partition.recordsFrom(-5));
    }
  }

  @Test
  void shouldCountExactlyAcrossTheGapsOfSeveralPowerLosses() throws IOException {
    List<Long> offsets = new ArrayList<>();
    int count = 0;
    Path life = directory.resolve("life-0");
    try (DrivenStore store = DrivenStore.open(life)) {
      Partition partition = store.create("t", small());
      appendNumbers(partition, 0, 100);
      count = 100;
      offsets.addAll(Logs.offsets(partition.read(Position.earliest())));
      Logs.copyTree(life, directory.resolve("life-1"));
    }
    for (int i = 1; i <= 3; i++) {
      life = directory.resolve("life-" + i);
      try (DrivenStore store =
          DrivenStore.open(
              life, SawlogConfig.defaults().withAfterPowerLoss(), DiskStorage.open())) {
        Partition partition = store.log.topic("t").partition(0);
        long gapFrom = offsets.get(offsets.size() - 1) + 1;
        long gapTo = partition.logEndOffset();
        assertTrue(gapTo - gapFrom >= 1L << 31, "there is a gap");
        assertExact(partition, offsets);

        for (int j = 0; j < 10 * i; j++) {
          offsets.add(partition.append(null, Logs.utf8(String.valueOf(count++))));
        }

        assertEquals(numbers(0, count), values(partition));
        assertExact(partition, offsets);
        assertEquals(10L * i, partition.recordsFrom(gapFrom));
        assertEquals(10L * i, partition.recordsFrom((gapFrom + gapTo) / 2));
        assertEquals(10L * i, partition.recordsFrom(gapTo));
        Logs.copyTree(life, directory.resolve("life-" + (i + 1)));
      }
      try (Sawlog reader = Sawlog.openReadOnly(life)) {
        assertExact(reader.topic("t").partition(0), offsets);
      }
      try (DrivenStore again = DrivenStore.open(life)) {
        assertExact(again.log.topic("t").partition(0), offsets);
        assertTrue(again.log.recoveryReport().isClean());
      }
    }
  }

  @Test
  void shouldCountWhatIsLeftWhenTheLogStartsInAGap() throws IOException {
    Path first = directory.resolve("first");
    Path second = directory.resolve("second");
    try (DrivenStore store = DrivenStore.open(first)) {
      appendNumbers(store.create("t", small()), 0, 10);
      Logs.copyTree(first, second);
    }
    try (DrivenStore store =
        DrivenStore.open(
            second, SawlogConfig.defaults().withAfterPowerLoss(), DiskStorage.open())) {
      Partition partition = store.log.topic("t").partition(0);
      appendNumbers(partition, 10, 15);

      partition.deleteBefore(1000);

      assertEquals(1000, partition.logStartOffset());
      assertEquals(5, partition.recordCount());
      assertEquals(numbers(10, 15), values(partition));
      partition.deleteBefore(Long.MAX_VALUE);
      assertEquals(0, partition.recordCount());
    }
  }

  private static void assertExact(Partition partition, List<Long> offsets) {
    assertEquals(offsets, Logs.offsets(partition.read(Position.earliest())));
    assertEquals(offsets.size(), partition.recordCount());
    for (int i = 0; i < offsets.size(); i++) {
      assertEquals(offsets.size() - i, partition.recordsFrom(offsets.get(i)));
      assertEquals(offsets.size() - i - 1, partition.recordsFrom(offsets.get(i) + 1));
    }
  }
}
