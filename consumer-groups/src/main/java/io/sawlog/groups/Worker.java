package io.sawlog.groups;

import io.sawlog.log.LogException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A worker of a shared group: receives records and answers each. Any number of workers share the
 * records of a topic; {@link Groups#run} does the loop for you.
 *
 * <p>Thread-safe.
 */
public final class Worker implements AutoCloseable {
  private static final long FIRST_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(16);

  private final SharedGroup group;
  private final WorkerSeat seat;
  private volatile boolean closed;

  Worker(SharedGroup group, WorkerSeat seat) {
    this.group = group;
    this.seat = seat;
  }

  /**
   * Leases records, waiting for the first one.
   *
   * @param max how many at most, from 1
   * @param wait how long to wait
   * @return the deliveries, those of a partition in order; none if the time is over, the thread was
   *     interrupted, or too many records are under way
   * @throws RecordsLostException if retention has deleted records that were not finished; once
   * @throws GroupClosedException if the worker was closed
   * @throws io.sawlog.log.CorruptLogException if the next frame is damaged, every time, until
   *     {@link #skipDamaged}
   * @throws LogException if the log cannot be read, or the lease not be recorded; nothing is leased
   */
  public List<Delivery> receive(int max, Duration wait) {
    if (max < 1) {
      throw new IllegalArgumentException("receive at least 1, not " + max);
    }
    GroupClock clock = group.host().clock();
    long start = clock.nanoTime();
    long waitNs = wait.compareTo(Duration.ofDays(365)) < 0 ? wait.toNanos() : Long.MAX_VALUE;
    long pauseNs = FIRST_WAIT_NS;
    List<Delivery> deliveries = group.receive(seat, max);
    while (deliveries.isEmpty() && !Thread.currentThread().isInterrupted()) {
      long rest = waitNs - (clock.nanoTime() - start);
      if (rest <= 0) {
        break;
      }
      LockSupport.parkNanos(this, Math.min(rest, pauseNs));
      pauseNs = Math.min(2 * pauseNs, LONGEST_WAIT_NS);
      deliveries = group.receive(seat, max);
    }
    return deliveries;
  }

  /**
   * Acknowledges several deliveries in one step.
   *
   * @param deliveries of this group
   * @return what became of each answer, in their order
   * @throws IllegalArgumentException if one is of another group; then none has changed anything
   * @throws LogException if it cannot be recorded; then none has changed anything
   */
  public List<Answer> ack(Collection<Delivery> deliveries) {
    for (Delivery delivery : deliveries) {
      if (delivery.group() != group) {
        throw new IllegalArgumentException(
            delivery + " is of group '" + delivery.group() + "', not of '" + group + "'");
      }
    }
    return group.acknowledge(List.copyOf(deliveries));
  }

  /**
   * Gives up records whose frames are damaged, so that the group can go on behind them: what was
   * thrown by {@link #receive} until now. They count as finished, as durably as answers do.
   *
   * @return what was passed over; nothing if nothing is damaged where the group stands
   * @throws LogException if it cannot be recorded, or the device cannot deliver bytes
   */
  public List<SkippedRange> skipDamaged() {
    return group.skipDamaged(seat);
  }

  /**
   * The name by which the group knows the worker.
   *
   * @return unique among the workers of the group that this process hosts
   */
  public String workerId() {
    return seat.id();
  }

  /**
   * Gives back what was not answered, without counting a failure; later answers are {@link
   * Answer#STALE}. Calling it again does nothing.
   *
   * @throws LogException if that cannot be recorded: then, after a restart, it comes back one by
   *     one
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    try {
      group.leave(seat);
    } finally {
      Hosts.leave(group);
    }
  }
}
