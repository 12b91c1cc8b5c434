package io.sawlog.log.segment;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongSupplier;

/**
 * A millisecond clock that never goes back and costs an append one volatile read.
 *
 * <p>One thread, the ticker, moves it on. When nobody has appended for a while the ticker sends the
 * clock to sleep; the first append after that reads the real time itself and wakes the ticker.
 *
 * <p>Thread-safe.
 */
public final class AppendClock {
  private static final int ASLEEP = 1;
  private static final VarHandle WORD;

  static {
    try {
      WORD = MethodHandles.lookup().findVarHandle(AppendClock.class, "word", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LongSupplier wallClock;
  private final Runnable onWake;

  /** Epoch milliseconds, shifted left by one, and {@link #ASLEEP}. */
  private volatile long word;

  /**
   * Creates a clock that is asleep.
   *
   * @param wallClock the real time in epoch ms; may jump either way
   * @param onWake called on the thread of the append that wakes the clock; must be quick
   */
  public AppendClock(LongSupplier wallClock, Runnable onWake) {
    this.wallClock = wallClock;
    this.onWake = onWake;
    this.word = ASLEEP;
  }

  /**
   * Reads the clock, and wakes it if it sleeps.
   *
   * @return epoch ms, never less than what any call returned before
   */
  public long now() {
    long seen = word;
    return (seen & ASLEEP) == 0 ? seen >> 1 : wake();
  }

  private long wake() {
    long wall = wallClock.getAsLong();
    while (true) {
      long seen = word;
      long time = Math.max(seen >> 1, wall);
      if (WORD.compareAndSet(this, seen, time << 1)) {
        if ((seen & ASLEEP) != 0) {
          onWake.run();
        }
        return time;
      }
    }
  }

  /**
   * Moves the clock on to the real time, if that is later.
   *
   * @return by how many ms the real time is behind this clock, 0 if it is not
   */
  public long tick() {
    long wall = wallClock.getAsLong();
    while (true) {
      long seen = word;
      long time = seen >> 1;
      if (wall <= time) {
        return time - wall;
      }
      if (WORD.compareAndSet(this, seen, wall << 1 | (seen & ASLEEP))) {
        return 0;
      }
    }
  }

  /**
   * Reads the time for background work, without waking the clock.
   *
   * @return epoch ms, on the scale of {@link #now}
   */
  public long time() {
    return Math.max(word >> 1, wallClock.getAsLong());
  }

  /** Sends the clock to sleep, until the next append. */
  public void sleep() {
    WORD.getAndBitwiseOr(this, (long) ASLEEP);
  }

  /**
   * Tells whether nobody has appended since the clock was sent to sleep.
   *
   * @return whether it sleeps
   */
  public boolean isAsleep() {
    return (word & ASLEEP) != 0;
  }
}
