package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Message;
import io.sawlog.log.Partition;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RebalanceTest {
  @TempDir Path directory;
  private Lab lab;
  private Topic orders;

  @BeforeEach
  void open() {
    lab = Lab.open(directory);
    orders = lab.log().createTopic("orders", TopicConfig.defaults().partitions(4));
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private Consumer join(ConsumerConfig config) {
    return lab.groups().consumer("g", config, "orders");
  }

  private static TopicPartition partition(int number) {
    return new TopicPartition("orders", number);
  }

  /** Writes down what it is told. */
  private static final class Diary implements RebalanceListener {
    final List<String> entries = new ArrayList<>();

    @Override
    public void onRevoked(Set<TopicPartition> partitions) {
      entries.add("revoked " + partitions);
    }

    @Override
    public void onAssigned(Set<TopicPartition> partitions) {
      entries.add("assigned " + partitions);
    }

    @Override
    public void onLost(Set<TopicPartition> partitions) {
      entries.add("lost " + partitions);
    }
  }

  @Test
  void shouldHandOverOnlyWhenTheOwnerHasLetGo() {
    Diary diary = new Diary();
    try (Consumer first = join(ConsumerConfig.defaults().listener(diary))) {
      Lab.poll(first);
      try (Consumer second = join(ConsumerConfig.defaults())) {
        Lab.poll(second);
        assertEquals(Set.of(), second.assignment());
        assertEquals(4, first.assignment().size());

        Lab.poll(first);
        Lab.poll(second);

        assertEquals(2, first.assignment().size());
        assertEquals(2, second.assignment().size());
        Set<TopicPartition> all = new HashSet<>(first.assignment());
        all.addAll(second.assignment());
        assertEquals(4, all.size());
      }
      Lab.poll(first);
      assertEquals(4, first.assignment().size());
    }
    assertEquals(4, diary.entries.size(), diary.entries.toString());
    assertTrue(diary.entries.get(0).startsWith("assigned"), diary.entries.toString());
    assertTrue(diary.entries.get(1).startsWith("revoked"), diary.entries.toString());
    assertTrue(diary.entries.get(2).startsWith("assigned"), diary.entries.toString());
    assertTrue(diary.entries.get(3).startsWith("lost"), diary.entries.toString());
  }

  @Test
  void shouldGoOnWhereTheLastOwnerCommittedWhileItWasRevoked() {
    for (Partition partition : orders.partitions()) {
      Lab.append(partition, 0, 5);
    }
    Consumer[] first = new Consumer[1];
    RebalanceListener committing =
        new RebalanceListener() {
          @Override
          public void onRevoked(Set<TopicPartition> partitions) {
            first[0].commit();
          }
        };
    first[0] = join(ConsumerConfig.defaults().listener(committing));
    assertEquals(20, Lab.poll(first[0]).size());
    try (Consumer second = join(ConsumerConfig.defaults())) {
      Lab.poll(first[0]);

      assertEquals(List.of(), Lab.poll(second));
      assertEquals(2, second.assignment().size());
    }
    first[0].close();
  }

  @Test
  void shouldFenceAMemberThatDidNotPoll() {
    Lab.append(orders.partition(0), 0, 5);
    Diary diary = new Diary();
    ConsumerConfig impatient = ConsumerConfig.defaults().maxPollInterval(Duration.ofSeconds(10));
    try (Consumer slow = join(impatient.listener(diary));
        Consumer quick = join(ConsumerConfig.defaults())) {
      List<Message> messages = slow.poll(Duration.ZERO);
      Lab.poll(quick);

      lab.advance(Duration.ofSeconds(11));

      assertThrows(StaleMemberException.class, slow::commit);
      if (!messages.isEmpty()) {
        assertThrows(StaleMemberException.class, () -> slow.commit(messages.get(0)));
      }
      assertEquals(Lab.numbers(0, 5), Lab.poll(quick));
      quick.commit();
      assertEquals(4, quick.assignment().size());

      Lab.poll(slow);
      Lab.poll(quick);
      Lab.poll(slow);
      assertEquals(2, slow.assignment().size());
      assertTrue(
          diary.entries.stream().anyMatch(entry -> entry.startsWith("lost")),
          diary.entries.toString());
      slow.commit();
    }
  }

  @Test
  void shouldAcceptACommitForAKeptPartitionAlthoughOthersCame() {
    for (Partition partition : orders.partitions()) {
      Lab.append(partition, 0, 1);
    }
    try (Consumer first = join(ConsumerConfig.defaults())) {
      List<Message> messages = first.poll(Duration.ZERO);
      assertEquals(4, messages.size());
      try (Consumer second = join(ConsumerConfig.defaults())) {
        Lab.poll(first);
        Lab.poll(second);

        for (Message message : messages) {
          TopicPartition partition = new TopicPartition("orders", message.partition());
          if (first.assignment().contains(partition)) {
            first.commit(message);
            assertEquals(1, first.committed(partition));
          } else {
            assertThrows(StaleMemberException.class, () -> first.commit(message));
            assertEquals(0, second.committed(partition));
          }
        }
      }
    }
  }

  @Test
  void shouldCommitAllOrNothing() {
    for (Partition partition : orders.partitions()) {
      Lab.append(partition, 0, 1);
    }
    try (Consumer first = join(ConsumerConfig.defaults());
        Consumer second = join(ConsumerConfig.defaults())) {
      Lab.poll(first);
      Lab.poll(second);
      TopicPartition own = first.assignment().iterator().next();
      TopicPartition foreign = second.assignment().iterator().next();

      assertThrows(StaleMemberException.class, () -> first.commit(Map.of(own, 1L, foreign, 1L)));

      assertEquals(0, first.committed(own));
      assertEquals(0, second.committed(foreign));
    }
  }

  @Test
  void shouldDivideIntoRangesIfAskedTo() {
    ConsumerConfig range = ConsumerConfig.defaults().assignor(Assignor.range());
    try (Consumer first = join(range);
        Consumer second = join(range)) {
      Lab.poll(first);
      Lab.poll(second);

      assertEquals(Set.of(partition(0), partition(1)), first.assignment());
      assertEquals(Set.of(partition(2), partition(3)), second.assignment());
      assertThrows(GroupMismatchException.class, () -> join(ConsumerConfig.defaults()));
    }
  }

  @Test
  void shouldAskAgainWhenAListenerThrows() {
    boolean[] fails = {true};
    RebalanceListener failing =
        new RebalanceListener() {
          @Override
          public void onRevoked(Set<TopicPartition> partitions) {
            if (fails[0]) {
              throw new IllegalStateException("not now");
            }
          }
        };
    try (Consumer first = join(ConsumerConfig.defaults().listener(failing))) {
      Lab.poll(first);
      try (Consumer second = join(ConsumerConfig.defaults())) {
        assertThrows(IllegalStateException.class, () -> Lab.poll(first));
        Lab.poll(second);
        assertEquals(Set.of(), second.assignment());

        fails[0] = false;
        Lab.poll(first);
        Lab.poll(second);
        assertEquals(2, second.assignment().size());
      }
    }
  }

  @Test
  void shouldNotTakeAPartitionFromItsNextOwnerWhenAListenerTookTooLong() {
    Consumer[] next = new Consumer[1];
    RebalanceListener slow =
        new RebalanceListener() {
          @Override
          public void onRevoked(Set<TopicPartition> partitions) {
            lab.advance(Duration.ofSeconds(11));
            Lab.poll(next[0]);
          }
        };
    ConsumerConfig impatient = ConsumerConfig.defaults().maxPollInterval(Duration.ofSeconds(10));
    try (Consumer first = join(impatient.listener(slow))) {
      Lab.poll(first);
      assertEquals(4, first.assignment().size());
      try (Consumer second = join(ConsumerConfig.defaults())) {
        next[0] = second;

        Lab.poll(first);
        Lab.poll(first);

        assertEquals(4, second.assignment().size());
        assertEquals(Set.of(), first.assignment(), "the next owner has not let go yet");
      }
    }
  }

  @Test
  void shouldGiveAnExpelledMemberNothingBeforeItIsBack() {
    for (Partition partition : orders.partitions()) {
      Lab.append(partition, 0, 1);
    }
    boolean[] isSlow = {true};
    RebalanceListener slow =
        new RebalanceListener() {
          @Override
          public void onRevoked(Set<TopicPartition> partitions) {
            if (isSlow[0]) {
              lab.advance(Duration.ofSeconds(11));
            }
          }
        };
    ConsumerConfig impatient = ConsumerConfig.defaults().maxPollInterval(Duration.ofSeconds(10));
    try (Consumer first = join(impatient.listener(slow))) {
      Lab.poll(first);
      try (Consumer second = join(ConsumerConfig.defaults())) {
        Lab.poll(first);
        isSlow[0] = false;
        for (int round = 0; round < 3; round++) {
          Lab.poll(second);
          Lab.poll(first);
        }

        Set<TopicPartition> all = new HashSet<>(first.assignment());
        all.addAll(second.assignment());
        assertEquals(4, all.size(), "each partition is read by somebody");
      }
    }
  }

  @Test
  void shouldReadWhatItTookAlthoughItCouldNotTakeTheRest() {
    var files = Lab.noFiles();
    Groups groups = lab.groups(files, lab.createTopic("letters"));
    groups.consumer("g", "orders").close();
    lab.log().alterTopic("orders", TopicConfig.defaults().partitions(5));
    for (Partition partition : lab.log().topic("orders").partitions()) {
      Lab.append(partition, partition.number(), partition.number() + 1);
    }
    try (Consumer consumer = groups.consumer("g", "orders")) {
      files.get("g").fail(new GroupClosedException("the side log can take no more"));
      assertThrows(GroupClosedException.class, () -> Lab.poll(consumer));
      files.get("g").recover();

      List<String> read = new ArrayList<>(Lab.poll(consumer));
      read.sort(null);

      assertEquals(Lab.numbers(0, 5), read);
    }
  }

  @Test
  void shouldExpelAMemberAgainThatWasLetInAgain() {
    Groups groups = Groups.of(lab.log());
    ConsumerConfig quick = ConsumerConfig.defaults().maxPollInterval(Duration.ofMillis(1));
    try (Consumer silent = groups.consumer("g", quick, "orders")) {
      for (int time = 0; time < 2; time++) {
        Lab.poll(silent);
        assertTimeoutPreemptively(
            Duration.ofSeconds(20),
            () -> {
              while (!groups.admin().describe("g").members().isEmpty()) {
                Thread.onSpinWait();
              }
            },
            "nobody looks any more");
      }
    }
  }
}
