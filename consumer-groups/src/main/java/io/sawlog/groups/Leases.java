package io.sawlog.groups;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Who has which records of a shared group, and until when. In memory only: all leases end with the
 * process. Used under the group's lock.
 */
final class Leases {
  private static final int EPOCH_SHIFT = 40;
  private static final Comparator<Delivery> BY_PLACE =
      Comparator.comparing((Delivery delivery) -> delivery.item().lane().name())
          .thenComparingLong(delivery -> delivery.item().offset());

  private final GroupHost host;
  private long given;
  private int inFlight;
  private long earliestDeadline = Long.MAX_VALUE;

  Leases(GroupHost host) {
    this.host = host;
  }

  /** How many records are leased. */
  int inFlight() {
    return inFlight;
  }

  /** The token of a lease: 8 million lives of a million million leases each. */
  static long token(long epoch, long given) {
    return (epoch << EPOCH_SHIFT) + given;
  }

  /** The fencing token of the next lease: higher than all before, in earlier lives too. */
  long nextToken() {
    return token(host.state().epoch(), ++given);
  }

  /** A lease begins. */
  void begin(Item item) {
    item.leased = true;
    item.lane().lease(item);
    inFlight++;
    if (item.delivery != null) {
      item.delivery.seat().took();
    }
  }

  /** A lease ends, if there is one; whether the worker may still answer is another question. */
  void end(Item item) {
    if (item.leased) {
      item.leased = false;
      inFlight--;
      if (item.delivery != null) {
        item.delivery.seat().gave();
      }
    }
  }

  /** Somebody's time is over by then. */
  void dueBy(long deadline) {
    if (earliestDeadline == Long.MAX_VALUE || deadline - earliestDeadline < 0) {
      earliestDeadline = deadline;
      host.timer().wakeBy(deadline);
    }
  }

  /** Lets leases run out; returns how long the next deadline is away. */
  long expire(long now, SharedGroup group, Answers answers) {
    if (earliestDeadline == Long.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    if (earliestDeadline - now > 0) {
      return earliestDeadline - now;
    }
    earliestDeadline = Long.MAX_VALUE;
    for (Delivery delivery : all(group.lanes())) {
      if (delivery.deadline() - now <= 0) {
        answers.expire(delivery, now);
      } else {
        dueBy(delivery.deadline());
      }
    }
    return earliestDeadline == Long.MAX_VALUE ? Long.MAX_VALUE : earliestDeadline - now;
  }

  /** Who has what, by partition and offset. */
  List<Delivery> all(List<Lane> lanes) {
    List<Delivery> deliveries = new ArrayList<>();
    for (Lane lane : lanes) {
      for (Item item : lane.items()) {
        Delivery delivery = item.delivery;
        if (item.leased && delivery != null) {
          deliveries.add(delivery);
        }
      }
    }
    deliveries.sort(BY_PLACE);
    return deliveries;
  }
}
