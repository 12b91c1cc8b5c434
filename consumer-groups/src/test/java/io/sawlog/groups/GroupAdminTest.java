package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Message;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.SawlogConfig;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looking at groups, and resetting, copying and deleting them. */
class GroupAdminTest {
  private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

  @TempDir Path directory;
  private Lab lab;
  private Partition orders;
  private GroupAdmin admin;

  @BeforeEach
  void open() {
    lab = Lab.open(directory);
    orders = lab.createTopic("orders");
    admin = lab.groups().admin();
  }

  @AfterEach
  void close() {
    lab.close();
  }

  /** A group that has committed so many records of the topic. */
  private void commit(String group, int records) {
    ConsumerConfig config = ConsumerConfig.defaults().maxPollRecords(records);
    try (Consumer consumer = lab.groups().consumer(group, config, "orders")) {
      assertEquals(records, consumer.poll(Duration.ZERO).size());
      consumer.commit();
    }
  }

  private List<String> read(String group) {
    try (Consumer consumer = lab.groups().consumer(group, "orders")) {
      return Lab.poll(consumer);
    }
  }

  private long moved(Reset reset) {
    ResetPlan plan = admin.planReset("g", reset);
    assertEquals(1, plan.moves().size());
    return plan.moves().get(0).to();
  }

  @Test
  void shouldDescribeAGroupFromAnyProcessWhoeverHostsIt() {
    Lab.append(orders, 0, 10);
    commit("g", 4);

    GroupDescription idle = admin.describe("g");
    try (Consumer consumer = lab.groups().consumer("g", "orders");
        Lab other = Lab.openReadOnly(directory)) {
      consumer.poll(Duration.ZERO);
      GroupDescription hosted = admin.describe("g");
      GroupDescription seen = other.groups().admin().describe("g");

      assertEquals(GroupStatus.HOSTED, hosted.status());
      assertEquals(GroupStatus.HOSTED, seen.status());
      String pid = Long.toString(ProcessHandle.current().pid());
      assertTrue(seen.host().orElseThrow().contains(pid), seen.toString());
      assertEquals(
          List.of(new MemberDescription(consumer.memberId(), List.of(ORDERS), 0)),
          hosted.members());
      assertEquals(Optional.of(consumer.memberId()), hosted.partitions().get(0).member());
      assertEquals(List.of(), seen.members());
      assertEquals(idle.partitions().get(0).committed(), seen.partitions().get(0).committed());
    }

    assertEquals(GroupStatus.IDLE, idle.status());
    assertEquals(Optional.empty(), idle.host());
    assertEquals(GroupType.PARTITION, idle.type());
    PartitionDescription partition = idle.partitions().get(0);
    assertEquals(ORDERS, partition.partition());
    assertEquals(4, partition.committed());
    assertEquals(10, partition.logEnd());
    assertEquals(6, partition.lag().records());
    assertEquals(6, idle.lag().records());
    admin.pause("g");
    assertEquals(GroupStatus.PAUSED, admin.describe("g").status());
    assertThrows(GroupNotFoundException.class, () -> admin.describe("none"));
    assertFalse(Files.exists(directory.resolve("groups/none")), "looking makes nothing");
  }

  @Test
  void shouldSeeWhatAHostDoesWhileItDoesIt() {
    Lab.append(orders, 0, 10);
    try (Consumer consumer =
            lab.groups().consumer("g", ConsumerConfig.defaults().maxPollRecords(1), "orders");
        Lab other = Lab.openReadOnly(directory)) {
      GroupAdmin looking = other.groups().admin();
      for (int i = 1; i <= 10; i++) {
        consumer.poll(Duration.ZERO);
        consumer.commit();

        assertEquals(i, looking.describe("g").partitions().get(0).committed());
      }
    }
  }

  @Test
  void shouldDescribeASharedGroupAndListWhatIsPending() {
    Lab.append(orders, 0, 10);
    Queue queue = Queue.unordered().maxAttempts(3);
    try (Worker worker = lab.groups().worker("g", "orders", queue)) {
      List<Delivery> deliveries = worker.receive(4, Duration.ZERO);
      deliveries.get(1).ack();
      deliveries.get(2).retry("no");
      deliveries.get(3).reject("bad");

      GroupDescription described = admin.describe("g");
      List<PendingRecord> pending = admin.pending("g");

      PartitionDescription partition = described.partitions().get(0);
      assertEquals(GroupType.SHARED, described.type());
      assertEquals(0, partition.committed());
      assertEquals(8, partition.lag().records(), "two of ten are finished");
      assertEquals(1, partition.inFlight());
      assertEquals(1, partition.failing());
      assertEquals(1, described.deadLetters());
      assertEquals(1, described.redrivable());
      assertEquals(1, described.members().get(0).inFlight());
      assertEquals(2, pending.size());
      assertEquals(
          new PendingRecord(
              ORDERS,
              0,
              PendingRecord.State.LEASED,
              0,
              Optional.of(worker.workerId()),
              Optional.of(Instant.ofEpochMilli(Lab.START_MS + 1))),
          pending.get(0));
      assertEquals(
          new PendingRecord(
              ORDERS, 2, PendingRecord.State.FAILED, 1, Optional.empty(), Optional.empty()),
          pending.get(1));
    }
    assertEquals(1, admin.pending("g").size(), "what the worker gave back is not pending");
  }

  @Test
  void shouldPlanAndExecuteEveryKindOfReset() {
    Lab.append(orders, 0, 100);
    commit("g", 50);

    assertEquals(0, moved(Reset.toEarliest()));
    assertEquals(100, moved(Reset.toLatest()));
    assertEquals(50, moved(Reset.toCurrent()));
    assertEquals(77, moved(Reset.toOffset(77)));
    assertEquals(60, moved(Reset.shiftBy(10)));
    assertEquals(40, moved(Reset.shiftBy(-10)));
    assertEquals(7, moved(Reset.toOffsets(Map.of(ORDERS, 7L))));
    assertEquals(0, moved(Reset.toTime(Instant.EPOCH)));
    assertEquals(100, moved(Reset.toTime(Instant.now().plusSeconds(3600))));
    // the time of the lab lies before all appends
    assertEquals(0, moved(Reset.byDuration(Duration.ofDays(1))));
    assertEquals(Lab.numbers(50, 100), read("g"), "a plan changes nothing");

    ResetPlan plan = admin.planReset("g", Reset.shiftBy(-10));
    ResetPlan.Move move = plan.moves().get(0);
    assertEquals(50, move.from().getAsLong());
    assertEquals(60, move.lag());
    admin.execute(plan);

    assertEquals(Lab.numbers(40, 100), read("g"));
  }

  @Test
  void shouldCutAResetToWhatTheLogHolds() {
    Lab.append(orders, 0, 100);
    commit("g", 50);
    orders.deleteBefore(20);

    for (Reset low : List.of(Reset.toOffset(3), Reset.shiftBy(-49), Reset.shiftBy(-1000))) {
      ResetPlan.Move move = admin.planReset("g", low).moves().get(0);
      assertEquals(20, move.to());
      assertTrue(move.cut());
    }
    ResetPlan.Move high = admin.planReset("g", Reset.toOffset(1000)).moves().get(0);
    assertEquals(100, high.to());
    assertTrue(high.cut());
    assertEquals(100, admin.planReset("g", Reset.shiftBy(50)).moves().get(0).to());
    assertFalse(admin.planReset("g", Reset.shiftBy(50)).moves().get(0).cut());
    assertTrue(admin.planReset("g", Reset.shiftBy(51)).moves().get(0).cut());
  }

  @Test
  void shouldResetOneOfSeveralPartitionsAndATopicThatTheGroupHasNeverRead() {
    var pairs = lab.log().createTopic("pairs", TopicConfig.defaults().partitions(2));
    pairs.partitions().forEach(partition -> Lab.append(partition, 0, 5));
    Lab.append(orders, 0, 10);
    commit("g", 10);

    TopicPartition second = new TopicPartition("pairs", 1);
    ResetPlan plan = admin.planReset("g", Reset.toOffset(3), Set.of(second));
    assertTrue(plan.moves().get(0).from().isEmpty());
    admin.execute(plan);

    List<PartitionDescription> partitions = admin.describe("g").partitions();
    assertEquals(10, partitions.get(0).committed(), "untouched");
    assertEquals(0, partitions.get(1).committed());
    assertEquals(3, partitions.get(2).committed());
    assertThrows(
        UnknownPartitionException.class,
        () -> admin.planReset("g", Reset.toLatest(), Set.of(new TopicPartition("pairs", 2))));
    assertThrows(
        UnknownPartitionException.class,
        () -> admin.planReset("g", Reset.toLatest(), Set.of(new TopicPartition("none", 0))));
  }

  @Test
  void shouldResetASharedGroupAndForgetWhatItKnewOfRecords() {
    Lab.append(orders, 0, 5);
    Queue queue = Queue.unordered();
    try (Worker worker = lab.groups().worker("g", "orders", queue)) {
      List<Delivery> deliveries = worker.receive(5, Duration.ZERO);
      worker.ack(deliveries.subList(1, 4));
      deliveries.get(0).retry("no");
    }
    lab.createTopic("other");
    assertThrows(
        GroupMismatchException.class,
        () -> admin.planReset("g", Reset.toLatest(), Set.of(new TopicPartition("other", 0))));

    admin.execute(admin.planReset("g", Reset.toEarliest()));

    try (Worker worker = lab.groups().worker("g", "orders", queue)) {
      List<Delivery> again = worker.receive(10, Duration.ZERO);
      assertEquals(5, again.size());
      assertEquals(1, again.get(0).attempt());
    }
  }

  @Test
  void shouldExecuteNoPlanThatTheGroupOrTheLogHasOvertaken() {
    Lab.append(orders, 0, 100);
    commit("g", 50);
    ResetPlan plan = admin.planReset("g", Reset.toOffset(10));

    orders.deleteBefore(20);
    assertThrows(StalePlanException.class, () -> admin.execute(plan));
    ResetPlan second = admin.planReset("g", Reset.toOffset(30));
    commit("g", 1);
    assertThrows(StalePlanException.class, () -> admin.execute(second));

    assertEquals(51, admin.describe("g").partitions().get(0).committed());
  }

  @Test
  void shouldChangeNothingOfAGroupThatIsHosted() {
    Lab.append(orders, 0, 10);
    commit("g", 5);
    ResetPlan plan = admin.planReset("g", Reset.toEarliest());
    try (Consumer consumer = lab.groups().consumer("g", "orders");
        Lab other = Lab.openReadOnly(directory)) {
      for (GroupAdmin from : List.of(admin, other.groups().admin())) {
        assertThrows(GroupHostedException.class, () -> from.execute(plan));
        assertThrows(GroupHostedException.class, () -> from.delete("g"));
        assertThrows(GroupHostedException.class, () -> from.deleteOffsets("g", "orders"));
      }
      assertEquals(Lab.numbers(5, 10), Lab.poll(consumer));
    }
  }

  @Test
  void shouldDeleteAGroupForGood() {
    Lab.append(orders, 0, 10);
    commit("g", 5);
    commit("h", 5);

    admin.delete("g");

    assertEquals(List.of("h"), admin.list());
    assertFalse(Files.exists(directory.resolve("groups/.deleted-g")));
    assertThrows(GroupNotFoundException.class, () -> admin.delete("g"));
    assertEquals(Lab.numbers(0, 10), read("g"), "a new group of the same name");
    admin.delete("g");
  }

  /** The directory was renamed, and the process ended. */
  @Test
  void shouldFinishADeletionThatWasCutShort() throws IOException {
    Lab.append(orders, 0, 10);
    commit("g", 5);
    Path gone = directory.resolve("groups/.deleted-g");
    Files.move(directory.resolve("groups/g"), gone);

    assertEquals(List.of(), admin.list());
    commit("h", 5);

    assertFalse(Files.exists(gone));
    assertEquals(List.of("h"), admin.list());
  }

  /** Its files were made, and the process ended before the first event. */
  @Test
  void shouldListNoGroupWhoseCreationWasCutShort() {
    Lab.append(orders, 0, 10);
    commit("g", 5);
    StoredGroup.open("h", directory.resolve("groups/h"), SawlogConfig.defaults()).close();

    assertEquals(List.of("g"), admin.list());
    assertThrows(GroupNotFoundException.class, () -> admin.describe("h"));
    admin.copy("g", "h");

    assertEquals(List.of("g", "h"), admin.list());
    assertEquals(Lab.numbers(5, 10), read("h"));
  }

  @Test
  void shouldForgetTheOffsetsOfATopic() {
    Lab.append(orders, 0, 10);
    commit("g", 5);

    admin.deleteOffsets("g", "orders");

    assertEquals(List.of(), admin.describe("g").partitions());
    assertThrows(UnknownPartitionException.class, () -> admin.deleteOffsets("g", "orders"));
    ConsumerConfig latest = ConsumerConfig.defaults().first(Position.latest());
    try (Consumer consumer = lab.groups().consumer("g", latest, "orders")) {
      assertEquals(List.of(), Lab.poll(consumer), "as in a topic that it has never seen");
    }
    assertEquals(10, admin.describe("g").partitions().get(0).committed());
  }

  @Test
  void shouldForgetTheOffsetsOfSomePartitions() {
    Topic parts = lab.log().createTopic("parts", TopicConfig.defaults().partitions(3));
    parts.partitions().forEach(partition -> Lab.append(partition, 0, 4));
    try (Consumer consumer = lab.groups().consumer("g", "parts")) {
      assertEquals(12, Lab.poll(consumer).size());
      consumer.commit();
    }
    TopicPartition first = new TopicPartition("parts", 0);
    TopicPartition last = new TopicPartition("parts", 2);
    TopicPartition none = new TopicPartition("parts", 3);

    assertThrows(
        UnknownPartitionException.class, () -> admin.deleteOffsets("g", List.of(first, none)));
    assertEquals(0, admin.describe("g").lag().records(), "all or none");
    admin.deleteOffsets("g", List.of(first, last));

    assertEquals(8, admin.describe("g").lag().records());
    assertThrows(UnknownPartitionException.class, () -> admin.deleteOffsets("g", List.of(first)));
    try (Consumer consumer = lab.groups().consumer("g", "parts")) {
      assertThrows(GroupHostedException.class, () -> admin.deleteOffsets("g", List.of(last)));
      assertEquals(8, Lab.poll(consumer).size(), "from the log start on");
      consumer.commit();
      assertEquals(4, consumer.committed(first));
      assertEquals(4, consumer.committed(new TopicPartition("parts", 1)));
    }
  }

  @Test
  void shouldCopyWhereAGroupStands() {
    Lab.append(orders, 0, 10);
    Queue queue = Queue.unordered();
    try (Worker worker = lab.groups().worker("g", "orders", queue)) {
      List<Delivery> deliveries = worker.receive(4, Duration.ZERO);
      worker.ack(deliveries.subList(1, 3));
      deliveries.get(3).retry("no");

      admin.copy("g", "copy");
    }
    assertThrows(GroupExistsException.class, () -> admin.copy("g", "copy"));

    assertEquals(List.of("copy", "g"), admin.list());
    try (Worker worker = lab.groups().worker("copy", "orders", queue)) {
      List<Message> messages =
          worker.receive(100, Duration.ZERO).stream().map(Delivery::message).toList();
      assertEquals(
          List.of("0", "3", "4", "5", "6", "7", "8", "9"), Lab.values(messages), "unfinished ones");
    }
    assertThrows(
        GroupMismatchException.class, () -> lab.groups().consumer("copy", "orders").close());
  }

  @Test
  void shouldNameTheTopicThatIsGone() {
    Lab.append(orders, 0, 10);
    commit("g", 5);
    lab.log().deleteTopic("orders");

    PartitionDescription before = admin.describe("g").partitions().get(0);
    lab.createTopic("orders");
    PartitionDescription after = admin.describe("g").partitions().get(0);

    assertTrue(before.deleted());
    assertEquals(5, before.committed());
    assertTrue(after.deleted(), "another topic of the same name has no position");
    assertEquals(List.of(), admin.planReset("g", Reset.toEarliest()).moves());
  }

  @Test
  void shouldRedriveToTheTopicWhereThisProcessWritesIt() {
    orders.append("key".getBytes(java.nio.charset.StandardCharsets.UTF_8), new byte[] {'0'});
    Lab.append(orders, 1, 3);
    try (Consumer consumer = lab.groups().consumer("g", "orders")) {
      consumer.poll(Duration.ZERO).subList(0, 2).forEach(m -> consumer.deadLetter(m, "bad"));
      consumer.commit();
    }
    try (Lab other = Lab.openReadOnly(directory)) {
      GroupAdmin reader = other.groups().admin();
      assertEquals(2, reader.redrivable("g").size());
      assertThrows(TopicsNotWritableException.class, () -> reader.redriveToTopic("g"));
    }
    assertThrows(GroupMismatchException.class, () -> admin.redrive("g"));

    assertEquals(2, admin.redriveToTopic("g"));

    assertEquals(0, admin.redriveToTopic("g"), "only what was not redriven before");
    assertEquals(List.of(), admin.redrivable("g"));
    assertEquals(2, admin.deadLetters("g").size());
    try (Consumer consumer = lab.groups().consumer("g", "orders")) {
      List<Message> messages = consumer.poll(Duration.ZERO);
      assertEquals(List.of("0", "1"), Lab.values(messages));
      assertEquals("key", messages.get(0).keyAsString());
      assertEquals(List.of(), messages.get(0).headers(), "as the producer had appended them");
    }
    assertEquals(1, admin.redriveToTopic("g", 1, 2), "once more, if it is asked for");
    lab.log().deleteTopic("orders");
    assertThrows(UnknownPartitionException.class, () -> admin.redriveToTopic("g", 0, 2));
  }
}
