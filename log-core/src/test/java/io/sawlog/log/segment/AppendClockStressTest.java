package io.sawlog.log.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Stress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Appenders read the clock while it ticks, sleeps, and the real time jumps to and fro. */
@Timeout(120)
class AppendClockStressTest {
  private static final int READERS = 3;

  @Test
  void shouldNeverGoBackForAnyTwoReadingsOfWhichOneCameFirst() throws Exception {
    int readings = Stress.rounds(300_000);
    AtomicLong wall = new AtomicLong(1_000_000);
    AppendClock clock = new AppendClock(wall::get, () -> {});
    AtomicLong highest = new AtomicLong();
    AtomicInteger running = new AtomicInteger(READERS);
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int thread = 0; thread < READERS; thread++) {
      tasks.add(
          () -> {
            try {
              for (int i = 0; i < readings; i++) {
                long before = highest.get();
                long now = clock.now();
                assertTrue(now >= before, "the clock went back");
                highest.accumulateAndGet(now, Math::max);
              }
            } finally {
              running.decrementAndGet();
            }
            return null;
          });
    }
    tasks.add(
        () -> {
          SplittableRandom random = new SplittableRandom(7);
          while (running.get() > 0) {
            wall.addAndGet(random.nextInt(-50, 60));
            clock.tick();
            if (random.nextInt(4) == 0) {
              clock.sleep();
            }
          }
          return null;
        });

    Stress.runTogether(tasks);
  }

  /** The appender that wakes the clock has its time when another one appends, with a later one. */
  @Test
  void shouldGiveAppendTimesInTheOrderOfTheLogEvenIfAnotherAppendComesBetweenClockAndClaim() {
    AtomicBoolean interposed = new AtomicBoolean();
    AtomicLong wall = new AtomicLong(1000);
    AppendClock[] clock = new AppendClock[1];
    StressedSegment[] segment = new StressedSegment[1];
    clock[0] =
        new AppendClock(
            wall::get,
            () -> {
              if (interposed.compareAndSet(false, true)) {
                wall.set(2000);
                clock[0].tick();
                segment[0].append(1);
              }
            });
    segment[0] = new StressedSegment(1 << 16, 0, clock[0], 0);

    segment[0].append(2);

    List<Integer> order = new ArrayList<>();
    List<Long> times = new ArrayList<>();
    segment[0].forEachFrame(
        (frame, value) -> {
          order.add(value);
          times.add(FrameFormat.appendTime(frame, 0));
        });
    assertEquals(List.of(1, 2), order);
    assertEquals(List.of(2000L, 2000L), times);
  }

  /** The same with the clock read first, as a model: the reason for the order. */
  @Test
  void shouldSeeTimesDecreaseIfTheClockWereReadBeforeTheTail() {
    AtomicLong tail = new AtomicLong();
    AtomicLong wall = new AtomicLong(1000);
    List<Long> times = new ArrayList<>();

    appendWithClockFirst(
        tail,
        wall,
        times,
        () -> {
          wall.set(2000);
          appendWithClockFirst(tail, wall, times, () -> {});
        });

    assertEquals(List.of(2000L, 1000L), times);
  }

  private static void appendWithClockFirst(
      AtomicLong tail, AtomicLong clock, List<Long> times, Runnable between) {
    long seen;
    long time;
    do {
      time = clock.get();
      between.run();
      seen = tail.get();
    } while (!tail.compareAndSet(seen, seen + 1));
    times.add((int) seen, time);
  }
}
