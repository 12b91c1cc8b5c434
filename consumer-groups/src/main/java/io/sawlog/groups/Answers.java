package io.sawlog.groups;

import io.sawlog.log.LogException;
import io.sawlog.log.Message;
import io.sawlog.log.Visibility;
import java.util.ArrayList;
import java.util.List;

/** What answers, and the lack of them, do to the records of a shared group; under its lock. */
final class Answers {
  private static final System.Logger LOGGER = System.getLogger("io.sawlog");

  private final SharedGroup group;
  private final Leases leases;

  Answers(SharedGroup group, Leases leases) {
    this.group = group;
    this.leases = leases;
  }

  /** Whether an answer still counts: nobody else has got the record since. */
  private static boolean isCurrent(Delivery delivery) {
    return delivery.item().delivery == delivery;
  }

  /** Whether the end of a lease was a failure already: each delivery fails once. */
  private static boolean isCounted(Delivery delivery) {
    Item item = delivery.item();
    return !item.lane().progress().leased().contains(item.offset());
  }

  private static Answer tooLate(Delivery delivery) {
    return delivery.isLost() ? Answer.LOST : Answer.STALE;
  }

  /** A synced answer covers only records that survive whatever it survives; without the lock. */
  void makeDurable(List<Delivery> deliveries) {
    GroupOptions options = group.host().options();
    if (options.commits() == Commits.WRITTEN || options.visibility() == Visibility.DURABLE) {
      return;
    }
    RangesByLane covered = new RangesByLane();
    deliveries.forEach(d -> covered.add(d.item().lane(), d.item().offset()));
    covered.forEach((lane, offsets) -> lane.log().sync(offsets.end() - 1));
  }

  List<Answer> acknowledge(List<Delivery> deliveries) {
    RangesByLane done = new RangesByLane();
    List<Answer> answers = new ArrayList<>(deliveries.size());
    for (int i = 0; i < deliveries.size(); i++) {
      Delivery delivery = deliveries.get(i);
      boolean counts = isCurrent(delivery);
      answers.add(counts ? Answer.DONE : tooLate(delivery));
      if (counts) {
        done.add(delivery.item().lane(), delivery.item().offset());
      }
    }
    List<Event> events = new ArrayList<>(2);
    done.addFinished(events);
    group.host().record(events);
    for (int i = 0; i < deliveries.size(); i++) {
      if (isCurrent(deliveries.get(i))) {
        group.finish(deliveries.get(i).item());
      }
    }
    if (!events.isEmpty()) {
      succeeded();
    }
    return answers;
  }

  Answer release(Delivery delivery) {
    if (!isCurrent(delivery)) {
      return tooLate(delivery);
    }
    Item item = delivery.item();
    List<Item> behind = item.lane().leasedBehind(item);
    List<Event> events = new ArrayList<>();
    released(item, behind).addReleased(events);
    group.host().record(events);
    behind.forEach(group::giveBack);
    group.giveBack(item);
    return Answer.DONE;
  }

  private static RangesByLane released(Item item, List<Item> behind) {
    RangesByLane released = new RangesByLane();
    released.add(item.lane(), item.offset());
    behind.forEach(next -> released.add(next.lane(), next.offset()));
    return released;
  }

  Answer retry(Delivery delivery, String why) {
    if (!isCurrent(delivery)) {
      return tooLate(delivery);
    }
    if (!isCounted(delivery)) {
      fail(delivery, why);
    }
    delivery.item().delivery = null;
    return Answer.DONE;
  }

  Answer reject(Delivery delivery, String reason) {
    if (!isCurrent(delivery)) {
      return tooLate(delivery);
    }
    Item item = delivery.item();
    int before = item.lane().progress().failures(item.offset());
    int attempts = isCounted(delivery) ? before : before + 1;
    group.bury(item.lane(), delivery.message(), attempts, reason);
    return Answer.DONE;
  }

  /** A failure counts, unless everything fails; the last one is the end. */
  private void fail(Delivery delivery, String why) {
    Item item = delivery.item();
    long now = group.host().clock().nanoTime();
    int failures = item.lane().progress().failures(item.offset()) + 1;
    boolean everythingFails = group.breaker().isOpen();
    if (!everythingFails && failures >= group.queue().maxAttempts()) {
      group.bury(item.lane(), delivery.message(), failures, why);
    } else {
      List<Item> behind = item.lane().leasedBehind(item);
      List<Event> events = new ArrayList<>();
      if (everythingFails) {
        released(item, behind).addReleased(events);
      } else {
        int partition = item.lane().name().partition();
        events.add(
            new PartitionEvent.Failed(item.lane().topic(), partition, item.offset(), failures));
        released(item, behind).addReleased(events);
      }
      group.host().record(events);
      behind.forEach(group::giveBack);
      leases.end(item);
      group.backOff(item, failures, now);
    }
    if (group.breaker().failed(item, now)) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "group {0}: {1} records have failed and none was handled: it rests, and tries one at a"
              + " time; the last failure was: {2}",
          group.host().name(),
          Integer.toString(group.queue().breakerFailures()),
          why);
      GroupEvents.everythingFails(group.host().name(), item.lane().name(), item.offset(), why);
    }
  }

  private void succeeded() {
    if (group.breaker().succeeded()) {
      LOGGER.log(
          System.Logger.Level.INFO,
          "group {0}: a record was handled, it goes on",
          group.host().name());
    }
  }

  /** Buries a record that has failed too often before it is given to anybody again. */
  void buryUnread(Lane lane, Message message) {
    int failures = lane.progress().failures(message.offset());
    String reason = "the process ended, or its lease, while it was handled; " + failures + " times";
    group.bury(lane, message, failures, reason);
  }

  Answer renew(Delivery delivery) {
    Item item = delivery.item();
    if (!isCurrent(delivery) || isCounted(delivery)) {
      return tooLate(delivery);
    }
    long deadline = group.host().clock().nanoTime() + delivery.seat().leaseNs();
    delivery.deadline(deadline);
    leases.dueBy(deadline);
    if (!item.leased) {
      item.backingOff = false;
      leases.begin(item);
    }
    return Answer.DONE;
  }

  /**
   * The time of a lease is over. Whose alone it was has failed; of several, each is tried alone. An
   * answer still counts until the record is leased again.
   */
  void expire(Delivery delivery, long now) {
    Item item = delivery.item();
    if (delivery.leasedWith() == 1) {
      try {
        fail(delivery, "its lease ran out");
        return;
      } catch (LogException e) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            "group " + group.host().name() + ": a failure could not be recorded",
            e);
      }
    }
    leases.end(item);
    item.alone = true;
    item.lane().settle(item);
    for (Item behind : item.lane().leasedBehind(item)) {
      behind.alone = true;
      group.giveBack(behind);
    }
  }

  /** What a worker has, or might still answer, comes again. */
  void releaseAll(WorkerSeat seat) {
    List<Item> items = new ArrayList<>();
    RangesByLane released = new RangesByLane();
    for (Lane lane : group.lanes()) {
      for (Item item : lane.items()) {
        if (item.delivery != null && item.delivery.seat() == seat) {
          items.add(item);
          released.add(lane, item.offset());
        }
      }
    }
    List<Event> events = new ArrayList<>();
    released.addReleased(events);
    try {
      group.host().record(events);
    } finally {
      items.forEach(group::giveBack);
    }
  }
}
