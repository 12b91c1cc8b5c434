package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.sim.SimulatedCrash;
import io.sawlog.log.sim.SimulatedStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PartitionCopyTest {
  private static final Path COPY = DamagedStore.STORE.resolveSibling("copy").resolve("t");

  @Test
  void shouldGiveTheSameLogWhereverItIsCutShort() throws IOException {
    boolean finished = false;
    int calls = 0;
    while (!finished) {
      DamagedStore store = new DamagedStore(new SplittableRandom(calls), 3, calls % 2 == 0, false);
      store.writeBack();
      store.disk.createDirectory(COPY.resolve("0"));
      store.disk.crashAt(calls);
      calls += 7;
      try {
        copy(store.disk, store);
        finished = true;
      } catch (SimulatedCrash e) {
        // as planned
      }
      store.disk.calm();
      SimulatedStorage left = store.disk.afterKill();
      PartitionCopy.Result result = copy(left, store);

      assertEquals(store.endOffset, result.endOffset());
      assertEquals(recordsIn(left, DamagedStore.PARTITION), recordsIn(left, COPY.resolve("0")));
    }
    assertTrue(calls > 100, calls + " calls");
  }

  @Test
  void shouldNotCopySealedSegmentsASecondTime() throws IOException {
    DamagedStore store = new DamagedStore(new SplittableRandom(1), 4, true, true);
    store.disk.createDirectory(COPY.resolve("0"));

    PartitionCopy.Result first = copy(store.disk, store);
    PartitionCopy.Result second = copy(store.disk, store);

    assertEquals(0, first.presentBytes());
    assertTrue(second.presentBytes() > 2 * second.copiedBytes(), second.toString());
    assertEquals(first.copiedBytes(), second.copiedBytes() + second.presentBytes());
  }

  @Test
  void shouldNotPassDamageOffAsAShorterLog() throws IOException {
    DamagedStore store = new DamagedStore(new SplittableRandom(2), 3, false, false);
    DamagedStore.Frame frame = store.framesOf(store.segments.get(1)).get(4);
    store.flipBit(frame.file(), frame.position() + 40);
    store.disk.createDirectory(COPY.resolve("0"));

    CorruptLogException e = assertThrows(CorruptLogException.class, () -> copy(store.disk, store));

    assertTrue(e.getMessage().contains("offset " + frame.offset()), e.getMessage());
    assertTrue(e.getMessage().contains(frame.file().toString()), e.getMessage());
  }

  private static PartitionCopy.Result copy(SimulatedStorage disk, DamagedStore store) {
    return PartitionCopy.run(
        new PartitionPlace(disk, DamagedStore.PARTITION, "t", store.topicId, 0),
        new PartitionPlace(disk, COPY.resolve("0"), "t", store.topicId, 0));
  }

  /** Offsets and positions of all frames that follow each other. */
  private static List<String> recordsIn(SimulatedStorage disk, Path partition) {
    return disk.files(partition, ".log").stream()
        .sorted()
        .flatMap(file -> DamagedStore.framesIn(disk, file).stream())
        .map(frame -> frame.file().getFileName() + " " + frame.position() + " " + frame.offset())
        .toList();
  }
}
