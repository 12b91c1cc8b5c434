package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.fail;

import io.sawlog.log.StoreHistory.Trouble;
import io.sawlog.log.file.Storage;
import io.sawlog.log.sim.BrokenStorage;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tests' own test: each bug that is planted here must be found by them. */
class PlantedBugsTest {
  private static final int MOST_SEEDS = 4_000;

  @TempDir Path directory;

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

  @Test
  void shouldFindThatEndIsTakenForAProofOfDurability() {
    mustBeFound(
        patched(
            Trouble.NONE,
            "RecoveryScan.java",
            "if (scanner.durablePosition() > limit) {",
            "if (scanner.durablePosition() > limit || scanner.kind() == FrameFormat.KIND_END) {"));
  }

  @Test
  void shouldFindThatASegmentThatFollowsIsTakenForAProofOfDurability() {
    mustBeFound(
        patched(
            Trouble.NONE,
            "RecoveryScan.java",
            "boolean torn = i == index;",
            """
            boolean torn = i == index;
            if (!torn) {
              throw damage(found, SegmentHeader.LENGTH, stop);
            }
            """));
  }

  @Test
  void shouldFindThatAFrameIsPublishedBeforeItsChecksumIsThere() {
    mustBeFound(
        patched(
            Trouble.NONE,
            "segment/ActiveSegment.java",
            "checkStored(frame, position, length);\n    } catch",
            """
            checkStored(frame, position, length);
            log.putInt(position + CRC_FIELD, 0);
            publish(position, length);
            log.putInt(position + CRC_FIELD, FrameFormat.crc(frame.buffer(), 0));
            } catch\
            """));
  }

  @Test
  void shouldFindThatTimesAreLookedUpWithLessOrEqual() {
    mustBeFound(
        patched(
            Trouble.NONE,
            "SparseIndex.java",
            "time != FrameProbe.NO_FRAME && time < timeBelow",
            "time != FrameProbe.NO_FRAME && time <= timeBelow",
            "appendTime(slot) < timeBelow",
            "appendTime(slot) <= timeBelow"));
  }

  @Test
  void shouldFindThatTheIndexIsTrusted() {
    mustBeFound(
        patched(
            Trouble.NONE,
            "SparseIndex.java",
            "if (time != FrameProbe.NO_FRAME && time < timeBelow) {",
            "if (position > 0) {"));
  }

  @Test
  void shouldFindThatTheChecksumIsComputedOverTheMapping() throws Exception {
    PatchedEngine engine =
        PatchedEngine.with(
            "segment/ActiveSegment.java",
            "checkStored(frame, position, length);\n    } catch",
            """
            java.nio.ByteBuffer mapped = java.nio.ByteBuffer.allocate(length);
            log.getBytes(position, mapped, length);
            mapped.order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(0, length);
            mapped.putInt(CRC_FIELD, header.salt());
            log.putInt(position + CRC_FIELD, new FrameChecksum().compute(mapped, 0, length));
            checkStored(frame, position, length);
            } catch\
            """);

    mustTurnRed(
        engine,
        "io.sawlog.log.segment.FrameIntegrityTest",
        "shouldNeverPublishAGoodChecksumOverBytesThatDidNotArrive");
  }

  @Test
  void shouldFindThatSegmentsHaveNoSaltOfTheirOwn() throws Exception {
    PatchedEngine engine =
        PatchedEngine.with("PreparedSegment.java", "ThreadLocalRandom.current().nextInt()", "0");

    mustTurnRed(
        engine,
        "io.sawlog.log.PromisesTest",
        "shouldNeverPassABlockOfAnotherPartitionOrAnotherLife");
  }

  @Test
  void shouldFindThatTheClockIsReadBeforeTheTail() throws Exception {
    PatchedEngine engine =
        PatchedEngine.with(
            "segment/ActiveSegment.java",
            "tail = (long) WORDS.getVolatile(words, TAIL);\n      if",
            """
            time = Math.max(timeFloor, clock.now());
            tail = (long) WORDS.getVolatile(words, TAIL);
            if\
            """,
            "time = Math.max(timeFloor, clock.now());\n    } while",
            "} while");

    mustTurnRed(
        engine,
        "io.sawlog.log.segment.AppendClockStressTest",
        "shouldGiveAppendTimesInTheOrderOfTheLogEvenIfAnotherAppendComesBetweenClockAndClaim");
  }

  /** Closing any descriptor of a file drops the locks that the process holds on it. */
  @Test
  void shouldFindThatTheLockIsDropped() throws Exception {
    PatchedEngine engine =
        PatchedEngine.with(
            "file/DiskLock.java",
            "introduce(channel, holder);\n",
            """
            introduce(channel, holder);
            UninterruptibleChannel.open(file, StandardOpenOption.READ).close();
            """);

    mustTurnRed(engine, "io.sawlog.log.file.DiskLockTest", "shouldShowOtherProcessesWhoHoldsIt");
  }

  private static LongConsumer broken(UnaryOperator<Storage> disk, Trouble trouble) {
    return seed -> StoreHistory.run(seed, disk, trouble);
  }

  private static LongConsumer patched(Trouble trouble, String file, String... presentAndChanged) {
    Method run = run(PatchedEngine.with(file, presentAndChanged));
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
        found(" with seed " + seed + ": " + what);
        return;
      }
    }
    fail("the planted bug was not found in " + MOST_SEEDS + " histories");
  }

  /** Runs a test of the project with the engine that has the bug; it has to fail. */
  private void mustTurnRed(PatchedEngine engine, String test, String method) throws Exception {
    Class<?> type = engine.loadClass(test);
    Constructor<?> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    Object instance = constructor.newInstance();
    for (Field field : type.getDeclaredFields()) {
      if (field.isAnnotationPresent(TempDir.class)) {
        field.setAccessible(true);
        field.set(instance, directory);
      }
    }
    for (Method each : type.getDeclaredMethods()) {
      if (each.isAnnotationPresent(BeforeEach.class)) {
        invoke(each, instance);
      }
    }
    try {
      invoke(type.getDeclaredMethod(method), instance);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof AssertionError red) {
        found(" by " + type.getSimpleName() + "." + method + ": " + red.getMessage());
        return;
      }
      throw e;
    }
    fail("the planted bug was not found by " + method + " of " + test);
  }

  private static void invoke(Method method, Object instance) throws Exception {
    method.setAccessible(true);
    method.invoke(instance);
  }

  private static void found(String how) {
    System.out.println("found" + how);
    Totals.count("planted bugs found", 1);
  }
}
