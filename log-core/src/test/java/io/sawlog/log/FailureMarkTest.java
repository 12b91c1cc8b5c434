package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.sim.Faults;
import io.sawlog.log.sim.SimulatedStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * What the next opening knows of a flush that has failed, whatever the page cache has forgotten.
 */
class FailureMarkTest {
  private static final Path STORE = Path.of("/sim/data/store").toAbsolutePath();
  private static final Path MARK = STORE.resolve("t/0").resolve(FailureMark.FILE_NAME);
  private static final Faults FAILING_FLUSHES =
      (operation, path, number) ->
          operation.isFlush() && path.startsWith(STORE.resolve("t/0"))
              ? new IOException("no flush")
              : null;

  @Test
  void shouldNotReuseAnOffsetThoughTheCacheForgotEveryPageThatTellsOfTheFailure() {
    for (int seed = 1; seed <= 20; seed++) {
      SimulatedStorage disk = SimulatedStorage.empty(new SplittableRandom(seed));
      SmallStore store = new SmallStore(STORE, disk);
      store.append(10);
      store.partition.flush();
      long given = store.append(10);
      disk.faults(FAILING_FLUSHES);
      assertThrows(FailedLogException.class, store.partition::flush);
      assertThrows(LogIoException.class, () -> store.partition.deleteBefore(1));

      SimulatedStorage left = disk.afterKill();
      for (int i = 0; i < 20; i++) {
        left.evict();
      }
      try (SmallStore next = new SmallStore(STORE, left)) {
        assertTrue(
            next.partition.logEndOffset() > given, "offset " + given + " is given out again");
        assertFalse(left.exists(MARK), "the failure is over");
      }
    }
  }

  @Test
  void shouldNotTakeForDurableWhatAFailedRecoveryBeganToWrite() {
    for (int seed = 1; seed <= 50; seed++) {
      SimulatedStorage disk = SimulatedStorage.empty(new SplittableRandom(seed));
      SmallStore store = new SmallStore(STORE, disk);
      store.append(10);
      SimulatedStorage left = disk.afterKill();
      left.faults(FAILING_FLUSHES);
      assertThrows(LogIoException.class, () -> new SmallStore(STORE, left));

      SimulatedStorage afterwards = left.afterPowerCut();
      try (SmallStore next = new SmallStore(STORE, afterwards)) {
        assertEquals(next.partition.logEndOffset(), next.append(10));
      }
    }
  }

  @Test
  void shouldTrustTheCacheAgainInTheLifeAfterTheFailure() {
    SimulatedStorage disk = SimulatedStorage.empty(new SplittableRandom(1));
    SmallStore store = new SmallStore(STORE, disk);
    store.append(10);
    disk.faults(FAILING_FLUSHES);
    assertThrows(FailedLogException.class, store.partition::flush);
    assertTrue(disk.exists(MARK));

    SimulatedStorage second = disk.afterKill();
    long written = new SmallStore(STORE, second).append(10);
    try (SmallStore third = new SmallStore(STORE, second.afterKill())) {
      assertEquals(written + 1, third.partition.logEndOffset(), "a mere kill loses nothing");
    }
  }
}
