package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Message;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.RecordId;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicConfig;
import io.sawlog.log.Visibility;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A shared group beside a model of it: which records there are, which of them are finished, and who
 * got which of them last. After each step the rules are checked.
 */
final class SharedGroupModel {
  private static final String GROUP = "g";
  private static final int MOST_WORKERS = 3;
  private static final int MOST_ATTEMPTS = 3;
  private static final int LEASE_SECONDS = 30;
  private static final int NO_BREAKER = 1000;

  private static final TopicConfig TWO =
      TopicConfig.defaults().partitions(2).segmentBytes(64 << 10);

  private final Random random;
  private final Lab lab;
  private Topic topic;
  private Partition letters;
  private final Map<String, MemoryGroup> files = Lab.noFiles();
  private Groups groups;
  private final Queue queue;
  private final long[] base;

  /** The records, by partition and offset; what they are is known of them by the model. */
  private final List<TreeMap<Long, Known>> records = new ArrayList<>();

  /** Records that the topic has lost, but the dead letters have. */
  private final Map<String, Integer> deadAndLost = new HashMap<>();

  private final List<Worker> workers = new ArrayList<>();
  private long nowSeconds;
  private final List<Delivery> given = new ArrayList<>();

  private enum State {
    OPEN,
    DONE,
    DEAD
  }

  /** What the model knows of a record. */
  private static final class Known {
    private final byte[] key;
    private State state = State.OPEN;
    private Delivery last;

    /** How often it has failed, counted by the rules and not by looking. */
    private int failures;

    /** Whether the last delivery was neither answered nor taken back, so that a crash counts it. */
    private boolean unanswered;

    /** Whether its lease runs. */
    private boolean held;

    private long leaseEnd;
    private int leasedWith;
    private Worker worker;

    /** Whether it may have ended a process. */
    private boolean suspect;

    Known(byte[] key) {
      this.key = key;
    }

    void lease(Delivery delivery, Worker to, int with, long end) {
      last = delivery;
      worker = to;
      leasedWith = with;
      leaseEnd = end;
      unanswered = true;
      held = true;
    }

    void takeBack() {
      unanswered = false;
      held = false;
    }

    /** Nobody may answer any more, but that is not logged. */
    void loseHolder() {
      held = false;
      worker = null;
    }

    void fail() {
      failures++;
      suspect = false;
      takeBack();
    }
  }

  SharedGroupModel(Random random, Lab lab) {
    this.random = random;
    this.lab = lab;
    this.topic = lab.flushedTopic("t", TWO);
    this.letters = lab.flushedTopic("letters", TopicConfig.defaults()).partition(0);
    letters.deleteBefore(letters.logEndOffset());
    this.groups = lab.groups(files, letters);
    this.queue =
        (random.nextBoolean() ? Queue.keyOrdered() : Queue.unordered())
            .first(Position.latest())
            .commits(random.nextInt(4) == 0 ? Commits.SYNCED : Commits.WRITTEN)
            .visibility(random.nextInt(4) == 0 ? Visibility.DURABLE : Visibility.PUBLISHED)
            .maxAttempts(MOST_ATTEMPTS)
            .window(random.nextBoolean() ? 8 : 100)
            .breakerFailures(random.nextInt(4) == 0 ? 3 : NO_BREAKER)
            .lease(Duration.ofSeconds(LEASE_SECONDS))
            .maxInFlight(6 + random.nextInt(20))
            .backoff(Backoff.fixed(Duration.ofSeconds(5)));
    this.base = new long[topic.partitionCount()];
    for (Partition partition : topic.partitions()) {
      base[partition.number()] = partition.logEndOffset();
      records.add(new TreeMap<>());
    }
  }

  void run(int steps) {
    join();
    for (int i = 0; i < steps; i++) {
      step();
      check();
    }
    finish();
  }

  private void step() {
    switch (random.nextInt(18)) {
      case 0, 1, 2 -> append();
      case 3 -> join();
      case 4, 5, 6, 7 -> receive(any(), 1 + random.nextInt(6));
      case 8 -> acknowledge();
      case 9 -> acknowledgeSome();
      case 10 -> release();
      case 11 -> retry();
      case 12 -> reject();
      case 13 -> renew();
      case 14 -> advance(random.nextBoolean() ? 6 : LEASE_SECONDS + 1);
      case 15 -> leave();
      case 16 -> topic.partition(random.nextInt(topic.partitionCount())).flush();
      default -> crash();
    }
  }

  private Worker any() {
    if (workers.isEmpty()) {
      join();
    }
    return workers.get(random.nextInt(workers.size()));
  }

  private void join() {
    if (workers.size() < MOST_WORKERS) {
      workers.add(groups.worker(GROUP, topic.name(), queue));
    }
  }

  private void append() {
    byte[] key = random.nextInt(3) == 0 ? null : new byte[] {(byte) random.nextInt(3)};
    for (int i = random.nextInt(3); i >= 0; i--) {
      RecordId id = topic.append(key, new byte[] {1});
      records.get(id.partition()).put(id.offset(), new Known(key));
    }
  }

  private Known known(Message message) {
    return records.get(message.partition()).get(message.offset());
  }

  private List<Delivery> receive(Worker worker, int max) {
    boolean suspects = all().anyMatch(known -> known.state == State.OPEN && known.suspect);
    boolean anyHeld = all().anyMatch(known -> known.held);
    List<Delivery> deliveries = receiveUnlessLost(worker, max);
    assertTrue(deliveries.size() <= max);
    if (suspects && isExact() && !deliveries.isEmpty() && known(deliveries.get(0)).suspect) {
      assertEquals(1, deliveries.size(), "one suspect at a time");
      assertFalse(anyHeld, "a suspect is tried with nothing beside it");
    }
    assertTrue(deliveries.isEmpty() || group().inFlight() <= queue.maxInFlight());
    noticeDeaths();
    for (int i = 0; i < deliveries.size(); i++) {
      Delivery delivery = deliveries.get(i);
      Known known = known(delivery.message());
      assertEquals(State.OPEN, known.state, "a finished record came again: " + delivery);
      if (known.last != null) {
        assertTrue(delivery.token() > known.last.token(), "a token went backwards");
      }
      if (queue.order() == Order.KEY && known.key != null) {
        checkOrder(delivery, deliveries.subList(0, i));
      }
      checkAttempt(known, delivery);
      known.lease(delivery, worker, deliveries.size(), nowSeconds + LEASE_SECONDS);
      given.add(delivery);
    }
    return deliveries;
  }

  /** A log that a power cut has left nothing of begins elsewhere: that is said once. */
  private List<Delivery> receiveUnlessLost(Worker worker, int max) {
    Set<TopicPartition> told = new HashSet<>();
    while (true) {
      try {
        return worker.receive(max, Duration.ZERO);
      } catch (RecordsLostException lost) {
        int number = lost.partition().partition();
        assertTrue(told.add(lost.partition()), "said twice");
        assertEquals(base[number], lost.to(), "nothing but a power cut takes records here");
        assertEquals(Map.of(), records.get(number).subMap(lost.from(), lost.to()));
      }
    }
  }

  /** Everything of the same key before it is finished, or in the same hands. */
  private void checkOrder(Delivery delivery, List<Delivery> before) {
    Message message = delivery.message();
    records
        .get(message.partition())
        .headMap(message.offset())
        .forEach(
            (offset, known) -> {
              boolean same = Arrays.equals(known.key, message.key());
              if (same && known.state == State.OPEN) {
                assertTrue(
                    before.stream()
                        .anyMatch(
                            d ->
                                d.message().offset() == offset
                                    && d.message().partition() == message.partition()),
                    delivery + " came although " + offset + " of its key is open");
              }
            });
  }

  /** While everything fails, failures are nobody's fault: when that is, the model doesn't know. */
  private boolean isExact() {
    return queue.breakerFailures() == NO_BREAKER;
  }

  private void checkAttempt(Known known, Delivery delivery) {
    if (isExact()) {
      assertEquals(known.failures + 1, delivery.attempt(), "failures of " + delivery);
    } else {
      assertTrue(delivery.attempt() <= known.failures + 1, "failures of " + delivery);
      known.failures = delivery.attempt() - 1;
    }
  }

  private Stream<Known> all() {
    return records.stream().flatMap(partition -> partition.values().stream());
  }

  private Known known(Delivery delivery) {
    return known(delivery.message());
  }

  private interface Answering {
    Answer answer(Delivery delivery);
  }

  /** Answers any delivery; gives it if the answer counted. */
  private Delivery answer(Answering answering) {
    if (given.isEmpty()) {
      return null;
    }
    Delivery delivery = given.get(random.nextInt(given.size()));
    Known known = known(delivery);
    Answer answer = answering.answer(delivery);
    if (known.state != State.OPEN || known.last != delivery) {
      assertEquals(Answer.STALE, answer, delivery + " was answered, or somebody else has it");
      return null;
    }
    return answer == Answer.DONE ? delivery : null;
  }

  private void acknowledge() {
    Delivery delivery = answer(Delivery::ack);
    if (delivery != null) {
      finish(known(delivery), State.DONE);
    }
  }

  private static void finish(Known known, State state) {
    known.state = state;
    known.suspect = false;
    known.takeBack();
  }

  private void release() {
    Delivery delivery = answer(Delivery::release);
    if (delivery != null) {
      known(delivery).takeBack();
      takeBackBehind(delivery);
    }
  }

  private void retry() {
    Delivery delivery = answer(d -> d.retry("failed"));
    if (delivery != null) {
      Known known = known(delivery);
      if (known.unanswered) {
        known.fail();
        noticeDeaths();
        if (known.state == State.OPEN) {
          // a record that died does not come again, so nothing has to wait for it
          takeBackBehind(delivery);
        }
      }
    }
  }

  private void reject() {
    Delivery delivery = answer(d -> d.reject("bad"));
    if (delivery != null) {
      finish(known(delivery), State.DEAD);
    }
  }

  private void renew() {
    Delivery delivery = answer(Delivery::renew);
    if (delivery != null) {
      known(delivery).held = true;
      known(delivery).leaseEnd = nowSeconds + LEASE_SECONDS;
    }
  }

  /** What is held of the same key, behind a record that comes again. */
  private List<Known> heldBehind(Delivery delivery) {
    Message message = delivery.message();
    Known first = known(delivery);
    if (queue.order() != Order.KEY || first.key == null) {
      return List.of();
    }
    return records.get(message.partition()).tailMap(message.offset(), false).values().stream()
        .filter(known -> known.held && Arrays.equals(known.key, first.key))
        .toList();
  }

  private void takeBackBehind(Delivery delivery) {
    heldBehind(delivery).forEach(Known::takeBack);
  }

  /** Leases run out: whose was the only record has failed; of several, nobody knows. */
  private void advance(int seconds) {
    nowSeconds += seconds;
    lab.advance(Duration.ofSeconds(seconds));
    for (Known known : all().toList()) {
      if (known.held && known.leaseEnd <= nowSeconds) {
        if (known.leasedWith == 1) {
          known.fail();
        } else {
          known.held = false;
          heldBehind(known.last).forEach(Known::loseHolder);
        }
      }
    }
    noticeDeaths();
  }

  private void acknowledgeSome() {
    if (given.isEmpty()) {
      return;
    }
    List<Delivery> some = given.subList(random.nextInt(given.size()), given.size());
    List<Answer> answers = any().ack(some);
    for (int i = 0; i < some.size(); i++) {
      Known known = known(some.get(i).message());
      if (answers.get(i) == Answer.DONE) {
        assertEquals(State.OPEN, known.state);
        assertEquals(known.last, some.get(i));
        finish(known, State.DONE);
      }
    }
  }

  private void leave() {
    if (workers.size() > 1) {
      Worker worker = workers.remove(random.nextInt(workers.size()));
      worker.close();
      all().filter(known -> known.worker == worker).forEach(Known::takeBack);
    }
  }

  /** The process ends without a word; with it, perhaps, the power. */
  private void crash() {
    MemoryGroup memory = files.get(GROUP);
    memory.halt();
    workers.forEach(Worker::close);
    workers.clear();
    memory.revive();
    given.clear();
    blame();
    boolean exact = true;
    if (random.nextBoolean()) {
      exact = false;
      memory.cutPower(random.nextInt(6));
      if (random.nextBoolean()) {
        cutPowerOfTheTopic(memory);
      }
    }
    join();
    for (int number = 0; number < base.length; number++) {
      Progress progress = progress(number);
      records
          .get(number)
          .forEach(
              (offset, known) -> {
                boolean finished = progress.isFinished(offset);
                if (known.state == State.DEAD) {
                  assertTrue(finished, "a dead letter came back to life");
                } else if (known.state == State.DONE && !finished) {
                  assertEquals(Commits.WRITTEN, queue.commits(), "a synced answer was lost");
                  known.state = State.OPEN;
                }
              });
    }
    compareFailures(exact && isExact());
    noticeDeaths();
  }

  /**
   * Of what was leased at the end of a process, the only one has failed; of several, one may have.
   */
  private void blame() {
    List<Known> leased = all().filter(known -> known.unanswered).toList();
    if (leased.size() == 1) {
      leased.get(0).failures++;
    }
    leased.forEach(known -> known.suspect = true);
    all().forEach(Known::takeBack);
  }

  /** What the group knows after it was opened; a power cut can only have taken some of it. */
  private void compareFailures(boolean exact) {
    for (int number = 0; number < base.length; number++) {
      Progress progress = progress(number);
      records
          .get(number)
          .forEach(
              (offset, known) -> {
                if (known.state != State.OPEN) {
                  return;
                }
                int failures = progress.failures(offset);
                boolean suspect = progress.suspects().contains(offset);
                if (exact) {
                  assertEquals(known.failures, failures, "failures of " + offset);
                  assertEquals(known.suspect, suspect, "suspicion of " + offset);
                } else {
                  known.failures = failures;
                  known.suspect = suspect;
                }
              });
    }
  }

  /** The log ends where it was flushed at least, and its offsets go on behind a gap. */
  private void cutPowerOfTheTopic(MemoryGroup memory) {
    lab.cutPower();
    topic = lab.log().topic("t");
    letters = lab.log().topic("letters").partition(0);
    groups = lab.groups(files, letters);
    memory.deadLetters(letters);
    for (Partition partition : topic.partitions()) {
      Set<Long> left = new HashSet<>();
      partition.read(Position.earliest()).forEach(message -> left.add(message.offset()));
      Map<Long, Known> lost = new TreeMap<>(records.get(partition.number()));
      lost.keySet().removeAll(left);
      lost.forEach((offset, known) -> lose(partition.number() + "@" + offset, known));
      base[partition.number()] = Math.max(base[partition.number()], partition.logStartOffset());
      records.get(partition.number()).keySet().retainAll(left);
    }
  }

  private void lose(String place, Known known) {
    if (queue.commits() == Commits.SYNCED) {
      assertNotEquals(State.DONE, known.state, "a synced answer covers a lost record");
    }
    if (queue.visibility() == Visibility.DURABLE) {
      assertNull(known.last, "a group that reads what is durable had a record that is lost");
    }
    if (known.state == State.DEAD) {
      deadAndLost.put(place, 1);
    }
  }

  /** Records that the group finished although nobody acknowledged them are dead. */
  private void noticeDeaths() {
    for (int number = 0; number < base.length; number++) {
      Progress progress = progress(number);
      records
          .get(number)
          .forEach(
              (offset, known) -> {
                if (known.state == State.OPEN && progress.isFinished(offset)) {
                  assertTrue(known.failures >= MOST_ATTEMPTS, offset + " died too early");
                  finish(known, State.DEAD);
                }
              });
    }
  }

  private SharedGroup group() {
    Hosts.Hosted hosted = Hosts.find(lab.log(), GROUP);
    assertNotNull(hosted);
    return (SharedGroup) hosted;
  }

  private Progress progress(int partition) {
    GroupState state = group().host().state();
    return state.progressOf(state.numberOf(topic.id()), partition);
  }

  private void check() {
    noticeDeaths();
    Fold fold = new Fold(GROUP);
    files.get(GROUP).replay(fold);
    assertEquals(group().host().state().events(), fold.state().events(), "memory and log differ");
    int inFlight = 0;
    for (Lane lane : group().lanes()) {
      int under = 0;
      for (Item item : lane.items()) {
        under++;
        if (item.leased) {
          inFlight++;
          assertTrue(lane.progress().leased().contains(item.offset()), "a lease not in the log");
        }
      }
      assertTrue(under <= queue.window(), "the window holds " + under);
    }
    assertEquals(inFlight, group().inFlight());
    checkLetters();
  }

  private void checkLetters() {
    Map<String, Integer> buried = new HashMap<>();
    for (Message message : letters.read(Position.earliest())) {
      DeadLetter letter = DeadLetters.read(message);
      buried.merge(letter.partition() + "@" + letter.offset(), 1, Integer::sum);
    }
    Map<String, Integer> dead = new HashMap<>(deadAndLost);
    for (int number = 0; number < base.length; number++) {
      int partition = number;
      records
          .get(number)
          .forEach(
              (offset, known) -> {
                if (known.state == State.DEAD) {
                  dead.put(partition + "@" + offset, 1);
                }
              });
    }
    assertEquals(dead, buried, "the dead letters");
  }

  /** Works until nothing is open: then nothing was lost. */
  private void finish() {
    topic.partitions().forEach(Partition::flush);
    for (int round = 0; round < 300 && isAnythingOpen(); round++) {
      List<Delivery> deliveries = receive(any(), 10);
      for (Delivery delivery : deliveries) {
        assertEquals(Answer.DONE, delivery.ack());
        finish(known(delivery), State.DONE);
      }
      if (deliveries.isEmpty()) {
        advance(LEASE_SECONDS + 1);
      }
    }
    check();
    assertTrue(!isAnythingOpen(), "records were lost");
    assertEquals(0, group().backingOffCount());
    workers.forEach(Worker::close);
  }

  private boolean isAnythingOpen() {
    return all().anyMatch(known -> known.state == State.OPEN);
  }
}
