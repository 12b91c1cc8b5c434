package io.sawlog.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes one flush serve many threads. Who needs durability and finds nobody flushing becomes the
 * leader, flushes what is published, and wakes those it served; what came meanwhile is for the next
 * leader, whom it wakes too. Nobody else is woken: on few processors, waking all for a flush takes
 * longer than the flush.
 *
 * <p>The lock guards only who leads and who waits; it is never held during a flush. Thread-safe;
 * waiting is not broken by an interrupt.
 */
final class GroupCommit {
  /** One flush by the leader. */
  interface Flush {
    /**
     * Flushes published records.
     *
     * @param offset go on until the record of this offset is covered; negative: what is published
     *     now
     */
    void flushPast(long offset);
  }

  private final Flush flush;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notLed = lock.newCondition();
  private final Deque<Waiter> waiting = new ArrayDeque<>();
  private boolean led;
  private volatile @Nullable LogException ended;

  /** Written by the leader only. */
  private volatile long durableOffset;

  GroupCommit(Flush flush, long durableOffset) {
    this.flush = flush;
    this.durableOffset = durableOffset;
  }

  /** The offset behind the last record of which a flush has completed. */
  long durableOffset() {
    return durableOffset;
  }

  /** To be called by the leader, in its flush; whoever that serves goes on at once. */
  void durableUpTo(long offset) {
    durableOffset = offset;
    removeServed(offset).forEach(Waiter::call);
  }

  private List<Waiter> removeServed(long end) {
    List<Waiter> served = new ArrayList<>();
    lock.lock();
    try {
      for (Iterator<Waiter> each = waiting.iterator(); each.hasNext(); ) {
        Waiter waiter = each.next();
        if (waiter.offset < end) {
          served.add(waiter);
          each.remove();
        }
      }
    } finally {
      lock.unlock();
    }
    return served;
  }

  /** Why waiting is useless; null as long as it is not. */
  @Nullable LogException ended() {
    return ended;
  }

  /**
   * Returns when the record of an offset is durable.
   *
   * @throws LogException the one given to {@link #end}, or what the flush threw
   */
  void await(long offset) {
    while (durableOffset <= offset) {
      Waiter waiter = new Waiter(offset);
      if (becomeLeader(waiter)) {
        lead(offset);
      } else {
        waiter.await();
      }
    }
  }

  /**
   * Flushes what is published now, unless somebody is flushing already.
   *
   * @return whether this thread did it
   */
  boolean tryFlush() {
    lock.lock();
    try {
      if (led || ended != null) {
        return false;
      }
      led = true;
    } finally {
      lock.unlock();
    }
    lead(-1);
    return true;
  }

  /** Returns false if the waiter is served, or queued and going to be called. */
  private boolean becomeLeader(Waiter waiter) {
    lock.lock();
    try {
      if (durableOffset > waiter.offset) {
        waiter.called = true;
        return false;
      }
      if (ended != null) {
        throw ended;
      }
      if (led) {
        waiting.add(waiter);
        return false;
      }
      led = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void lead(long offset) {
    try {
      flush.flushPast(offset);
    } finally {
      Waiter next;
      lock.lock();
      try {
        led = false;
        notLed.signalAll();
        next = waiting.poll();
      } finally {
        lock.unlock();
      }
      if (next != null) {
        next.call();
      }
    }
  }

  /**
   * Lets everybody who waits, now or later, fail. Returns when no leader is at work.
   *
   * @param reason what they are told
   */
  void endAndWait(LogException reason) {
    lock.lock();
    try {
      endLocked(reason);
      while (led) {
        notLed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets everybody who waits, now or later, fail; may be called by the leader. */
  void end(LogException reason) {
    lock.lock();
    try {
      endLocked(reason);
    } finally {
      lock.unlock();
    }
  }

  private void endLocked(LogException reason) {
    if (ended == null) {
      ended = reason;
    }
    waiting.forEach(Waiter::call);
    waiting.clear();
  }

  /** A thread that waits for the record of an offset, or for its turn to lead. */
  private static final class Waiter {
    private final long offset;
    private final Thread thread = Thread.currentThread();
    private volatile boolean called;

    Waiter(long offset) {
      this.offset = offset;
    }

    void await() {
      boolean interrupted = false;
      while (!called) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        thread.interrupt();
      }
    }

    /** Lets it look again whether it is served, or can lead. */
    void call() {
      called = true;
      LockSupport.unpark(thread);
    }
  }
}
