package io.sawlog.groups;

import io.sawlog.log.Message;
import io.sawlog.log.Partition;
import io.sawlog.log.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Supplier;

/**
 * A shared group that this process hosts: picks records for workers, and takes their answers. Every
 * decision is recorded before it takes effect; what is only in memory, deadlines and who has what,
 * ends with the process.
 */
final class SharedGroup implements Hosts.Hosted {
  private final GroupHost host;
  private final Queue queue;
  private final Topic topic;
  private final int topicNumber;
  private final Lane redriveLane;
  private final List<Lane> lanes = new ArrayList<>();
  private final PriorityQueue<Item> backingOff =
      new PriorityQueue<>((a, b) -> Long.signum(a.due - b.due));
  private final Breaker breaker;
  private final Answers answers;
  private final Obstacles obstacles;
  private final Picker picker;
  private final List<WorkerSeat> seats = new ArrayList<>();
  private final Leases leases;
  private long workers;

  private SharedGroup(GroupHost host, Queue queue, Topic topic, int topicNumber) {
    this.host = host;
    this.queue = queue;
    this.topic = topic;
    this.topicNumber = topicNumber;
    this.breaker = new Breaker(queue.breakerFailures(), queue.backoff());
    this.leases = new Leases(host);
    this.answers = new Answers(this, leases);
    this.obstacles = new Obstacles(this);
    this.picker = new Picker(this, answers, obstacles);
    this.redriveLane =
        new Lane(
            Event.DEAD_LETTERS,
            new TopicPartition(StoredGroup.DEAD_LETTERS, 0),
            host.letters(),
            host.state().progressOf(Event.DEAD_LETTERS, 0),
            this::firstRedriven,
            queue,
            Integer.MAX_VALUE);
    lanes.add(redriveLane);
  }

  /**
   * Begins to host a group.
   *
   * @throws GroupMismatchException if it works on another topic
   */
  static SharedGroup open(GroupHost host, Queue queue, String topicName) {
    checkTopic(host, topicName);
    Topic topic = host.log().topic(topicName);
    int number =
        host.numberOf(topic, partition -> PartitionGroup.offsetOf(partition, queue.first()));
    host.recordSynced(new Event.Opened(host.state().epoch() + 1));
    SharedGroup group = new SharedGroup(host, queue, topic, number);
    group.addPartitions();
    return group;
  }

  private static void checkTopic(GroupHost host, String wanted) {
    List<GroupState.TopicProgress> topics = host.state().topics();
    for (GroupState.TopicProgress known : topics.subList(1, topics.size())) {
      if (!known.name().equals(wanted)) {
        throw new GroupMismatchException(
            "group '"
                + host.name()
                + "' works on topic '"
                + known.name()
                + "', not on '"
                + wanted
                + "': use another name for another topic");
      }
    }
  }

  @Override
  public GroupHost host() {
    return host;
  }

  @Override
  public List<MemberDescription> members() {
    return seats.stream()
        .map(seat -> new MemberDescription(seat.id(), List.of(), seat.inFlight()))
        .toList();
  }

  Queue queue() {
    return queue;
  }

  Breaker breaker() {
    return breaker;
  }

  List<Lane> lanes() {
    return lanes;
  }

  int inFlight() {
    return leases.inFlight();
  }

  /** Calls something under the group's lock. */
  <T> T locked(Supplier<T> work) {
    host.lock().lock();
    try {
      return work.get();
    } finally {
      host.lock().unlock();
    }
  }

  /**
   * A worker comes in.
   *
   * @throws GroupMismatchException if the group is hosted otherwise than it wants
   */
  WorkerSeat join(Queue wanted, String wantedTopic, long leaseNs) {
    return locked(
        () -> {
          checkTopic(host, wantedTopic);
          if (!queue.equals(wanted)) {
            throw new GroupMismatchException(
                "group '" + host.name() + "' is hosted with " + queue + ", not with " + wanted);
          }
          WorkerSeat seat = new WorkerSeat("worker-" + ++workers, leaseNs);
          seats.add(seat);
          return seat;
        });
  }

  private void addPartitions() {
    for (int number = lanes.size() - 1; number < topic.partitionCount(); number++) {
      Partition partition = topic.partition(number);
      if (host.state().progress(topicNumber, number) == null) {
        host.record(new PartitionEvent.Moved(topicNumber, number, partition.logStartOffset()));
      }
      Progress progress = host.state().progressOf(topicNumber, number);
      lanes.add(
          new Lane(
              topicNumber,
              new TopicPartition(topic.name(), number),
              partition,
              progress,
              progress.done()::firstMissing,
              queue,
              queue.window()));
    }
  }

  private long firstRedriven(long offset) {
    long next = host.state().redriven().firstPresent(offset);
    while (next >= 0 && redriveLane.item(next) != null) {
      next = host.state().redriven().firstPresent(next + 1);
    }
    return next;
  }

  /** Dead letters may have been redriven. */
  @Override
  public void changed() {
    redriveLane.rescan();
  }

  /**
   * Leases records to a worker.
   *
   * @return none if there are none, or none may be had now
   */
  List<Delivery> receive(WorkerSeat seat, int max) {
    return locked(
        () -> {
          checkOpen(seat);
          if (host.state().isPaused()) {
            return List.of();
          }
          long now = host.clock().nanoTime();
          endBackoffs(now);
          addPartitions();
          int limit = limit(seat, max, now);
          Picks picks = limit <= 0 ? new Picks(0) : picker.pick(limit);
          if (picks.isEmpty()) {
            return List.of();
          }
          return lease(picks, seat, now);
        });
  }

  private void checkOpen(WorkerSeat seat) {
    if (seat.isClosed()) {
      throw new GroupClosedException("group '" + host.name() + "': " + seat.id() + " is closed");
    }
  }

  private int limit(WorkerSeat seat, int max, long now) {
    if (breaker.isOpen()) {
      return breaker.mayProbe(now) ? 1 : 0;
    }
    int ofWorker = queue.maxInFlightPerWorker() - seat.inFlight();
    return Math.min(max, Math.min(ofWorker, queue.maxInFlight() - leases.inFlight()));
  }

  private void endBackoffs(long now) {
    Item next = backingOff.peek();
    while (next != null && next.due - now <= 0) {
      backingOff.remove();
      if (next.backingOff) {
        next.backingOff = false;
        next.lane().settle(next);
      }
      next = backingOff.peek();
    }
  }

  List<SkippedRange> skipDamaged(WorkerSeat seat) {
    return locked(
        () -> {
          checkOpen(seat);
          return obstacles.skipDamaged();
        });
  }

  private List<Delivery> lease(Picks picks, WorkerSeat seat, long now) {
    RangesByLane leased = new RangesByLane();
    for (int i = 0; i < picks.size(); i++) {
      leased.add(picks.item(i).lane(), picks.item(i).offset());
    }
    List<Event> events = new ArrayList<>();
    RangesByLane gaps = new RangesByLane();
    lanes.forEach(lane -> gaps.addAll(lane, lane.takeNewGaps()));
    gaps.addFinished(events);
    leased.addLeased(events);
    try {
      host.recordWritten(events);
    } catch (RuntimeException | Error e) {
      gaps.forEach(Lane::putBackNewGaps);
      picks.dissolve().forEach(item -> item.lane().settle(item));
      throw e;
    }
    return deliver(picks, seat, now);
  }

  private List<Delivery> deliver(Picks picks, WorkerSeat seat, long now) {
    if (breaker.isOpen()) {
      breaker.probing(now);
    }
    long token = leases.nextToken();
    long deadline = now + seat.leaseNs();
    long sinceMs = host.clock().epochMs();
    List<Delivery> deliveries = new ArrayList<>(picks.size());
    for (int i = 0; i < picks.size(); i++) {
      Item item = picks.item(i);
      int attempt = item.lane().progress().failures(item.offset()) + 1;
      Delivery delivery =
          new Delivery(
              this, item, seat, picks.message(i), attempt, token, picks.size(), sinceMs, deadline);
      item.picked = null;
      item.delivery = delivery;
      leases.begin(item);
      deliveries.add(delivery);
    }
    leases.dueBy(deadline);
    return deliveries;
  }

  /** A record needs no more work. */
  void finish(Item item) {
    leases.end(item);
    item.delivery = null;
    item.backingOff = false;
    item.lane().drop(item);
  }

  /** A record comes again. */
  void giveBack(Item item) {
    leases.end(item);
    item.delivery = null;
    item.lane().settle(item);
  }

  /** A record waits. */
  void backOff(Item item, int failures, long now) {
    backingOff.remove(item);
    item.due = now + queue.backoff().delayNs(failures, item.offset());
    item.backingOff = true;
    backingOff.add(item);
    item.lane().settle(item);
  }

  /** How many records wait after a failure; under the lock. */
  long backingOffCount() {
    return backingOff.stream().filter(item -> item.backingOff).count();
  }

  Answer acknowledge(Delivery delivery) {
    return acknowledge(List.of(delivery)).get(0);
  }

  List<Answer> acknowledge(List<Delivery> deliveries) {
    answers.makeDurable(deliveries);
    return locked(() -> answers.acknowledge(deliveries));
  }

  Answer release(Delivery delivery) {
    return locked(() -> answers.release(delivery));
  }

  Answer retry(Delivery delivery, String why) {
    return locked(() -> answers.retry(delivery, why));
  }

  Answer reject(Delivery delivery, String reason) {
    return locked(() -> answers.reject(delivery, reason));
  }

  Answer renew(Delivery delivery) {
    return locked(() -> answers.renew(delivery));
  }

  /** A worker goes: what it has comes again. */
  void leave(WorkerSeat seat) {
    host.lock().lock();
    try {
      if (!seat.isClosed()) {
        seat.close();
        seats.remove(seat);
        answers.releaseAll(seat);
      }
    } finally {
      host.lock().unlock();
    }
  }

  /** Ends the leases whose time is over. */
  @Override
  public long tick(long now) {
    return locked(() -> leases.expire(now, this, answers));
  }

  @Override
  public List<Delivery> leases() {
    return leases.all(lanes);
  }

  /** Puts a record among the dead letters, and calls it finished; under the lock. */
  void bury(Lane lane, Message message, int attempts, String reason) {
    host.bury(
            lane.topic(),
            lane.name().partition(),
            message.offset(),
            () -> addLetter(lane, message, attempts, reason))
        .forEach(this::finishBuried);
  }

  private void finishBuried(PartitionEvent.DeadLettered buried) {
    for (Lane lane : lanes) {
      if (lane.topic() == buried.topic() && lane.name().partition() == buried.partition()) {
        Item item = lane.item(buried.offset());
        if (item != null) {
          finish(item);
        }
      }
    }
  }

  private long addLetter(Lane lane, Message message, int attempts, String reason) {
    long now = host.clock().epochMs();
    return lane == redriveLane
        ? host.deadLetters().addAgain(message, attempts, reason, now)
        : host.deadLetters().add(message, topic.id(), attempts, reason, now);
  }

  @Override
  public boolean isResting() {
    return locked(breaker::isOpen);
  }

  @Override
  public void close() {
    lanes.forEach(Lane::close);
  }

  @Override
  public String toString() {
    return host.name();
  }
}
