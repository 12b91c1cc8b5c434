package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.LogFullException;
import io.sawlog.log.Partition;
import io.sawlog.log.Retention;
import io.sawlog.log.Sawlog;
import io.sawlog.log.SawlogConfig;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the groups still need, as retention is told. */
@Timeout(120)
class GroupFloorsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final ConsumerConfig SYNCED = ConsumerConfig.defaults().commits(Commits.SYNCED);

  private static final Retention KEPT =
      Retention.forever().keepUnconsumed(1L << 40, Duration.ofDays(30));

  @TempDir Path directory;
  private Lab lab;
  private Topic orders;
  private GroupFloors floors;

  @BeforeEach
  void open() {
    lab = Lab.open(directory);
    orders = lab.log().createTopic("orders", TopicConfig.defaults().partitions(2).retention(KEPT));
    Lab.append(orders.partition(0), 0, 10);
    orders.flush();
    floors = lab.floors();
  }

  @AfterEach
  void close() {
    floors.close();
    lab.close();
  }

  private OptionalLong floor(int partition) {
    lab.advance(SECOND);
    return floors.floor("orders", orders.id(), partition);
  }

  /** A reader of a store looks only now and then whether it has another writer. */
  private void awaitFloor(OptionalLong expected) {
    await(() -> floor(0).equals(expected));
  }

  private void commit(String group, ConsumerConfig config, int records) {
    try (Consumer consumer =
        lab.groups().consumer(group, config.maxPollRecords(records), "orders")) {
      assertEquals(records, consumer.poll(Duration.ZERO).size());
      consumer.commit();
    }
  }

  @Test
  void shouldGiveTheLowestOfAllGroups() {
    assertEquals(OptionalLong.empty(), floors.floor("orders", orders.id(), 0), "not known yet");
    awaitFloor(OptionalLong.of(10));

    commit("a", SYNCED, 7);
    awaitFloor(OptionalLong.of(7));
    commit("b", SYNCED, 3);
    awaitFloor(OptionalLong.of(3));
    assertEquals(OptionalLong.of(0), floor(1));
    commit("b", SYNCED, 5);
    awaitFloor(OptionalLong.of(7));
    lab.groups().admin().delete("a");
    awaitFloor(OptionalLong.of(8));
    lab.groups().admin().delete("b");
    awaitFloor(OptionalLong.of(10));
  }

  @Test
  void shouldFollowAGroupThatIsDeletedAndBeginsAnew() {
    commit("a", SYNCED, 7);
    awaitFloor(OptionalLong.of(7));

    lab.groups().admin().delete("a");
    commit("a", SYNCED, 2);

    awaitFloor(OptionalLong.of(2));
  }

  @Test
  void shouldBelieveOnlyWhatSurvivesTheLossOfPower() {
    try (Consumer consumer =
        lab.groups().consumer("a", ConsumerConfig.defaults().maxPollRecords(4), "orders")) {
      consumer.poll(Duration.ZERO);
      consumer.commit();
      long seen = floor(0).getAsLong();
      // the background flushes once a second: it may have been just now, but nothing else counts
      assertTrue(seen == 0 || seen == 4, "floor " + seen);
    }
    awaitFloor(OptionalLong.of(4));
  }

  @Test
  void shouldFollowASharedGroupWhoseSideLogIsCut() {
    Queue queue = Queue.unordered().commits(Commits.SYNCED);
    Partition partition = orders.partition(0);
    Lab.append(partition, 10, 2000);
    partition.flush();
    try (Worker worker = lab.groups().worker("a", "orders", queue)) {
      List<Delivery> first = worker.receive(1, Duration.ZERO);
      awaitFloor(OptionalLong.of(0));
      worker.ack(first);
      awaitFloor(OptionalLong.of(1));
      for (int i = 0; i < 20; i++) {
        worker.ack(worker.receive(50, Duration.ZERO));
      }
      awaitFloor(OptionalLong.of(1001));
    }
  }

  @Test
  void shouldKnowNothingWhileASideLogCannotBeRead() throws IOException {
    commit("a", SYNCED, 7);
    commit("b", SYNCED, 3);
    awaitFloor(OptionalLong.of(3));
    Path properties = directory.resolve("groups/b/state/topic.properties");
    byte[] good = Files.readAllBytes(properties);

    Files.write(properties, new byte[] {1, 2, 3});
    awaitFloor(OptionalLong.empty());

    Files.write(properties, good);
    awaitFloor(OptionalLong.of(3));
    floors.close();
    assertEquals(OptionalLong.empty(), floors.floor("orders", orders.id(), 0));
  }

  /** The one test with all parts: real time, real retention, which is applied once a second. */
  @Test
  void shouldKeepWhatAGroupNeedsUpToTheCapAndTellWhatWasLost() {
    Path store = directory.resolve("store");
    Retention retention =
        Retention.forever().maxBytes(1).keepUnconsumed(256 << 10, Duration.ofDays(30));
    TopicConfig config = TopicConfig.defaults().segmentBytes(64 << 10).retention(retention);
    try (GroupFloors real = GroupFloors.of(store);
        Sawlog log = Sawlog.open(store, SawlogConfig.defaults().withRetentionFloors(real))) {
      Partition partition = log.createTopic("orders", config).partition(0);
      Groups groups = Groups.of(log);
      groups.create("slow", SYNCED, "orders");
      appendSegments(partition, 3);
      try (Consumer consumer = groups.consumer("slow", SYNCED.maxPollRecords(2000), "orders")) {
        // a record of some 40 bytes: some 1,600 fill a segment
        assertEquals(2000, consumer.poll(Duration.ofSeconds(30)).size());
        assertEquals(0, partition.logStartOffset());
        consumer.commit();
        await(() -> partition.logStartOffset() > 0);
        assertTrue(partition.logStartOffset() <= 2000, "kept from " + partition.logStartOffset());

        appendSegments(partition, 12);
        await(() -> partition.logStartOffset() > 2000);
        RecordsLostException lost =
            assertThrows(
                RecordsLostException.class,
                () -> {
                  while (true) {
                    consumer.poll(Duration.ZERO);
                  }
                });
        assertTrue(lost.to() > lost.from());
      }
    }
  }

  @Test
  void shouldRefuseAppendsAtTheCapUntilTheGroupHasGoneOn() {
    Path store = directory.resolve("store");
    TopicConfig config =
        TopicConfig.defaults()
            .segmentBytes(64 << 10)
            .retention(Retention.forever().keepAllUnconsumed(256 << 10));
    try (GroupFloors real = GroupFloors.of(store);
        Sawlog log = Sawlog.open(store, SawlogConfig.defaults().withRetentionFloors(real))) {
      Partition partition = log.createTopic("orders", config).partition(0);
      Groups groups = Groups.of(log);
      groups.create("slow", SYNCED, "orders");
      assertThrows(LogFullException.class, () -> appendSegments(partition, 9));
      long end = partition.logEndOffset();

      try (Consumer consumer = groups.consumer("slow", SYNCED.maxPollRecords(2000), "orders")) {
        assertEquals(2000, consumer.poll(Duration.ofSeconds(30)).size());
        consumer.commit();
      }

      await(() -> partition.logStartOffset() > 0);
      assertTrue(partition.logStartOffset() <= 2000, "kept from " + partition.logStartOffset());
      assertEquals(end, partition.append(null, new byte[10]));
    }
  }

  private static void appendSegments(Partition partition, int count) {
    Lab.append(partition, 0, 1);
    long base = partition.segments().get(partition.segments().size() - 1).baseOffset();
    int rolls = 0;
    while (rolls < count) {
      Lab.append(partition, 0, 100);
      List<io.sawlog.log.SegmentInfo> segments = partition.segments();
      long last = segments.get(segments.size() - 1).baseOffset();
      if (last > base) {
        base = last;
        rolls++;
      }
    }
    partition.flush();
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(Condition condition) {
    while (!condition.holds()) {
      LockSupport.parkNanos(10_000_000);
    }
  }
}
