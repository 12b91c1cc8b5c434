package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Message;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicConfig;
import io.sawlog.log.Visibility;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * A partition group beside a model of it: what was appended, what each member must see next, what
 * is committed. After each step the rules are checked.
 */
final class PartitionGroupModel {
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final int MOST_MEMBERS = 4;
  private static final String GROUP = "g";

  private static final TopicConfig THREE =
      TopicConfig.defaults().partitions(3).segmentBytes(64 << 10);

  private final Random random;
  private final Lab lab;
  private Topic topic;
  private final Map<String, MemoryGroup> files = Lab.noFiles();
  private Groups groups;
  private final ConsumerConfig config;
  private final boolean fails;

  /** The offsets of the records since the group began, by partition. */
  private final List<TreeSet<Long>> records = new ArrayList<>();

  /** Where the group began. */
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

    /** The position may be any one up to the next record, which lies behind a gap perhaps. */
    void agree() {
      for (Map.Entry<TopicPartition, Long> entry : next.entrySet()) {
        int number = entry.getKey().partition();
        long position = consumer.position(entry.getKey());
        assertTrue(position >= entry.getValue(), position + " after " + entry);
        assertEquals(Set.of(), records.get(number).subSet(entry.getValue(), position));
        entry.setValue(position);
      }
    }

    void saw(long offset, TopicPartition partition) {
      Long expected = records.get(partition.partition()).ceiling(next.get(partition));
      assertEquals(expected, offset, "next of " + partition + ", which is at " + next);
      next.put(partition, offset + 1);
      deliveries.get(partition.partition()).merge(offset, 1, Integer::sum);
    }
  }

  /**
   * Begins with a group at the end of a topic.
   *
   * @param fails whether members die, commit what they like, and power goes
   */
  PartitionGroupModel(Random random, Lab lab, boolean fails) {
    this.random = random;
    this.lab = lab;
    this.topic = lab.flushedTopic("t", THREE);
    this.fails = fails;
    this.groups = lab.groups(files, letters());
    this.config =
        ConsumerConfig.defaults()
            .first(Position.latest())
            .maxPollRecords(1 + random.nextInt(4))
            .maxPollInterval(INTERVAL)
            .commits(random.nextBoolean() ? Commits.WRITTEN : Commits.SYNCED)
            .visibility(random.nextInt(3) == 0 ? Visibility.DURABLE : Visibility.PUBLISHED)
            .assignor(random.nextBoolean() ? Assignor.range() : Assignor.cooperativeSticky());
    this.base = new long[topic.partitionCount()];
    for (Partition partition : topic.partitions()) {
      base[partition.number()] = partition.logEndOffset();
      records.add(new TreeSet<>());
      deliveries.add(new HashMap<>());
    }
    this.committed = base.clone();
    groups.create(GROUP, config, topic.name());
  }

  private Partition letters() {
    return lab.flushedTopic("letters", TopicConfig.defaults()).partition(0);
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
    switch (random.nextInt(fails ? 15 : 10)) {
      case 0, 1 -> append();
      case 2 -> join();
      case 3, 4, 5 -> poll(any());
      case 6 -> drain(any());
      case 7, 8 -> commit(any());
      case 9 -> topic.partition(random.nextInt(topic.partitionCount())).flush();
      case 10 -> leave();
      case 11 -> commitOne(any());
      case 12 -> expel();
      case 13 -> seek(any());
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
      records.get(partition.number()).add(partition.append(null, new byte[] {(byte) i}));
    }
  }

  private void join() {
    if (members.size() < MOST_MEMBERS) {
      members.add(new Subject());
    }
  }

  private List<Message> poll(Subject subject) {
    List<Message> messages = unlessLost(subject, () -> subject.consumer.poll(Duration.ZERO));
    subject.expelled = false;
    for (Message message : messages) {
      subject.saw(message.offset(), partitionOf(message));
      subject.last.add(message);
    }
    assertTrue(messages.size() <= config.maxPollRecords());
    return messages;
  }

  /** A log that a power cut has left nothing of begins elsewhere: that is said once. */
  private <T> T unlessLost(Subject subject, Supplier<T> work) {
    while (true) {
      try {
        return work.get();
      } catch (RecordsLostException lost) {
        int number = lost.partition().partition();
        assertEquals(base[number], lost.to(), "nothing but a power cut takes records here");
        assertEquals(Set.of(), records.get(number).subSet(lost.from(), lost.to()));
        assertTrue(subject.next.get(lost.partition()) < lost.to(), "said twice");
        subject.next.put(lost.partition(), lost.to());
      }
    }
  }

  private void drain(Subject subject) {
    int limit = 1 + random.nextInt(5);
    int fatal = fails && random.nextBoolean() ? random.nextInt(limit) : -1;
    int[] shown = {0};
    try {
      unlessLost(
          subject,
          () ->
              subject.consumer.drain(
                  view -> {
                    if (shown[0] == fatal) {
                      throw new IllegalStateException("a handler that fails");
                    }
                    subject.saw(view.offset(), new TopicPartition(view.topic(), view.partition()));
                    shown[0]++;
                  },
                  limit - shown[0]));
    } catch (IllegalStateException e) {
      assertEquals(fatal, shown[0]);
    }
    subject.expelled = false;
    subject.agree();
  }

  private void commit(Subject subject) {
    if (subject.expelled && !subject.next.isEmpty()) {
      assertThrows(StaleMemberException.class, subject.consumer::commit);
    } else {
      commitAll(subject);
    }
  }

  private void commitAll(Subject subject) {
    subject.agree();
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
      List<Long> targets =
          new ArrayList<>(records.get(number).headSet(subject.next.get(partition)));
      targets.add(base[number]);
      long target = targets.get(random.nextInt(targets.size()));
      unlessLost(
          subject,
          () -> {
            subject.consumer.seek(partition, Position.atOffset(target));
            return target;
          });
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
      if (random.nextBoolean()) {
        cutPowerOfTheTopic();
      }
      long[] found = committedNow();
      if (config.commits() == Commits.SYNCED) {
        assertEquals(List.of(boxed(committed)), List.of(boxed(found)), "a synced commit was lost");
      }
      System.arraycopy(found, 0, committed, 0, found.length);
    }
  }

  /** The log ends where it was flushed at least, and its offsets go on behind a gap. */
  private void cutPowerOfTheTopic() {
    lab.cutPower();
    topic = lab.log().topic("t");
    groups = lab.groups(files, letters());
    files.get(GROUP).deadLetters(letters());
    for (Partition partition : topic.partitions()) {
      int number = partition.number();
      TreeSet<Long> known = records.get(number);
      TreeSet<Long> left = new TreeSet<>();
      partition.read(Position.earliest()).forEach(message -> left.add(message.offset()));
      left.removeIf(offset -> offset < base[number]);
      assertTrue(known.containsAll(left), "records that nobody appended");
      TreeSet<Long> lost = new TreeSet<>(known);
      lost.removeAll(left);
      if (!lost.isEmpty()) {
        assertTrue(left.isEmpty() || left.last() < lost.first(), "not a prefix");
        if (config.commits() == Commits.SYNCED) {
          assertTrue(committed[number] <= lost.first(), "a synced commit covers a lost record");
        }
        if (config.visibility() == Visibility.DURABLE) {
          assertTrue(
              lost.stream().noneMatch(deliveries.get(number)::containsKey),
              "a group that reads what is durable has seen a record that was taken back");
        }
      }
      base[number] = Math.max(base[number], partition.logStartOffset());
      known.retainAll(left);
      deliveries.get(number).keySet().removeAll(lost);
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
    topic.partitions().forEach(Partition::flush);
    members.forEach(this::poll);
    if (!fails) {
      members.forEach(this::commitAll);
    }
    members.forEach(subject -> subject.consumer.close());
    members.clear();
    Subject last = new Subject();
    List<Message> messages;
    do {
      messages = poll(last);
    } while (!messages.isEmpty());
    last.consumer.close();
    for (int number = 0; number < base.length; number++) {
      Map<Long, Integer> seen = deliveries.get(number);
      for (long offset : records.get(number)) {
        assertTrue(seen.containsKey(offset), "record " + offset + " was skipped");
        assertFalse(!fails && seen.get(offset) > 1, "record " + offset + " came twice");
      }
    }
  }
}
