package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.FlushPolicy;
import io.sawlog.log.LogClosedException;
import io.sawlog.log.Message;
import io.sawlog.log.OffsetOutOfRangeException;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.TopicConfig;
import io.sawlog.log.TopicNotFoundException;
import io.sawlog.log.Visibility;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsumerTest {
  private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

  @TempDir Path directory;
  private Lab lab;
  private Partition orders;

  @BeforeEach
  void open() {
    lab = Lab.open(directory);
    orders = lab.createTopic("orders");
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private Consumer join() {
    return lab.groups().consumer("g", "orders");
  }

  private Consumer join(ConsumerConfig config) {
    return lab.groups().consumer("g", config, "orders");
  }

  @Test
  void shouldGoOnBehindWhatWasCommitted() {
    Lab.append(orders, 0, 10);
    try (Consumer consumer = join(ConsumerConfig.defaults().maxPollRecords(4))) {
      assertEquals(Lab.numbers(0, 4), Lab.poll(consumer));
      consumer.commit();
      assertEquals(Lab.numbers(4, 8), Lab.poll(consumer));
    }

    try (Consumer consumer = join()) {
      assertEquals(4, committed(consumer));
      assertEquals(Lab.numbers(4, 10), Lab.poll(consumer));
      assertEquals(List.of(), Lab.poll(consumer));
    }
  }

  private static long committed(Consumer consumer) {
    consumer.pause(consumer.assignment());
    Lab.poll(consumer);
    long committed = consumer.committed(ORDERS);
    consumer.resume(consumer.assignment());
    if (consumer.position(ORDERS) != committed) {
      consumer.seek(ORDERS, Position.atOffset(committed));
    }
    return committed;
  }

  @Test
  void shouldCommitUpToAndIncludingAMessage() {
    Lab.append(orders, 0, 10);
    try (Consumer consumer = join()) {
      List<Message> messages = consumer.poll(Duration.ZERO);

      consumer.commit(messages.get(2));
    }

    try (Consumer consumer = join()) {
      assertEquals(Lab.numbers(3, 10), Lab.poll(consumer));
    }
  }

  @Test
  void shouldNotGoBackForACommitThatComesLate() {
    Lab.append(orders, 0, 10);
    try (Consumer consumer = join()) {
      List<Message> messages = consumer.poll(Duration.ZERO);
      consumer.commit(messages.get(7));

      consumer.commit(messages.get(2));
      consumer.commit(Map.of(ORDERS, 1L));

      assertEquals(8, consumer.committed(ORDERS));
    }
  }

  @Test
  void shouldGoBackAfterASeek() {
    Lab.append(orders, 0, 10);
    try (Consumer consumer = join()) {
      Lab.poll(consumer);
      consumer.commit();

      consumer.seek(ORDERS, Position.atOffset(5));
      consumer.commit();

      assertEquals(5, consumer.committed(ORDERS));
      assertEquals(Lab.numbers(5, 10), Lab.poll(consumer));
    }
  }

  @Test
  void shouldRefuseACommitOutsideTheLogAndChangeNothing() {
    Lab.append(orders, 0, 10);
    orders.deleteBefore(3);
    try (Consumer consumer = join()) {
      Lab.poll(consumer);

      assertThrows(CommitOutOfRangeException.class, () -> consumer.commit(Map.of(ORDERS, 11L)));
      assertThrows(CommitOutOfRangeException.class, () -> consumer.commit(Map.of(ORDERS, 2L)));

      assertEquals(3, consumer.committed(ORDERS));
      consumer.commit(Map.of(ORDERS, 10L));
      assertEquals(10, consumer.committed(ORDERS));
    }
  }

  @Test
  void shouldNotReadWhatIsPaused() {
    Lab.append(orders, 0, 3);
    try (Consumer consumer = join(ConsumerConfig.defaults().maxPollRecords(1))) {
      assertEquals(Lab.numbers(0, 1), Lab.poll(consumer));

      consumer.pause(Set.of(ORDERS));
      assertEquals(List.of(), Lab.poll(consumer));

      consumer.resume(Set.of(ORDERS));
      assertEquals(Lab.numbers(1, 2), Lab.poll(consumer));
    }
  }

  @Test
  void shouldStayBeforeARecordWhoseHandlerThrew() {
    Lab.append(orders, 0, 5);
    try (Consumer consumer = join()) {
      List<Long> seen = new ArrayList<>();

      assertThrows(
          IllegalStateException.class,
          () ->
              consumer.drain(
                  view -> {
                    if (view.offset() == 3) {
                      throw new IllegalStateException("boom");
                    }
                    seen.add(view.offset());
                  },
                  100));

      assertEquals(List.of(0L, 1L, 2L), seen);
      assertEquals(3, consumer.position(ORDERS));
      assertEquals(2, consumer.drain(view -> {}, 100));
    }
  }

  @Test
  void shouldEndAPollThatIsWokenUp() throws InterruptedException {
    try (Consumer consumer = Groups.of(lab.log()).consumer("g", "orders")) {
      Thread waker = new Thread(consumer::wakeup);
      waker.start();

      assertEquals(List.of(), consumer.poll(Duration.ofDays(1)));
      waker.join();

      consumer.wakeup();
      assertEquals(List.of(), consumer.poll(Duration.ofDays(1)));
    }
  }

  @Test
  void shouldReturnAtOnceWhenMessagesCome() throws InterruptedException {
    try (Consumer consumer = Groups.of(lab.log()).consumer("g", "orders")) {
      Thread producer = new Thread(() -> Lab.append(orders, 0, 1));
      producer.start();

      assertEquals(List.of("0"), Lab.values(consumer.poll(Duration.ofDays(1))));
      producer.join();
    }
  }

  @Test
  void shouldKeepTheInterruptOfAPollThatIsInterrupted() {
    try (Consumer consumer = Groups.of(lab.log()).consumer("g", "orders")) {
      Thread.currentThread().interrupt();

      assertEquals(List.of(), consumer.poll(Duration.ofDays(1)));

      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void shouldCommitOnlyWhatEarlierPollsReturned() {
    Lab.append(orders, 0, 6);
    ConsumerConfig auto =
        ConsumerConfig.defaults().maxPollRecords(3).autoCommit(Duration.ofSeconds(5));
    try (Consumer consumer = join(auto)) {
      Lab.poll(consumer);
      assertEquals(0, consumer.committed(ORDERS));

      lab.advance(Duration.ofSeconds(5));
      Lab.poll(consumer);

      assertEquals(3, consumer.committed(ORDERS));
    }
    try (Consumer consumer = join(auto)) {
      assertEquals(Lab.numbers(3, 6), Lab.poll(consumer), "closing commits nothing");
    }
  }

  @Test
  void shouldRememberWhatLatestMeant() {
    Lab.append(orders, 0, 5);
    ConsumerConfig latest = ConsumerConfig.defaults().first(Position.latest());
    try (Consumer consumer = join(latest)) {
      assertEquals(List.of(), Lab.poll(consumer));
    }
    Lab.append(orders, 5, 8);

    try (Consumer consumer = join(latest)) {
      assertEquals(Lab.numbers(5, 8), Lab.poll(consumer));
    }
  }

  @Test
  void shouldBeginWhereItWasCreated() {
    Lab.append(orders, 0, 5);
    lab.groups().create("g", "orders", Position.atOffset(2));
    ConsumerConfig strict = ConsumerConfig.defaults().failWithoutPosition();

    try (Consumer consumer = join(strict)) {
      assertEquals(Lab.numbers(2, 5), Lab.poll(consumer));
    }
    lab.createTopic("payments");
    assertThrows(
        GroupNotFoundException.class, () -> lab.groups().consumer("g", strict, "payments"));
    join(strict).close();
  }

  @Test
  void shouldReadPartitionsThatAppearLaterFromTheBeginning() {
    try (Consumer consumer = join(ConsumerConfig.defaults().first(Position.latest()))) {
      assertEquals(List.of(), Lab.poll(consumer));
      lab.log().alterTopic("orders", TopicConfig.defaults().partitions(2));
      Lab.append(lab.log().topic("orders").partition(1), 0, 3);

      lab.advance(Duration.ofSeconds(1));

      assertEquals(Lab.numbers(0, 3), Lab.poll(consumer));
    }
  }

  @Test
  void shouldReadTopicsThatMatchAPatternAlsoLaterOnes() {
    Lab.append(orders, 0, 2);
    ConsumerConfig latest = ConsumerConfig.defaults().first(Position.latest());
    try (Consumer consumer = lab.groups().consumer("g", latest, Pattern.compile("o.*"))) {
      assertEquals(List.of(), Lab.poll(consumer));
      Lab.append(lab.createTopic("offers"), 0, 2);
      Lab.append(lab.createTopic("refunds"), 0, 2);

      lab.advance(Duration.ofSeconds(1));

      assertEquals(Lab.numbers(0, 2), Lab.poll(consumer));
      assertEquals(Set.of(ORDERS, new TopicPartition("offers", 0)), consumer.assignment());

      lab.log().deleteTopic("offers");
      lab.advance(Duration.ofSeconds(1));
      assertEquals(List.of(), Lab.poll(consumer));
      assertEquals(Set.of(ORDERS), consumer.assignment());
    }
  }

  @Test
  void shouldSayEveryTimeThatANamedTopicWasDeleted() {
    try (Consumer consumer = join()) {
      Lab.poll(consumer);

      lab.log().deleteTopic("orders");

      assertThrows(LogClosedException.class, () -> Lab.poll(consumer));
      lab.advance(Duration.ofSeconds(1));
      assertThrows(LogClosedException.class, () -> Lab.poll(consumer));
    }
  }

  @Test
  void shouldKnowNoCommitInATopicThatWasCreatedAgain() {
    Lab.append(orders, 0, 5);
    try (Consumer consumer = join()) {
      Lab.poll(consumer);
      consumer.commit();
      lab.log().deleteTopic("orders");
      Lab.append(lab.createTopic("orders"), 10, 12);

      lab.advance(Duration.ofSeconds(1));

      assertEquals(Lab.numbers(10, 12), Lab.poll(consumer));
    }
    try (Consumer consumer = join()) {
      assertEquals(Lab.numbers(10, 12), Lab.poll(consumer));
    }
  }

  @Test
  void shouldRefuseATopicThatDoesNotExist() {
    try (Lab reader = Lab.openReadOnly(directory)) {
      assertThrows(TopicNotFoundException.class, () -> reader.groups().consumer("n", "nothing"));
      Queue queue = Queue.unordered();
      assertThrows(
          TopicNotFoundException.class, () -> reader.groups().worker("n", "nothing", queue));
      assertEquals(List.of(), reader.groups().admin().list(), "no group was made");
    }
  }

  @Test
  void shouldNameTheHostToAnother() {
    try (Consumer consumer = join();
        Lab reader = Lab.openReadOnly(directory)) {
      GroupHostedException refused =
          assertThrows(GroupHostedException.class, () -> reader.groups().consumer("g", "orders"));

      String pid = Long.toString(ProcessHandle.current().pid());
      assertTrue(refused.getMessage().contains(pid), refused.getMessage());
      assertEquals(List.of(), Lab.poll(consumer));
    }
  }

  @Test
  void shouldRefuseToBeSomethingElseThanIsStored() {
    join().close();

    GroupMismatchException refused =
        assertThrows(
            GroupMismatchException.class,
            () -> join(ConsumerConfig.defaults().commits(Commits.SYNCED)));

    assertTrue(refused.getMessage().contains("SYNCED"), refused.getMessage());
    assertThrows(
        GroupMismatchException.class,
        () -> join(ConsumerConfig.defaults().visibility(Visibility.DURABLE)));
    assertThrows(IllegalArgumentException.class, () -> lab.groups().consumer("a.b", "orders"));
    assertThrows(IllegalArgumentException.class, () -> lab.groups().consumer("..", "orders"));
    join().close();
  }

  @Test
  void shouldPutAsideAPoisonRecordOnce() {
    Lab.append(orders, 0, 3);
    try (Consumer consumer = join()) {
      Message poison = consumer.poll(Duration.ZERO).get(1);
      consumer.deadLetter(poison, "cannot be parsed");
      consumer.deadLetter(poison, "cannot be parsed");
    }

    try (Consumer consumer = join()) {
      assertEquals(List.of("0", "2"), Lab.poll(consumer));
      consumer.commit();
      assertEquals(3, consumer.committed(ORDERS));
    }
    try (StoredGroup files =
        StoredGroup.open(
            "g", directory.resolve("groups/g"), io.sawlog.log.SawlogConfig.defaults())) {
      List<DeadLetter> letters = new ArrayList<>();
      files
          .deadLetters()
          .read(Position.earliest())
          .forEach(message -> letters.add(DeadLetters.read(message)));
      assertEquals(1, letters.size());
      assertEquals("orders", letters.get(0).topic());
      assertEquals(1, letters.get(0).offset());
      assertEquals("cannot be parsed", letters.get(0).reason());
      assertEquals("1", letters.get(0).message().valueAsString());
    }
  }

  @Test
  void shouldSayOnceWhichRecordsRetentionHasTakenUntilItCommits() {
    Lab.append(orders, 0, 10);
    try (Consumer consumer = join(ConsumerConfig.defaults().maxPollRecords(2))) {
      assertEquals(Lab.numbers(0, 2), Lab.poll(consumer));
      orders.deleteBefore(6);

      RecordsLostException lost =
          assertThrows(RecordsLostException.class, () -> Lab.poll(consumer));

      assertEquals(ORDERS, lost.partition());
      assertEquals(2, lost.from());
      assertEquals(6, lost.to());
      assertEquals(Lab.numbers(6, 8), Lab.poll(consumer));
    }
    try (Consumer consumer = join()) {
      RecordsLostException lost =
          assertThrows(RecordsLostException.class, () -> Lab.poll(consumer));
      assertEquals(0, lost.from());
      consumer.commit();
    }
    try (Consumer consumer = join()) {
      assertEquals(Lab.numbers(6, 10), Lab.poll(consumer));
    }
  }

  @Test
  void shouldReadOnlyWhatIsDurable() {
    Partition careful =
        lab.log()
            .createTopic("careful", TopicConfig.defaults().flushPolicy(FlushPolicy.onRequest()))
            .partition(0);
    Lab.append(careful, 0, 3);
    try (Consumer consumer =
        lab.groups()
            .consumer("g", ConsumerConfig.defaults().visibility(Visibility.DURABLE), "careful")) {
      assertEquals(List.of(), Lab.poll(consumer));

      careful.flush();

      assertEquals(Lab.numbers(0, 3), Lab.poll(consumer));
    }
  }

  @Test
  void shouldMakeTheRecordsDurableThatASyncedCommitCovers() {
    Partition lazy =
        lab.log()
            .createTopic("lazy", TopicConfig.defaults().flushPolicy(FlushPolicy.onRequest()))
            .partition(0);
    Lab.append(lazy, 0, 3);
    try (Consumer consumer =
        lab.groups().consumer("g", ConsumerConfig.defaults().commits(Commits.SYNCED), "lazy")) {
      assertEquals(Lab.numbers(0, 3), Lab.poll(consumer));
      assertEquals(0, lazy.durableOffset());

      consumer.commit();

      assertEquals(3, lazy.durableOffset());
    }
  }

  @Test
  void shouldCommitSyncedWhereTheTopicsAreReadOnly() {
    Lab.append(orders, 0, 3);
    ConsumerConfig synced = ConsumerConfig.defaults().commits(Commits.SYNCED);
    try (Lab reader = Lab.openReadOnly(directory)) {
      try (Consumer consumer = reader.groups().consumer("g", synced, "orders")) {
        assertEquals(Lab.numbers(0, 3), Lab.poll(consumer));
        consumer.commit();
        Lab.append(orders, 3, 5);
        assertEquals(Lab.numbers(3, 5), Lab.poll(consumer));
      }
      try (Consumer consumer = reader.groups().consumer("g", synced, "orders")) {
        assertEquals(Lab.numbers(3, 5), Lab.poll(consumer));
      }
    }
  }

  @Test
  void shouldTellHowFarItIsBehind() {
    Lab.append(orders, 0, 10);
    try (Consumer consumer = join(ConsumerConfig.defaults().maxPollRecords(4))) {
      Lab.poll(consumer);

      assertEquals(6, consumer.lag(ORDERS).records());
      assertEquals(6, consumer.lag().records());
      Lab.poll(consumer);
      Lab.poll(consumer);
      assertEquals(new Lag(0, Duration.ZERO), consumer.lag(ORDERS));
    }
  }

  @Test
  void shouldRefuseEverythingAfterItWasClosed() {
    Consumer consumer = join();
    consumer.close();
    consumer.close();

    assertThrows(GroupClosedException.class, () -> consumer.poll(Duration.ZERO));
    assertThrows(GroupClosedException.class, () -> consumer.drain(view -> {}, 1));
    assertThrows(GroupClosedException.class, consumer::commit);
    assertThrows(GroupClosedException.class, () -> consumer.position(ORDERS));
    assertThrows(GroupClosedException.class, () -> consumer.seek(ORDERS, Position.earliest()));
    assertThrows(GroupClosedException.class, consumer::lag);
  }

  @Test
  void shouldEndItsThreadWithTheLastGroup() throws InterruptedException {
    Consumer first = Groups.of(lab.log()).consumer("a", "orders");
    Consumer second = Groups.of(lab.log()).consumer("b", "orders");
    List<Thread> threads = timers();
    assertEquals(1, threads.size());

    first.close();
    second.close();

    threads.get(0).join(10_000);
    assertEquals(List.of(), timers());
  }

  private static List<Thread> timers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("sawlog-groups") && thread.isAlive())
        .toList();
  }

  @Test
  void shouldSayWhatIsLostAlsoWhereAnotherPartitionHasRecords() {
    lab.log().alterTopic("orders", TopicConfig.defaults().partitions(2));
    Partition other = lab.log().topic("orders").partition(1);
    Lab.append(orders, 0, 10);
    Lab.append(other, 0, 10);
    try (Consumer consumer = join()) {
      other.deleteBefore(5);

      assertEquals(Lab.numbers(0, 10), Lab.poll(consumer));
      RecordsLostException lost =
          assertThrows(RecordsLostException.class, () -> Lab.poll(consumer));

      assertEquals(new TopicPartition("orders", 1), lost.partition());
      assertEquals(Lab.numbers(5, 10), Lab.poll(consumer));
    }
  }

  @Test
  void shouldRefuseAFirstPositionOutsideTheLog() {
    Lab.append(orders, 0, 10);
    ConsumerConfig beyond = ConsumerConfig.defaults().first(Position.atOffset(11));

    assertThrows(OffsetOutOfRangeException.class, () -> join(beyond));
    assertThrows(
        OffsetOutOfRangeException.class,
        () -> lab.groups().create("g", "orders", Position.atOffset(11)));

    try (Consumer consumer = join()) {
      assertEquals(Lab.numbers(0, 10), Lab.poll(consumer), "nothing of it was stored");
    }
  }
}
