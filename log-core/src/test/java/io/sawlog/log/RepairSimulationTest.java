package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.sim.SimulatedCrash;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Random damage to a closed or a killed store, whose repair is killed or loses power anywhere, and
 * is then planned anew: no record is lost but those whose bytes were damaged, however often that
 * happens, and no index names what the repair has replaced; and where the planner refuses, nothing
 * has changed.
 */
class RepairSimulationTest {
  private final Logger engine = Logger.getLogger("io.sawlog");
  private int refused;

  /** A rebuilt index is worth a warning, and here thousands of them. */
  @BeforeEach
  void silence() {
    engine.setLevel(Level.OFF);
  }

  @AfterEach
  void unsilence() {
    engine.setLevel(null);
  }

  @Test
  void shouldLoseNoMoreThanTheDamageWhereverARepairIsCutShort() {
    Seeds.until(getClass(), "repairs cut short", 300, 20_000, this::run);

    assertTrue(refused < Amount.of(300, 20_000), refused + " refusals");
  }

  private long run(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    boolean gap = random.nextInt(3) == 0;
    DamagedStore store = new DamagedStore(random, random.nextInt(1, 5), random.nextBoolean(), gap);
    store.writeBack();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      damage(store, random);
    }
    long before = store.disk.mutations();
    PartitionRepair plan = store.plan();
    assertEquals(before, store.disk.mutations(), "planning has changed something");
    if (!plan.obstacles().isEmpty()) {
      refused++;
      return 0;
    }
    long cuts = 0;
    for (int left = random.nextInt(4); left > 0; left--) {
      cuts += cutShort(store, random);
    }
    store.repair();
    store.checkIndexes();
    List<Long> found = store.check();
    assertEquals(List.of(), store.plan().steps(), "seed " + seed + " needs a second repair");
    // opening it has appended one record each time
    assertEquals(found.size() + 1, store.check().size());
    return cuts;
  }

  private static long cutShort(DamagedStore store, SplittableRandom random) {
    store.disk.crashAt(random.nextInt(1, 120));
    try {
      store.repair();
      return 0;
    } catch (SimulatedCrash e) {
      return 1;
    } finally {
      store.disk.calm();
      store.history.add("cut short");
      store.disk = random.nextBoolean() ? store.disk.afterKill() : store.disk.afterPowerCut();
    }
  }

  private static void damage(DamagedStore store, SplittableRandom random) {
    Path file = store.segments.get(random.nextInt(store.segments.size()));
    if (!store.disk.exists(file)) {
      return;
    }
    List<DamagedStore.Frame> frames = store.framesOf(file);
    DamagedStore.Frame frame = frames.get(random.nextInt(frames.size()));
    switch (random.nextInt(8)) {
      case 0 -> store.delete(file);
      case 1 -> store.overwrite(file, 0, 64, random.nextInt(256));
      case 2 -> damageMeta(store, random);
      case 3 -> {
        int from = frame.position() + random.nextInt(frame.length());
        store.overwrite(file, from, Math.min(64 << 10, from + random.nextInt(1, 9000)), 0);
      }
      case 4 -> {
        int from = frame.position();
        store.overwrite(file, from, Math.min(64 << 10, from + 4096), random.nextInt(256));
      }
      case 5 -> splice(store, file, frames, random);
      default -> store.flipBit(file, frame.position() + random.nextInt(frame.length()));
    }
  }

  private static void damageMeta(DamagedStore store, SplittableRandom random) {
    int pages = random.nextInt(1, 4);
    byte value = (byte) random.nextInt(256);
    store.history.add(pages + " pages of the meta file damaged");
    store.disk.damage(
        DamagedStore.PARTITION.resolve(PartitionMeta.FILE_NAME),
        bytes -> Arrays.fill(bytes, 0, pages * 4096, value));
  }

  /** Good frames in the wrong place. */
  private static void splice(
      DamagedStore store, Path file, List<DamagedStore.Frame> frames, SplittableRandom random) {
    DamagedStore.Frame from = frames.get(random.nextInt(frames.size()));
    DamagedStore.Frame to = frames.get(random.nextInt(frames.size()));
    if (from.end() && from.offset() >= 1L << 31) {
      // behind the END of a cut log there may be leftovers, so nobody can tell a copy of it
      return;
    }
    int length = Math.min(from.length(), (64 << 10) - to.position());
    store.damage(
        file,
        to.position(),
        to.position() + length,
        bytes ->
            System.arraycopy(
                Arrays.copyOf(bytes, bytes.length), from.position(), bytes, to.position(), length));
  }
}
