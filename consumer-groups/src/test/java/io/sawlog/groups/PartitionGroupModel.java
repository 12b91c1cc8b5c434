package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Message;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A partition group beside a model of it: what was appended, what each member must see next, what
 * is committed. After each step the rules are checked.
 */
final class PartitionGroupModel {
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final int MOST_MEMBERS = 4;
  private static final String GROUP = "g";

  private final Random random;
  private final Lab lab;
  private final Topic topic;
  private final Map<String, MemoryGroup> files = Lab.noFiles();
  private final Groups groups;
  private final ConsumerConfig config;
  private final boolean fails;

  /** Where the group began, and where each log ends. */
  private final long[] base;

  private final long[] committed;
  private final List<Map<Long, Integer>> deliveries = new ArrayList<>();
  private final List<Subject> members = new ArrayList<>();

  /** A member, and what it must be shown next. */
  private final class Subject implements RebalanceListener {
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final List<Message> last = new ArrayList<>();
    private final Consumer consumer;
    private boolean expelled;

    Subject() {
      consumer = groups.consumer(GROUP, config.listener(this), topic.name());
    }

    @Override
    public void onAssigned(Set<TopicPartition> partitions) {
      for (TopicPartition partition : partitions) {
        assertEquals(committed[partition.partition()], consumer.committed(partition));
        next.put(partition, committed[partition.partition()]);
      }
    }

    @Override
    public void onRevoked(Set<TopicPartition> partitions) {
      if (!fails || random.nextBoolean()) {
        commitAll(this);
      }
      next.keySet().removeAll(partitions);
      last.removeIf(message -> partitions.contains(partitionOf(message)));
    }

    @Override
    public void onLost(Set<TopicPartition> partitions) {
      next.keySet().removeAll(partitions);
      last.clear();
    }

    void saw(long offset, TopicPartition partition) {
      assertEquals(next.get(partition), offset, "next of " + partition);
      next.put(partition, offset + 1);
      deliveries.get(partition.partition()).merge(offset, 1, Integer::sum);
    }
  }

  /**
   * Begins with a group at the end of the topic.
   *
   * @param fails whether members die, commit what they like, and power goes
   */
  PartitionGroupModel(Random random, Lab lab, Topic topic, boolean fails) {
    this.random = random;
    this.lab = lab;
    this.topic = topic;
    this.fails = fails;
    this.groups = lab.groups(files, lab.log().topic("letters").partition(0));
    this.config =
        ConsumerConfig.defaults()
            .first(Position.latest())
            .maxPollRecords(1 + random.nextInt(4))
            .maxPollInterval(INTERVAL)
            .commits(random.nextBoolean() ? Commits.WRITTEN : Commits.SYNCED)
            .assignor(random.nextBoolean() ? Assignor.range() : Assignor.cooperativeSticky());
    this.base = new long[topic.partitionCount()];
    for (Partition partition : topic.partitions()) {
      base[partition.number()] = partition.logEndOffset();
      deliveries.add(new HashMap<>());
    }
    this.committed = base.clone();
    groups.create(GROUP, config, topic.name());
  }

  private static TopicPartition partitionOf(Message message) {
    return new TopicPartition(message.topic(), message.partition());
  }

  void run(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
      check();
    }
    finish();
  }

  private void step() {
    switch (random.nextInt(fails ? 14 : 9)) {
      case 0, 1 -> append();
      case 2 -> join();
      case 3, 4, 5 -> poll(any());
      case 6 -> drain(any());
      case 7, 8 -> commit(any());
      case 9 -> leave();
      case 10 -> commitOne(any());
      case 11 -> expel();
      case 12 -> seek(any());
      default -> crash();
    }
  }

  private Subject any() {
    if (members.isEmpty()) {
      join();
    }
    return members.get(random.nextInt(members.size()));
  }

  private void append() {
    Partition partition = topic.partition(random.nextInt(topic.partitionCount()));
    for (int i = random.nextInt(4); i >= 0; i--) {
      partition.append(null, new byte[] {(byte) i});
    }
  }

  private void join() {
    if (members.size() < MOST_MEMBERS) {
      members.add(new Subject());
    }
  }

  private void poll(Subject subject) {
    List<Message> messages = subject.consumer.poll(Duration.ZERO);
    subject.expelled = false;
    for (Message message : messages) {
      subject.saw(message.offset(), partitionOf(message));
      subject.last.add(message);
    }
    assertTrue(messages.size() <= config.maxPollRecords());
  }

  private void drain(Subject subject) {
    int limit = 1 + random.nextInt(5);
    int fatal = fails && random.nextBoolean() ? random.nextInt(limit) : -1;
    int[] shown = {0};
    try {
      subject.consumer.drain(
          view -> {
            if (shown[0] == fatal) {
              throw new IllegalStateException("a handler that fails");
            }
            subject.saw(view.offset(), new TopicPartition(view.topic(), view.partition()));
            shown[0]++;
          },
          limit);
    } catch (IllegalStateException e) {
      assertEquals(fatal, shown[0]);
    }
    subject.expelled = false;
    subject.next.forEach(
        (partition, offset) -> assertEquals(offset, subject.consumer.position(partition)));
  }

  private void commit(Subject subject) {
    if (subject.expelled && !subject.next.isEmpty()) {
      assertThrows(StaleMemberException.class, subject.consumer::commit);
    } else {
      commitAll(subject);
    }
  }

  private void commitAll(Subject subject) {
    subject.consumer.commit();
    subject.next.forEach((partition, offset) -> committed[partition.partition()] = offset);
  }

  private void commitOne(Subject subject) {
    if (!subject.last.isEmpty()) {
      Message message = subject.last.get(random.nextInt(subject.last.size()));
      int number = message.partition();
      if (subject.expelled) {
        assertThrows(StaleMemberException.class, () -> subject.consumer.commit(message));
      } else {
        subject.consumer.commit(message);
        committed[number] = Math.max(committed[number], message.offset() + 1);
      }
    }
  }

  private void leave() {
    if (!members.isEmpty()) {
      members.remove(random.nextInt(members.size())).consumer.close();
    }
  }

  /** Some members do not poll in time, the others do. */
  private void expel() {
    lab.advanceUnnoticed(INTERVAL.dividedBy(2).plusMillis(1));
    List<Subject> alive = new ArrayList<>();
    for (Subject subject : List.copyOf(members)) {
      if (random.nextBoolean()) {
        poll(subject);
        alive.add(subject);
      }
    }
    lab.advance(INTERVAL.dividedBy(2).plusMillis(1));
    members.stream()
        .filter(subject -> !alive.contains(subject))
        .forEach(subject -> subject.expelled = true);
  }

  /** Goes back, and says so at once, so that what is committed is what the model thinks. */
  private void seek(Subject subject) {
    if (!subject.next.isEmpty() && !subject.expelled) {
      TopicPartition partition = subject.next.keySet().iterator().next();
      int number = partition.partition();
      long end = subject.next.get(partition);
      long target = base[number] + random.nextInt((int) (end - base[number]) + 1);
      subject.consumer.seek(partition, Position.atOffset(target));
      subject.consumer.commit(Map.of(partition, target));
      subject.next.put(partition, target);
      subject.last.removeIf(message -> partitionOf(message).equals(partition));
      committed[number] = target;
    }
  }

  /** The process ends; with it, perhaps, the power, and what was not durable. */
  private void crash() {
    members.forEach(subject -> subject.consumer.close());
    members.clear();
    if (random.nextBoolean()) {
      files.get(GROUP).cutPower(random.nextInt(5));
      long[] found = committedNow();
      if (config.commits() == Commits.SYNCED) {
        assertEquals(List.of(boxed(committed)), List.of(boxed(found)), "a synced commit was lost");
      }
      System.arraycopy(found, 0, committed, 0, found.length);
    }
  }

  private static List<Long> boxed(long[] values) {
    List<Long> list = new ArrayList<>();
    for (long value : values) {
      list.add(value);
    }
    return list;
  }

  private long[] committedNow() {
    Fold fold = new Fold(GROUP);
    files.get(GROUP).replay(fold);
    GroupState state = fold.state();
    long[] found = new long[base.length];
    for (int i = 0; i < found.length; i++) {
      found[i] = state.progressOf(state.numberOf(topic.id()), i).floor();
    }
    return found;
  }

  private void check() {
    Set<TopicPartition> owned = new HashSet<>();
    for (Subject subject : members) {
      if (!subject.expelled) {
        for (TopicPartition partition : subject.next.keySet()) {
          assertTrue(owned.add(partition), partition + " has two owners");
        }
      }
    }
    assertEquals(boxed(committed), boxed(committedNow()), "what the log says is committed");
  }

  /** Reads on until there is nothing more: then every record was delivered. */
  private void finish() {
    members.forEach(this::poll);
    if (!fails) {
      members.forEach(this::commitAll);
    }
    members.forEach(subject -> subject.consumer.close());
    members.clear();
    Subject last = new Subject();
    List<Message> messages;
    do {
      messages = last.consumer.poll(Duration.ZERO);
      messages.forEach(message -> last.saw(message.offset(), partitionOf(message)));
    } while (!messages.isEmpty());
    last.consumer.close();
    for (int number = 0; number < base.length; number++) {
      Map<Long, Integer> seen = deliveries.get(number);
      long end = topic.partition(number).logEndOffset();
      for (long offset = base[number]; offset < end; offset++) {
        assertTrue(seen.containsKey(offset), "record " + offset + " was skipped");
        assertFalse(!fails && seen.get(offset) > 1, "record " + offset + " came twice");
      }
    }
  }
}
