package io.sawlog.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.sim.SimulatedStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TornSlotTest {
  private static final Path STORE = Path.of("/sim/data/store").toAbsolutePath();
  private static final Path META = STORE.resolve("t").resolve("0").resolve(PartitionMeta.FILE_NAME);
  private static final int PAGE = 4096;

  /** A flush that fails may have written all; another attempt, killed in the middle, hides it. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldNotLetAFailedChangeComeBackFromTheDisk(long seed) throws IOException {
    SimulatedStorage disk = SimulatedStorage.empty(new SplittableRandom(seed));
    try (SmallStore store = new SmallStore(STORE, disk)) {
      for (int i = 0; i < 10; i++) {
        store.partition.append(null, "a record".getBytes(UTF_8));
      }
    }
    // a life without appends: its hints confirm that the state was forced
    new SmallStore(STORE, disk).close();
    try (StorageFile meta = disk.open(META, Storage.Access.WRITE)) {
      PartitionState closed = PartitionMeta.inspect(meta, new ArrayList<>());
      PartitionState failed = closed.withLogStart(7);
      int slot = (int) (failed.generation() % 2) * PAGE;
      meta.write(failed.encode(), slot);
      meta.force();
      meta.write(ByteBuffer.wrap("torn".getBytes(UTF_8)), slot + 40);
    }
    disk = disk.afterKill();
    try (SmallStore store = new SmallStore(STORE, disk)) {
      assertEquals(0, store.partition.logStartOffset());
    }

    try (SmallStore store = new SmallStore(STORE, disk.afterPowerCut())) {
      assertEquals(0, store.partition.logStartOffset());
    }
  }
}
