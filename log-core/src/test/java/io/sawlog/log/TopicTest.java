package io.sawlog.log;

import static io.sawlog.log.Logs.utf8;
import static io.sawlog.log.Logs.values;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicTest {
  @TempDir Path directory;
  private DrivenStore store;

  @BeforeEach
  void open() {
    store = DrivenStore.open(directory);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void shouldBeCreatedWithTheDefaultsWhenItIsAskedFor() {
    Topic topic = store.log.topic("orders");

    assertEquals("orders", topic.name());
    assertEquals(TopicConfig.defaults(), topic.config());
    assertEquals(1, topic.partitionCount());
    assertSame(topic, store.log.topic("orders"));
    assertEquals(List.of("orders"), store.log.topicNames());
    assertTrue(store.log.hasTopic("orders"));
    assertFalse(store.log.hasTopic("other"));
  }

  @Test
  void shouldNotBeCreatedTwice() {
    store.log.createTopic("orders", TopicConfig.defaults());

    TopicExistsException e =
        assertThrows(
            TopicExistsException.class,
            () -> store.log.createTopic("orders", TopicConfig.defaults()));

    assertTrue(e.getMessage().contains("orders"), e.getMessage());
  }

  @Test
  void shouldBeListedByName() {
    for (String name : List.of("b", "a", "C", "0")) {
      store.log.createTopic(name, TopicConfig.defaults());
    }

    assertEquals(List.of("0", "C", "a", "b"), store.log.topicNames());
  }

  @Test
  void shouldStayTheSameTopicWhenTheStoreIsOpenedAgain() {
    TopicConfig config = TopicConfig.defaults().partitions(3).maxFrameBytes(1 << 20);
    UUID id = store.log.createTopic("orders", config).id();
    store.close();

    store = DrivenStore.open(directory);

    assertEquals(id, store.log.topic("orders").id());
    assertEquals(config, store.log.topic("orders").config());
  }

  @Test
  void shouldSendEqualKeysToOnePartitionAndSpreadTheOthers() {
    Topic topic = store.log.createTopic("orders", TopicConfig.defaults().partitions(4));
    Set<Integer> used = new TreeSet<>();

    for (int i = 0; i < 100; i++) {
      String key = "key-" + i;
      int first = topic.append(key, "a").partition();
      used.add(first);

      assertEquals(first, topic.append(key, "b").partition());
      assertEquals(first, topic.partitionFor(utf8(key)));
    }

    assertEquals(Set.of(0, 1, 2, 3), used);
  }

  @Test
  void shouldTakeTurnsWithoutAKey() {
    Topic topic = store.log.createTopic("orders", TopicConfig.defaults().partitions(3));

    List<RecordId> ids = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      ids.add(topic.append("value " + i));
    }

    assertEquals(
        List.of(
            new RecordId(0, 0),
            new RecordId(1, 0),
            new RecordId(2, 0),
            new RecordId(0, 1),
            new RecordId(1, 1),
            new RecordId(2, 1)),
        ids);
  }

  @Test
  void shouldSendABatchToThePartitionOfItsKeys() {
    Topic topic = store.log.createTopic("orders", TopicConfig.defaults().partitions(4));
    int number = topic.partitionFor(utf8("alice"));

    RecordId id = topic.append(new Batch().add((String) null, "1").add("alice", "2"));
    RecordId synced = topic.appendSynced(new Batch().add("alice", "3"));

    assertEquals(new RecordId(number, 0), id);
    assertEquals(new RecordId(number, 2), synced);
    assertEquals(List.of("1", "2", "3"), values(topic.partition(number)));
  }

  @Test
  void shouldRefuseABatchWhoseKeysBelongToSeveralPartitions() {
    Topic topic = store.log.createTopic("orders", TopicConfig.defaults().partitions(2));
    Batch batch = new Batch();
    for (int i = 0; i < 20; i++) {
      batch.add("key-" + i, "value");
    }

    assertThrows(IllegalArgumentException.class, () -> topic.append(batch));

    assertEquals(0, topic.partition(0).logEndOffset() + topic.partition(1).logEndOffset());
    assertEquals(20, topic.partition(1).append(batch) + batch.size());
  }

  @Test
  void shouldSyncAndCompleteFutures() {
    Topic topic = store.log.topic("orders");

    assertEquals(new RecordId(0, 0), topic.appendSynced("k", "synced"));
    assertEquals(new RecordId(0, 1), topic.appendSynced(utf8("k"), utf8("synced")));
    CompletableFuture<RecordId> text = topic.appendAsync("k", "async");
    CompletableFuture<RecordId> bytes = topic.appendAsync(utf8("k"), utf8("async"));
    CompletableFuture<RecordId> batch = topic.appendAsync(new Batch().add("k", "async"));
    assertEquals(2, topic.partition(0).durableOffset());
    topic.flush();
    store.flusher(1);

    assertEquals(new RecordId(0, 2), text.join());
    assertEquals(new RecordId(0, 3), bytes.join());
    assertEquals(new RecordId(0, 4), batch.join());
  }

  @Test
  void shouldMergeThePartitionsByAppendTime() {
    Topic topic = store.log.createTopic("orders", TopicConfig.defaults().partitions(3));
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      topic.append("key-" + i * 7, "value " + i);
      expected.add("value " + i);
      store.advance(1);
    }

    assertEquals(expected, values(topic.read(Position.earliest())));
    assertEquals(
        expected.subList(20, 50),
        values(topic.read(Position.atTime(Instant.ofEpochMilli(DrivenStore.START + 20)))));
    assertEquals(List.of(), values(topic.read(Position.latest())));
  }

  @Test
  void shouldReadFromAnOffsetOnlyIfItHasOnePartition() {
    Topic single = store.log.createTopic("single", TopicConfig.defaults());
    Topic several = store.log.createTopic("several", TopicConfig.defaults().partitions(2));
    single.append("0");
    single.append("1");

    assertEquals(List.of("1"), values(single.read(Position.atOffset(1))));
    assertThrows(IllegalArgumentException.class, () -> several.read(Position.atOffset(0)));
  }

  @Test
  void shouldRefuseAPartitionThatDoesNotExist() {
    Topic topic = store.log.createTopic("orders", TopicConfig.defaults().partitions(2));

    assertEquals(1, topic.partition(1).number());
    for (int number : new int[] {-1, 2}) {
      assertThrows(IllegalArgumentException.class, () -> topic.partition(number));
    }
  }

  @Test
  void shouldGrowByPartitionsAndLoseNone() {
    Topic topic = store.log.topic("orders");
    topic.append("before");

    Topic altered = store.log.alterTopic("orders", topic.config().partitions(3));

    assertSame(topic, altered);
    assertEquals(3, topic.partitionCount());
    assertEquals(new RecordId(2, 0), new RecordId(2, topic.partition(2).append(null, utf8("x"))));
    assertEquals(List.of("before"), values(topic.partition(0)));
    assertThrows(
        IllegalArgumentException.class,
        () -> store.log.alterTopic("orders", topic.config().partitions(2)));
    store.close();
    store = DrivenStore.open(directory);
    assertEquals(3, store.log.topic("orders").partitionCount());
    assertEquals(List.of("x"), values(store.log.topic("orders").partition(2)));
  }

  @Test
  void shouldHaveAChangedLimitAtOnce() {
    Topic topic = store.log.topic("orders");

    store.log.alterTopic("orders", topic.config().maxFrameBytes(1000));

    assertThrows(
        RecordTooLargeException.class, () -> topic.partition(0).append(null, new byte[1000]));
  }

  @Test
  void shouldBeGoneWhenItIsDeletedAndStartAnewUnderItsName() throws IOException {
    Topic topic = store.log.topic("orders");
    Partition partition = topic.partition(0);
    topic.append("old");
    Tailer tailer = partition.tailer(Position.earliest());

    store.log.deleteTopic("orders");

    assertThrows(LogClosedException.class, () -> topic.append("late"));
    assertThrows(LogClosedException.class, () -> tailer.poll(view -> {}, 1));
    assertThrows(LogClosedException.class, partition::logEndOffset);
    assertFalse(store.log.hasTopic("orders"));
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of("store.lock"), left.map(path -> path.getFileName().toString()).toList());
    }
    Topic again = store.log.topic("orders");
    assertNotEquals(topic.id(), again.id());
    assertEquals(List.of(), values(again.partition(0)));
    tailer.close();
  }

  @Test
  void shouldNotBeFoundOnceItIsDeleted() {
    assertThrows(TopicNotFoundException.class, () -> store.log.deleteTopic("orders"));
    assertThrows(
        TopicNotFoundException.class, () -> store.log.alterTopic("orders", TopicConfig.defaults()));
  }

  @Test
  void shouldRefuseEveryNameThatIsNotAPlainOne() {
    List<String> bad =
        List.of(
            "",
            ".",
            "..",
            ".hidden",
            "a/b",
            "../up",
            "/abs",
            "a\\b",
            "a b",
            "a\n",
            "groups",
            "store.lock",
            "ä",
            "a\0b",
            "x".repeat(250));
    for (String name : bad) {
      assertThrows(InvalidNameException.class, () -> store.log.topic(name), name);
      assertThrows(
          InvalidNameException.class,
          () -> store.log.createTopic(name, TopicConfig.defaults()),
          name);
      assertThrows(InvalidNameException.class, () -> store.log.deleteTopic(name), name);
      assertThrows(
          InvalidNameException.class,
          () -> store.log.alterTopic(name, TopicConfig.defaults()),
          name);
      assertFalse(store.log.hasTopic(name), name);
    }
    for (String name : List.of("a", "A.b_c-9", "-", "_", "x".repeat(249), "groups2")) {
      assertEquals(name, store.log.topic(name).name());
    }
  }

  @Test
  void shouldFinishADeletionAndForgetACreationThatWereCutShort() throws IOException {
    store.log.topic("kept");
    store.close();
    for (String name : List.of(".deleting-a", ".creating-b")) {
      Files.createDirectories(directory.resolve(name).resolve("0"));
      Files.writeString(directory.resolve(name).resolve("0/partition.meta"), "half");
    }

    store = DrivenStore.open(directory);

    assertEquals(List.of("kept"), store.log.topicNames());
    assertFalse(Files.exists(directory.resolve(".deleting-a")));
    assertFalse(Files.exists(directory.resolve(".creating-b")));
  }

  @Test
  void shouldNotMindWhatElseLiesInTheStore() throws IOException {
    Files.createDirectory(directory.resolve("lost+found"));
    Files.createDirectory(directory.resolve("groups"));
    Files.writeString(directory.resolve("README"), "not ours");

    store.log.topic("orders");

    assertEquals(List.of("orders"), store.log.topicNames());
  }
}
