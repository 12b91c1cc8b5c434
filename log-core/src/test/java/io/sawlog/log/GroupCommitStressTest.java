package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many threads wait for durability, one at a time gives it, some flushes fail, and then it ends.
 */
@Timeout(120)
class GroupCommitStressTest {
  private static final int WRITERS = 6;
  private final LogClosedException closed = new LogClosedException("closed");

  @Test
  void shouldServeEverybodyWithOneFlushAtATimeUntilItEnds() throws Exception {
    for (int round = 0; round < Stress.rounds(10); round++) {
      AtomicLong log = new AtomicLong();
      AtomicBoolean flushing = new AtomicBoolean();
      AtomicInteger flushes = new AtomicInteger();
      GroupCommit[] commit = new GroupCommit[1];
      commit[0] =
          new GroupCommit(
              offset -> {
                assertTrue(flushing.compareAndSet(false, true), "two flushes at once");
                long end = log.get();
                boolean fails = flushes.incrementAndGet() % 50 == 0;
                if (!fails) {
                  commit[0].durableUpTo(end);
                }
                flushing.set(false);
                if (fails) {
                  throw new LogTimeoutException("planted");
                }
              },
              0);
      List<Callable<Void>> tasks = new ArrayList<>();
      AtomicInteger told = new AtomicInteger();
      for (int thread = 0; thread < WRITERS; thread++) {
        tasks.add(
            () -> {
              while (true) {
                long offset = log.getAndIncrement();
                try {
                  commit[0].await(offset);
                  assertTrue(commit[0].durableOffset() > offset);
                } catch (LogTimeoutException e) {
                  // another one leads the next flush
                } catch (LogClosedException e) {
                  assertSame(closed, e);
                  told.incrementAndGet();
                  return null;
                }
              }
            });
      }
      tasks.add(
          () -> {
            while (commit[0].durableOffset() < 2000) {
              try {
                commit[0].tryFlush();
              } catch (LogTimeoutException e) {
                // planted
              }
            }
            commit[0].endAndWait(closed);
            assertFalse(flushing.get(), "a leader is at work after the end");
            return null;
          });

      Stress.runTogether(tasks);

      assertEquals(WRITERS, told.get());
    }
  }
}
