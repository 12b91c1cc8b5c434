package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupTimerTest {
  private static final long NEVER = Long.MAX_VALUE;
  private final GroupTimer timer = new GroupTimer(GroupClock.system(), /* threaded= */ true);

  /** The thread of the last group may be at work when the next group comes, and get its own. */
  @Test
  void shouldKeepADeadlineAlthoughTheThreadBeforeEndsLate() throws InterruptedException {
    AtomicReference<Thread> before = new AtomicReference<>();
    CountDownLatch ticking = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    GroupTimer.Timed slow =
        now -> {
          before.set(Thread.currentThread());
          ticking.countDown();
          await(goOn);
          return 1;
        };
    AtomicReference<Thread> after = new AtomicReference<>();
    CountDownLatch looked = new CountDownLatch(1);
    Semaphore looks = new Semaphore(0);
    GroupTimer.Timed next =
        now -> {
          after.set(Thread.currentThread());
          looked.countDown();
          looks.release();
          return NEVER;
        };

    timer.add(slow);
    await(ticking);
    timer.remove(slow);
    timer.add(next);
    await(looked);
    goOn.countDown();
    before.get().join();
    while (after.get().getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    looks.drainPermits();
    timer.wakeBy(GroupClock.system().nanoTime());

    assertTrue(looks.tryAcquire(20, TimeUnit.SECONDS), "the deadline passed, and nobody came");
    timer.remove(next);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(50, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
