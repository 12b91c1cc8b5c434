package io.sawlog.groups;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets groups do what is due. One thread serves all groups of a process: started with the first,
 * ended with the last, asleep until the next deadline.
 */
final class GroupTimer {
  private static final System.Logger LOGGER = System.getLogger("io.sawlog");
  private static final GroupTimer SHARED = new GroupTimer(GroupClock.system(), true);

  private final GroupClock clock;
  private final boolean threaded;
  private final List<Timed> groups = new CopyOnWriteArrayList<>();
  private volatile @Nullable Sleeper sleeper;

  GroupTimer(GroupClock clock, boolean threaded) {
    this.clock = clock;
    this.threaded = threaded;
  }

  /** Something that has deadlines. */
  interface Timed {
    /**
     * Does what is due.
     *
     * @param now by the timer's clock
     * @return how long the next deadline is away, in ns; {@link Long#MAX_VALUE} if there is none
     */
    long tick(long now);
  }

  /** The timer of the process. */
  static GroupTimer shared() {
    return SHARED;
  }

  /** A timer without a thread: its owner calls {@link #tick}. */
  static GroupTimer driven(GroupClock clock) {
    return new GroupTimer(clock, false);
  }

  GroupClock clock() {
    return clock;
  }

  synchronized void add(Timed group) {
    groups.add(group);
    if (threaded && sleeper == null) {
      Sleeper started = new Sleeper();
      sleeper = started;
      started.start();
    }
    LockSupport.unpark(sleeper);
  }

  synchronized void remove(Timed group) {
    groups.remove(group);
    if (groups.isEmpty()) {
      Thread ended = sleeper;
      sleeper = null;
      LockSupport.unpark(ended);
    }
  }

  /** Makes sure that groups are looked at when this time has come. */
  void wakeBy(long deadline) {
    Sleeper present = sleeper;
    if (present != null && (deadline - present.until < 0 || present.until == Long.MAX_VALUE)) {
      LockSupport.unpark(present);
    }
  }

  /** Until another one, or none, is the timer's: one that ends may overlap with the next. */
  private final class Sleeper extends Thread {
    /** When it wakes up by itself; {@link Long#MAX_VALUE} while it looks for that time. */
    private volatile long until = Long.MAX_VALUE;

    Sleeper() {
      super("sawlog-groups");
      setDaemon(true);
    }

    @Override
    public void run() {
      while (sleeper == this) {
        until = Long.MAX_VALUE;
        long rest = tick();
        if (rest == Long.MAX_VALUE) {
          LockSupport.park(GroupTimer.this);
        } else {
          until = clock.nanoTime() + rest;
          LockSupport.parkNanos(GroupTimer.this, rest);
        }
        // nobody has a reason to interrupt it, and a set flag would keep it from sleeping
        Thread.interrupted();
      }
    }
  }

  /** Lets all groups do what is due; returns how long the next deadline is away. */
  long tick() {
    long rest = Long.MAX_VALUE;
    for (Timed group : groups) {
      try {
        rest = Math.min(rest, group.tick(clock.nanoTime()));
      } catch (Throwable t) {
        // one group must not end the thread that serves all of them
        LOGGER.log(System.Logger.Level.ERROR, "a deadline of " + group + " could not be kept", t);
      }
    }
    return rest;
  }
}
