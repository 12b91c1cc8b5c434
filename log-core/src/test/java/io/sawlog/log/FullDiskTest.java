package io.sawlog.log;

import static io.sawlog.log.Logs.numbers;
import static io.sawlog.log.Logs.utf8;
import static io.sawlog.log.Logs.values;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.file.SmallDisk;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a log whose disk is full; skipped where no small disk can be mounted. */
class FullDiskTest {
  private static final TopicConfig CONFIG =
      TopicConfig.defaults().segmentBytes(1 << 20).retention(Retention.forever().maxBytes(2 << 20));

  @TempDir Path directory;

  /** How large the records are: other ones each time. */
  private final SplittableRandom random = new SplittableRandom(Amount.seed());

  private int valueBytes = 20_000;

  @Test
  void shouldSayThatTmpfsIsFullAndGoOnWhenThereIsRoom() throws IOException {
    again(place -> SmallDisk.tmpfs(place, 8 + random.nextInt(8)));
  }

  @Test
  void shouldSayThatExt4IsFullAndGoOnWhenThereIsRoom() throws IOException {
    again(place -> SmallDisk.ext4(place, 16 + random.nextInt(8)));
  }

  @Test
  void shouldSayThatXfsIsFullAndGoOnWhenThereIsRoom() throws IOException {
    Rigs.assumeTools("mkfs.xfs");
    again(place -> SmallDisk.xfs(place, 32 + random.nextInt(16)));
  }

  private interface DiskMaker {
    SmallDisk make(Path place) throws IOException;
  }

  private void again(DiskMaker maker) throws IOException {
    int disks = Amount.of(1, 14);
    for (int i = 0; i < disks; i++) {
      valueBytes = random.nextInt(2_000, 60_000);
      Path place = Files.createDirectory(directory.resolve("place" + i));
      try (SmallDisk disk = maker.make(place)) {
        shouldSayThatTheDiskIsFullAndGoOnWhenThereIsRoom(disk.root());
      } catch (AssertionError e) {
        throw new AssertionError("seed " + Amount.seed() + ": " + e.getMessage(), e);
      }
    }
    Totals.count("full disks", disks);
  }

  private void shouldSayThatTheDiskIsFullAndGoOnWhenThereIsRoom(Path disk) throws IOException {
    Path store = disk.resolve("store");
    Path filler = disk.resolve("filler");
    int count;
    try (DrivenStore log = DrivenStore.open(store)) {
      Partition partition = log.create("t", CONFIG);
      count = fill(partition, 0);

      LogFullException e =
          assertThrows(LogFullException.class, () -> partition.append(null, new byte[1_000_000]));
      assertTrue(e.getMessage().startsWith("t-0: "), e.getMessage());
      shouldNameTheDiskAndTheWayOut(e, store.resolve("t/0"));
      fillUp(filler);
      shouldNameTheDiskAndTheWayOut(
          assertThrows(
              LogFullException.class, () -> log.log.createTopic("u", TopicConfig.defaults())),
          store);

      // what was acknowledged is there, can be read, and can be made durable
      assertEquals(numbers(0, count), firstWords(partition));
      partition.flush();
      assertEquals(count, partition.durableOffset());
      assertEquals(count, partition.logEndOffset());

      // retention makes room, and appends resume by themselves
      log.retention();
      assertTrue(partition.logStartOffset() > 0);
      count = fill(partition, count);
      partition.deleteBefore(count - 1);
      log.retention();
      assertEquals(count++, partition.append(null, value(count - 1)));
    }
    fillUp(filler);
    try (DrivenStore log = DrivenStore.open(store)) {
      Partition partition = log.log.topic("t").partition(0);
      assertTrue(log.log.recoveryReport().isClean());
      assertEquals(count, partition.logEndOffset());
      count = fill(partition, count);

      // room that somebody else gives back
      Files.delete(filler);
      int more = count;
      assertEquals(more, partition.append(null, value(more)));
      assertEquals(numbers((int) partition.logStartOffset(), more + 1), firstWords(partition));
    }
  }

  private static void shouldNameTheDiskAndTheWayOut(LogFullException e, Path directory) {
    assertFalse(e.isHeldByGroups());
    String message = e.getMessage();
    assertTrue(message.contains("the disk is full"), message);
    assertTrue(message.contains(" " + directory + " "), message);
    assertTrue(message.contains("free space"), message);
  }

  private byte[] value(int number) {
    return utf8(number + " " + "x".repeat(valueBytes));
  }

  /** Appends until the disk is full; returns the number of the next record. */
  private int fill(Partition partition, int from) {
    for (int i = from; i < from + 10_000; i++) {
      try {
        assertEquals(i, partition.append(null, value(i)));
      } catch (LogFullException e) {
        return i;
      }
    }
    throw new AssertionError("the disk never became full");
  }

  private static List<String> firstWords(Partition partition) {
    return values(partition).stream().map(value -> value.substring(0, value.indexOf(' '))).toList();
  }

  private static void fillUp(Path file) throws IOException {
    try (var output = Files.newOutputStream(file)) {
      for (int length = 1 << 20; length >= 512; length /= 2) {
        fillUp(output, length);
      }
    }
  }

  private static void fillUp(OutputStream output, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < 1000; i++) {
      try {
        output.write(bytes);
      } catch (IOException e) {
        return;
      }
    }
  }

  @Test
  void shouldTakeSmallerSegmentsWhenLargeOnesNoLongerFit() throws IOException {
    try (SmallDisk disk = SmallDisk.tmpfs(directory, 9);
        DrivenStore log = DrivenStore.open(disk.root().resolve("store"))) {
      Partition partition = log.create("t", TopicConfig.defaults());

      // 1 + 2 + 4 MiB are taken; 8 do not fit, 1 does
      int count = fill(partition, 0);

      assertTrue(partition.segments().size() > 3, partition.segments().toString());
      assertTrue(count * 20_000L > 7 << 20, "filled only " + count);
      assertEquals(numbers(0, count), firstWords(partition));
    }
  }
}
