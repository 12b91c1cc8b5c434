package io.sawlog.groups;

import io.sawlog.log.LogException;
import io.sawlog.log.Message;

/**
 * A record that a worker has, until it answers or somebody else gets the record. A lease that has
 * run out ends only when the record is leased again: an answer that comes late but first counts.
 *
 * <p>Thread-safe. An answer that throws {@link LogException} has changed nothing and may be given
 * again.
 */
public final class Delivery {
  private final SharedGroup group;
  private final Item item;
  private final WorkerSeat seat;
  private final Message message;
  private final int attempt;
  private final long token;
  private final int leasedWith;
  private final long sinceMs;

  /** When the lease runs out; under the group's lock, like the next one. */
  private long deadline;

  private boolean lost;

  Delivery(
      SharedGroup group,
      Item item,
      WorkerSeat seat,
      Message message,
      int attempt,
      long token,
      int leasedWith,
      long sinceMs,
      long deadline) {
    this.group = group;
    this.item = item;
    this.seat = seat;
    this.message = message;
    this.attempt = attempt;
    this.token = token;
    this.leasedWith = leasedWith;
    this.sinceMs = sinceMs;
    this.deadline = deadline;
  }

  /**
   * The record. One that was redriven is the dead letter that it was, with the headers that tell
   * where it came from.
   *
   * @return the message
   */
  public Message message() {
    return message;
  }

  /**
   * Counts the attempts: 1 more than the record has failed. Deliveries that ended otherwise do not
   * count.
   *
   * @return from 1
   */
  public int attempt() {
    return attempt;
  }

  /**
   * A number that grows with every lease of the group, also across restarts and power cuts: who
   * changes something outside on behalf of the record can have it refused if a higher one was
   * there.
   *
   * @return the fencing token
   */
  public long token() {
    return token;
  }

  /**
   * The record is handled.
   *
   * @return what became of the answer
   * @throws LogException if it cannot be recorded
   */
  public Answer ack() {
    return group.acknowledge(this);
  }

  /**
   * Gives the record back at once. Counts no failure.
   *
   * @return what became of the answer
   * @throws LogException if it cannot be recorded
   */
  public Answer release() {
    return group.release(this);
  }

  /**
   * The record has failed: it comes again after a backoff, or goes to the dead letters if it has
   * failed {@code maxAttempts} times.
   *
   * @param why for the dead letter
   * @return what became of the answer
   * @throws LogException if it cannot be recorded
   */
  public Answer retry(String why) {
    return group.retry(this, why);
  }

  /**
   * The record can never be handled: it goes to the dead letters.
   *
   * @param reason why
   * @return what became of the answer
   * @throws LogException if it cannot be recorded
   */
  public Answer reject(String reason) {
    return group.reject(this, reason);
  }

  /**
   * Starts the time of the lease anew.
   *
   * @return what became of the answer
   */
  public Answer renew() {
    return group.renew(this);
  }

  SharedGroup group() {
    return group;
  }

  Item item() {
    return item;
  }

  WorkerSeat seat() {
    return seat;
  }

  /** How many records were leased in one go with this one, itself included. */
  int leasedWith() {
    return leasedWith;
  }

  long sinceMs() {
    return sinceMs;
  }

  long deadline() {
    return deadline;
  }

  void deadline(long newDeadline) {
    deadline = newDeadline;
  }

  boolean isLost() {
    return lost;
  }

  void lose() {
    lost = true;
  }

  @Override
  public String toString() {
    return message + " attempt " + attempt;
  }
}
