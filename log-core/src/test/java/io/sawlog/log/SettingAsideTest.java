package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.sim.SimulatedCrash;
import io.sawlog.log.sim.SimulatedStorage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Recovery sets segments aside, of which nothing was durable, and is cut short at each call. What
 * is left must look neither like a log whose beginning is missing nor like one that is whole.
 */
class SettingAsideTest {
  /** Which bytes of the first segment never reached the disk. */
  private enum Torn {
    HEADER(0, 64),
    END(40 << 10, 64 << 10);

    private final int from;
    private final int to;

    Torn(int from, int to) {
      this.from = from;
      this.to = to;
    }
  }

  private static final Path STORE = Path.of("/sim/data/store").toAbsolutePath();

  @ParameterizedTest
  @EnumSource
  void shouldGoOnAfterAKillWhileItSetSegmentsAside(Torn torn) {
    cutAnywhere(1, torn, SimulatedStorage::afterKill);
  }

  @ParameterizedTest
  @EnumSource
  void shouldGoOnAfterAPowerCutWhileItSetSegmentsAside(Torn torn) {
    for (int seed = 1; seed <= 20; seed++) {
      cutAnywhere(seed, torn, SimulatedStorage::afterPowerCut);
    }
  }

  private static void cutAnywhere(int seed, Torn torn, UnaryOperator<SimulatedStorage> cut) {
    boolean finished = false;
    int calls = 0;
    while (!finished) {
      SimulatedStorage disk = threeSegmentsTheFirstTorn(seed, torn);
      disk.crashAt(calls++);
      try {
        new SmallStore(STORE, disk).close();
        finished = true;
      } catch (SimulatedCrash e) {
        // as planned
      }
      disk.calm();
      SimulatedStorage left = cut.apply(disk);
      try (SmallStore store = new SmallStore(STORE, left)) {
        assertEquals(store.partition.logEndOffset(), store.append(10));
        assertTrue(store.partition.logEndOffset() > 1L << 31, "an offset may have been reused");
      }
    }
    assertTrue(calls > 20, calls + " calls");
  }

  /** What a power cut may leave of three segments that were never flushed. */
  private static SimulatedStorage threeSegmentsTheFirstTorn(int seed, Torn torn) {
    SimulatedStorage disk = SimulatedStorage.empty(new SplittableRandom(seed));
    SmallStore store = new SmallStore(STORE, disk);
    store.roll();
    store.roll();
    Path first = store.partition.segments().get(0).file();
    SimulatedStorage left = disk.afterKill();
    left.damage(first, bytes -> Arrays.fill(bytes, torn.from, torn.to, (byte) 0));
    return left;
  }
}
