package io.sawlog.log;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes one flush serve many threads. Who needs durability and finds nobody flushing becomes the
 * leader, flushes what is published, and wakes the rest; what came meanwhile is the next leader's.
 *
 * <p>The lock guards only who leads; it is never held during a flush. Thread-safe; waiting is not
 * broken by an interrupt.
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
  private final Condition changed = lock.newCondition();
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
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
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
      if (becomeLeader(offset)) {
        lead(offset);
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

  private boolean becomeLeader(long offset) {
    lock.lock();
    try {
      while (true) {
        if (durableOffset > offset) {
          return false;
        }
        if (ended != null) {
          throw ended;
        }
        if (!led) {
          led = true;
          return true;
        }
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private void lead(long offset) {
    try {
      flush.flushPast(offset);
    } finally {
      lock.lock();
      try {
        led = false;
        changed.signalAll();
      } finally {
        lock.unlock();
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
        changed.awaitUninterruptibly();
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
    changed.signalAll();
  }
}
