package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupCommitTest {
  private final LogClosedException closed = new LogClosedException("closed");

  @Test
  void shouldNotFlushWhatIsDurable() {
    GroupCommit commit =
        new GroupCommit(
            offset -> {
              throw new AssertionError("flushed");
            },
            10);

    commit.await(9);

    assertEquals(10, commit.durableOffset());
  }

  @Test
  void shouldWakeWhoeverIsServedWhileTheLeaderGoesOn() throws Exception {
    CountDownLatch leading = new CountDownLatch(1);
    CountDownLatch waiting = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    GroupCommit[] commit = new GroupCommit[1];
    commit[0] =
        new GroupCommit(
            offset -> {
              leading.countDown();
              awaitLatch(waiting);
              commit[0].durableUpTo(5);
              awaitLatch(goOn);
              commit[0].durableUpTo(10);
            },
            0);
    CompletableFuture<Void> leader = CompletableFuture.runAsync(() -> commit[0].await(9));
    awaitLatch(leading);
    Thread served = new Thread(() -> commit[0].await(4));
    served.start();
    awaitState(served, Thread.State.WAITING);

    waiting.countDown();
    served.join(TimeUnit.SECONDS.toMillis(20));

    boolean stillWaiting = served.isAlive();
    goOn.countDown();
    leader.join();
    served.join();
    assertFalse(stillWaiting, "it waited for the leader to end");
  }

  @Test
  void shouldHandLeadershipOverWhenAFlushFails() {
    AtomicInteger flushes = new AtomicInteger();
    GroupCommit[] commit = new GroupCommit[1];
    commit[0] =
        new GroupCommit(
            offset -> {
              if (flushes.incrementAndGet() == 1) {
                throw new IllegalStateException("planted");
              }
              commit[0].durableUpTo(10);
            },
            0);

    assertThrows(IllegalStateException.class, () -> commit[0].await(3));
    commit[0].await(9);

    assertEquals(2, flushes.get());
  }

  @Test
  void shouldLetThoseLeadWhomTheLeaderDidNotServe() {
    CountDownLatch leading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger flushes = new AtomicInteger();
    GroupCommit[] commit = new GroupCommit[1];
    commit[0] =
        new GroupCommit(
            offset -> {
              leading.countDown();
              awaitLatch(goOn);
              commit[0].durableUpTo(10L * flushes.incrementAndGet());
            },
            0);
    Thread[] threads = new Thread[4];
    for (int i = 0; i < threads.length; i++) {
      int offset = 10 * i + 5;
      threads[i] = new Thread(() -> commit[0].await(offset));
      threads[i].start();
      if (i == 0) {
        awaitLatch(leading);
      } else {
        awaitState(threads[i], Thread.State.WAITING);
      }
    }

    goOn.countDown();

    for (Thread thread : threads) {
      assertTrue(joined(thread), "nobody leads");
    }
    assertEquals(threads.length, flushes.get());
  }

  @Test
  void shouldFailWhoeverWaitsWhenItEnds() {
    CountDownLatch leading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    GroupCommit[] commit = new GroupCommit[1];
    commit[0] =
        new GroupCommit(
            offset -> {
              leading.countDown();
              awaitLatch(goOn);
              commit[0].durableUpTo(5);
              throw closed;
            },
            0);
    CompletableFuture<Void> leader = CompletableFuture.runAsync(() -> commit[0].await(20));
    awaitLatch(leading);
    Thread[] threads = new Thread[4];
    List<Throwable> thrown = new ArrayList<>();
    for (int i = 0; i < threads.length; i++) {
      int offset = 2 * i + 1;
      threads[i] =
          new Thread(
              () -> {
                try {
                  commit[0].await(offset);
                } catch (LogClosedException e) {
                  synchronized (thrown) {
                    thrown.add(e);
                  }
                }
              });
      threads[i].start();
      awaitState(threads[i], Thread.State.WAITING);
    }

    commit[0].end(closed);
    goOn.countDown();

    assertSame(closed, assertThrows(CompletionException.class, leader::join).getCause());
    for (Thread thread : threads) {
      assertTrue(joined(thread));
    }
    commit[0].endAndWait(closed);
    // whether the first two were told before or after their records became durable is open
    assertTrue(thrown.size() >= 2 && thrown.size() <= 4, () -> "told " + thrown.size());
    assertFalse(commit[0].tryFlush());
    commit[0].await(4);
    assertSame(closed, assertThrows(LogClosedException.class, () -> commit[0].await(5)));
  }

  @Test
  void shouldLetOnlyOneFlushAtATime() {
    CountDownLatch leading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    GroupCommit commit =
        new GroupCommit(
            offset -> {
              leading.countDown();
              awaitLatch(goOn);
            },
            0);
    CompletableFuture<Boolean> first = CompletableFuture.supplyAsync(commit::tryFlush);
    awaitLatch(leading);

    assertFalse(commit.tryFlush());

    goOn.countDown();
    assertTrue(first.join());
    assertTrue(commit.tryFlush());
  }

  @Test
  void shouldKeepTheInterruptOfAThreadThatWaits() {
    CountDownLatch leading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    GroupCommit[] commit = new GroupCommit[1];
    commit[0] =
        new GroupCommit(
            offset -> {
              leading.countDown();
              awaitLatch(goOn);
              commit[0].durableUpTo(10);
            },
            0);
    CompletableFuture<Void> leader = CompletableFuture.runAsync(() -> commit[0].await(9));
    awaitLatch(leading);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread waiter =
        new Thread(
            () -> {
              commit[0].await(9);
              interrupted.complete(Thread.currentThread().isInterrupted());
            });
    waiter.start();
    awaitState(waiter, Thread.State.WAITING);

    waiter.interrupt();
    goOn.countDown();

    assertTrue(interrupted.join());
    leader.join();
  }

  private static boolean joined(Thread thread) {
    try {
      thread.join(TimeUnit.SECONDS.toMillis(20));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return !thread.isAlive();
  }

  private static void awaitState(Thread thread, Thread.State state) {
    while (thread.getState() != state) {
      Thread.onSpinWait();
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      if (!latch.await(50, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody came");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
