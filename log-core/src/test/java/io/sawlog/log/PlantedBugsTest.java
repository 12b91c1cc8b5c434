package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.fail;

import io.sawlog.log.StoreHistory.Trouble;
import io.sawlog.log.file.Storage;
import io.sawlog.log.sim.BrokenStorage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The simulations' own test: each bug that is planted here must be found by them. */
class PlantedBugsTest {
  private static final int MOST_SEEDS = 4_000;

  @Test
  void shouldFindThatNoDirectoryIsForced() {
    mustBeFound(broken(BrokenStorage.withoutForcingDirectories(), Trouble.NONE));
  }

  @Test
  void shouldFindThatTheLastPageIsNotForced() {
    mustBeFound(broken(BrokenStorage.withoutTheLastPage(), Trouble.NONE));
  }

  @Test
  void shouldFindAnAcknowledgementBeforeTheFlush() {
    mustBeFound(broken(BrokenStorage.withLateFlushes(), Trouble.NONE));
  }

  @Test
  void shouldFindThatAFailedFlushIsIgnored() {
    mustBeFound(broken(BrokenStorage.withSilentFailures(), Trouble.FAILING_FLUSHES));
  }

  @Test
  void shouldFindThatAFailedFlushIsTriedAgain() {
    mustBeFound(
        patched(
            Trouble.FAILING_FLUSHES,
            "DurableFrontier.java",
            "region.force(end.position, next.position - end.position);",
            """
            try {
              region.force(end.position, next.position - end.position);
            } catch (IOException e) {
              region.force(end.position, next.position - end.position);
            }
            """));
  }

  @Test
  void shouldFindThatRecoveryDoesNotWriteTheTailAgain() {
    mustBeFound(
        patched(
            Trouble.FAILING_FLUSHES, "Recovery.java", "      file.write(bytes.flip(), at);\n", ""));
  }

  @Test
  void shouldFindThatNoFloorIsKept() {
    mustBeFound(
        patched(
            Trouble.NONE,
            "RecoveryAnalysis.java",
            "Math.max(state.floor(), state.tail().nextOffset())",
            "0L"));
  }

  @Test
  void shouldFindThatTheLogStartIsStoredAfterTheUnlink() {
    mustBeFound(
        patched(
            Trouble.NONE,
            "LogStart.java",
            """
                if (newOffset > offset) {
                  life.moveLogStart(newOffset);
                  offset = newOffset;
                }
                removeSegmentsBelow();
            """,
            """
                boolean moved = newOffset > offset;
                offset = Math.max(offset, newOffset);
                removeSegmentsBelow();
                if (moved) {
                  life.moveLogStart(newOffset);
                }
            """));
  }

  private static LongConsumer broken(UnaryOperator<Storage> disk, Trouble trouble) {
    return seed -> StoreHistory.run(seed, disk, trouble);
  }

  private static LongConsumer patched(
      Trouble trouble, String file, String present, String changed) {
    Method run = run(PatchedEngine.with(file, present, changed));
    return seed -> {
      try {
        run.invoke(null, seed, trouble.name());
      } catch (InvocationTargetException e) {
        if (e.getCause() instanceof AssertionError found) {
          throw found;
        }
        throw new IllegalStateException(e.getCause());
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    };
  }

  private static Method run(PatchedEngine engine) {
    try {
      Method run =
          engine
              .loadClass(StoreHistory.class.getName())
              .getDeclaredMethod("run", long.class, String.class);
      run.setAccessible(true);
      return run;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void mustBeFound(LongConsumer history) {
    for (long seed = 1; seed <= MOST_SEEDS; seed++) {
      try {
        history.accept(seed);
      } catch (AssertionError found) {
        String what = found.getMessage().lines().findFirst().orElse("");
        System.out.println("found with seed " + seed + ": " + what);
        return;
      }
    }
    fail("the planted bug was not found in " + MOST_SEEDS + " histories");
  }
}
