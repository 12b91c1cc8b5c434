package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.LogClosedException;
import io.sawlog.log.OffsetOutOfRangeException;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerTest {
  private static final Queue QUEUE =
      Queue.unordered().backoff(Backoff.fixed(Duration.ofSeconds(10))).maxAttempts(3);

  @TempDir Path directory;
  private Lab lab;
  private Partition orders;
  private Map<String, MemoryGroup> files;
  private Groups groups;

  @BeforeEach
  void open() {
    lab = Lab.open(directory);
    orders = lab.createTopic("orders");
    files = Lab.noFiles();
    groups = lab.groups(files, lab.createTopic("letters"));
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private Worker worker(Queue queue) {
    return groups.worker("g", "orders", queue);
  }

  private static List<Delivery> receive(Worker worker, int max) {
    return worker.receive(max, Duration.ZERO);
  }

  private static List<String> values(List<Delivery> deliveries) {
    return deliveries.stream().map(delivery -> delivery.message().valueAsString()).toList();
  }

  private List<DeadLetter> letters() {
    List<DeadLetter> letters = new ArrayList<>();
    lab.log()
        .topic("letters")
        .read(Position.earliest())
        .forEach(message -> letters.add(DeadLetters.read(message)));
    return letters;
  }

  private void appendKeyed(String key, String value) {
    orders.append(key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
  }

  /** The process ends without saying anything: what it writes from now on does not happen. */
  private void kill(Worker... workers) {
    files.get("g").halt();
    for (Worker worker : workers) {
      worker.close();
    }
    files.get("g").revive();
  }

  @Test
  void shouldGiveEachRecordToOneWorker() {
    Lab.append(orders, 0, 10);
    try (Worker first = worker(QUEUE);
        Worker second = worker(QUEUE)) {
      List<Delivery> some = receive(first, 4);
      List<Delivery> others = receive(second, 100);

      assertEquals(Lab.numbers(0, 4), values(some));
      assertEquals(Lab.numbers(4, 10), values(others));
      assertEquals(List.of(), receive(first, 1));
      assertEquals(List.of(Answer.DONE, Answer.DONE), first.ack(some.subList(0, 2)));
      assertEquals(Answer.DONE, some.get(2).ack());
      assertEquals(Answer.STALE, some.get(2).ack());
    }
    try (Worker worker = worker(QUEUE)) {
      assertEquals(Lab.numbers(3, 10), values(receive(worker, 100)), "closing gives back the rest");
    }
  }

  @Test
  void shouldBringARecordAgainAfterItsBackoffAndThenBuryIt() {
    Lab.append(orders, 0, 2);
    try (Worker worker = worker(QUEUE)) {
      for (int attempt = 1; attempt <= 3; attempt++) {
        Delivery poison = receive(worker, 1).get(0);
        assertEquals("0", poison.message().valueAsString());
        assertEquals(attempt, poison.attempt());
        assertEquals(Answer.DONE, poison.retry("it is poison"));
        if (attempt == 1) {
          assertEquals(Answer.DONE, receive(worker, 1).get(0).ack());
        }
        assertEquals(List.of(), receive(worker, 1));
        lab.advance(Duration.ofSeconds(10));
      }

      assertEquals(List.of(), receive(worker, 1));
    }
    assertEquals(1, letters().size());
    assertEquals(3, letters().get(0).attempts());
    assertEquals("it is poison", letters().get(0).reason());
    try (Worker worker = worker(QUEUE)) {
      assertEquals(List.of(), receive(worker, 1));
    }
  }

  @Test
  void shouldBuryARejectedRecordAtOnce() {
    Lab.append(orders, 0, 1);
    try (Worker worker = worker(QUEUE)) {
      assertEquals(Answer.DONE, receive(worker, 1).get(0).reject("no address"));

      assertEquals(List.of(), receive(worker, 1));
      assertEquals("no address", letters().get(0).reason());
      assertEquals("orders", letters().get(0).topic());
    }
  }

  @Test
  void shouldAcceptALateAnswerIfItIsTheFirst() {
    Lab.append(orders, 0, 2);
    try (Worker worker = worker(QUEUE)) {
      List<Delivery> late = receive(worker, 2);
      lab.advance(Duration.ofSeconds(31));

      assertEquals(Answer.DONE, late.get(0).ack());

      Delivery again = receive(worker, 2).get(0);
      assertEquals("1", again.message().valueAsString());
      assertEquals(1, again.attempt(), "nobody knows yet which of the two was to blame");
      assertTrue(again.token() > late.get(1).token());
      assertEquals(Answer.STALE, late.get(1).ack());
      assertEquals(Answer.STALE, late.get(1).renew());
      assertEquals(Answer.DONE, again.ack());
    }
  }

  @Test
  void shouldCountALeaseOfOneRecordThatRanOut() {
    Lab.append(orders, 0, 1);
    try (Worker worker = worker(QUEUE)) {
      receive(worker, 1);
      lab.advance(Duration.ofSeconds(31));
      assertEquals(List.of(), receive(worker, 1), "it backs off");
      lab.advance(Duration.ofSeconds(10));

      assertEquals(2, receive(worker, 1).get(0).attempt());
    }
  }

  @Test
  void shouldCountADeliveryOnceThoughItsAnswerComesBehindItsLease() {
    Lab.append(orders, 0, 1);
    try (Worker worker = worker(QUEUE)) {
      Delivery delivery = receive(worker, 1).get(0);
      lab.advance(Duration.ofSeconds(31));

      assertEquals(Answer.DONE, delivery.retry("failed, late"));
      lab.advance(Duration.ofSeconds(10));

      assertEquals(2, receive(worker, 1).get(0).attempt());
    }
  }

  @Test
  void shouldKeepALeaseThatIsRenewed() {
    Lab.append(orders, 0, 1);
    try (Worker worker = worker(QUEUE)) {
      Delivery delivery = receive(worker, 1).get(0);
      lab.advance(Duration.ofSeconds(20));

      assertEquals(Answer.DONE, delivery.renew());
      lab.advance(Duration.ofSeconds(20));

      assertEquals(List.of(), receive(worker, 1));
      assertEquals(Answer.DONE, delivery.ack());
    }
  }

  @Test
  void shouldReleaseWithoutCounting() {
    Lab.append(orders, 0, 1);
    try (Worker worker = worker(QUEUE)) {
      assertEquals(Answer.DONE, receive(worker, 1).get(0).release());

      assertEquals(1, receive(worker, 1).get(0).attempt());
    }
  }

  @Test
  void shouldFindTheCulpritAmongThoseThatWereLeasedAtACrash() {
    Lab.append(orders, 0, 100);
    Worker doomed = worker(QUEUE);
    assertEquals(50, receive(doomed, 50).size());
    kill(doomed);

    for (int death = 1; death <= 3; death++) {
      Worker worker = worker(QUEUE);
      List<Delivery> one = receive(worker, 50);
      assertEquals(List.of("0"), values(one));
      assertEquals(death, one.get(0).attempt());
      assertEquals(List.of(), receive(worker, 50), "nothing else meanwhile");
      kill(worker);
    }

    try (Worker worker = worker(QUEUE)) {
      for (int i = 1; i < 50; i++) {
        List<Delivery> one = receive(worker, 50);
        assertEquals(List.of(Integer.toString(i)), values(one));
        assertEquals(1, one.get(0).attempt());
        one.get(0).ack();
      }
      assertEquals(Lab.numbers(50, 100), values(receive(worker, 100)));
    }
    assertEquals(1, letters().size());
    assertEquals("0", letters().get(0).message().valueAsString());
  }

  @Test
  void shouldKeepTheOrderOfEachKey() {
    Queue ordered =
        Queue.keyOrdered().backoff(Backoff.fixed(Duration.ofSeconds(10))).maxAttempts(2);
    appendKeyed("a", "a0");
    appendKeyed("b", "b0");
    appendKeyed("a", "a1");
    Lab.append(orders, 0, 1);
    appendKeyed("a", "a2");
    try (Worker first = worker(ordered);
        Worker second = worker(ordered)) {
      List<Delivery> run = receive(first, 1);
      assertEquals(List.of("a0"), values(run));
      assertEquals(List.of("b0", "0"), values(receive(second, 10)));

      run.get(0).ack();
      List<Delivery> rest = receive(first, 10);
      assertEquals(List.of("a1", "a2"), values(rest));

      rest.get(0).retry("not yet");
      assertEquals(Answer.STALE, rest.get(1).ack(), "a2 must not overtake a1");
      assertEquals(List.of(), receive(second, 10));
      lab.advance(Duration.ofSeconds(10));
      List<Delivery> again = receive(second, 10);
      assertEquals(List.of("a1", "a2"), values(again));

      again.get(0).retry("never");
      assertEquals(Answer.DONE, again.get(1).ack(), "a1 is a dead letter, a2 goes on");
    }
    assertEquals(1, letters().size());
  }

  @Test
  void shouldKeepMoreThanTheWindowOutOfMemory() {
    Lab.append(orders, 0, 100);
    Queue narrow = QUEUE.window(10);
    try (Worker worker = worker(narrow)) {
      List<Delivery> ten = receive(worker, 100);
      assertEquals(10, ten.size());

      worker.ack(ten.subList(1, 10));
      assertEquals(List.of(), receive(worker, 100), "the first one holds the window");

      ten.get(0).ack();
      assertEquals(Lab.numbers(10, 20), values(receive(worker, 100)));
    }
  }

  @Test
  void shouldLimitWhatIsInFlight() {
    Lab.append(orders, 0, 100);
    Queue limited = QUEUE.maxInFlight(7).maxInFlightPerWorker(5);
    try (Worker first = worker(limited);
        Worker second = worker(limited)) {
      assertEquals(5, receive(first, 100).size());
      List<Delivery> two = receive(second, 100);
      assertEquals(2, two.size());
      assertEquals(List.of(), receive(second, 1));

      two.get(0).ack();
      assertEquals(1, receive(second, 100).size());
    }
  }

  @Test
  void shouldRestInsteadOfBuryingEverythingWhenEverythingFails() {
    Lab.append(orders, 0, 100);
    Queue careful = QUEUE.breakerFailures(5).backoff(Backoff.fixed(Duration.ofSeconds(1)));
    try (Worker worker = worker(careful)) {
      receive(worker, 5).forEach(delivery -> delivery.retry("the database is down"));
      assertEquals(List.of(), receive(worker, 100), "it rests");

      for (int probe = 0; probe < 10; probe++) {
        lab.advance(Duration.ofSeconds(1));
        List<Delivery> one = receive(worker, 100);
        assertEquals(1, one.size());
        assertEquals(List.of(), receive(worker, 100));
        one.get(0).retry("still down");
      }
      assertEquals(List.of(), letters());

      lab.advance(Duration.ofSeconds(1));
      assertEquals(Answer.DONE, receive(worker, 1).get(0).ack());
      lab.advance(Duration.ofSeconds(1));
      assertEquals(99, receive(worker, 100).size(), "and goes on");
    }
  }

  @Test
  void shouldFinishWhatIsAmongTheDeadLettersWhenTheProcessEndedBetween() {
    Lab.append(orders, 0, 2);
    Worker worker = worker(QUEUE);
    Delivery doomed = receive(worker, 1).get(0);
    files.get("g").halt();
    doomed.reject("bad");
    worker.close();
    files.get("g").revive();
    assertEquals(1, letters().size());

    try (Worker next = worker(QUEUE)) {
      assertEquals(List.of("1"), values(receive(next, 10)));
    }
    assertEquals(1, letters().size());
  }

  @Test
  void shouldSayOnceWhatRetentionHasTakenAndLoseTheLeases() {
    Lab.append(orders, 0, 10);
    try (Worker worker = worker(QUEUE)) {
      List<Delivery> lost = receive(worker, 2);
      orders.deleteBefore(5);

      RecordsLostException notice =
          assertThrows(RecordsLostException.class, () -> receive(worker, 10));
      assertEquals(0, notice.from());
      assertEquals(5, notice.to());

      assertEquals(Lab.numbers(5, 10), values(receive(worker, 10)));
      assertEquals(Answer.LOST, lost.get(0).ack());
    }
  }

  @Test
  void shouldNeverGiveOutATokenTwice() {
    Lab.append(orders, 0, 1);
    long last = 0;
    for (int life = 0; life < 3; life++) {
      Worker worker = worker(QUEUE);
      Delivery delivery = receive(worker, 1).get(0);
      assertTrue(delivery.token() > last);
      last = delivery.token();
      delivery.release();
      worker.close();
      files.get("g").cutPower();
    }
  }

  @Test
  void shouldRefuseToBeSomethingElse() {
    try (Worker worker = worker(QUEUE)) {
      lab.createTopic("payments");

      assertThrows(GroupMismatchException.class, () -> worker(QUEUE.maxAttempts(9)));
      assertThrows(GroupMismatchException.class, () -> worker(Queue.keyOrdered()));
      assertThrows(GroupMismatchException.class, () -> groups.worker("g", "payments", QUEUE));
      assertThrows(GroupMismatchException.class, () -> groups.consumer("g", "orders"));
      assertEquals(List.of(), receive(worker, 1));
    }
    assertThrows(GroupMismatchException.class, () -> groups.worker("g", "payments", QUEUE));
    assertThrows(GroupMismatchException.class, () -> groups.consumer("g", "orders"));
    worker(QUEUE.maxAttempts(9)).close();
  }

  @Test
  void shouldSayThatTheTopicWasDeleted() {
    Lab.append(orders, 0, 1);
    try (Worker worker = worker(QUEUE)) {
      lab.log().deleteTopic("orders");

      assertThrows(LogClosedException.class, () -> receive(worker, 1));
      assertThrows(LogClosedException.class, () -> receive(worker, 1));
    }
  }

  @Test
  void shouldRefuseEverythingAfterItWasClosed() {
    Lab.append(orders, 0, 1);
    Worker worker = worker(QUEUE);
    Delivery delivery = receive(worker, 1).get(0);
    try (Worker other = worker(QUEUE)) {
      worker.close();
      worker.close();

      assertThrows(GroupClosedException.class, () -> receive(worker, 1));
      assertEquals(Answer.STALE, delivery.ack());
      assertEquals(1, receive(other, 1).size());
    }
  }

  @Test
  void shouldWriteADeadLetterOnceAlthoughItsEventFailed() {
    Lab.append(orders, 0, 3);
    try (Worker worker = worker(QUEUE)) {
      List<Delivery> doomed = receive(worker, 2);
      files.get("g").fail(new GroupClosedException("the side log can take no more"));
      for (int again = 0; again < 3; again++) {
        assertThrows(GroupClosedException.class, () -> doomed.get(0).reject("bad"));
      }
      files.get("g").recover();

      assertEquals(Answer.DONE, doomed.get(1).reject("worse"));

      assertEquals(2, letters().size(), "one for each record");
      assertEquals(Answer.STALE, doomed.get(0).ack(), "it has been among the dead letters since");
      assertEquals(List.of("2"), values(receive(worker, 10)));
    }
    try (Worker worker = worker(QUEUE)) {
      assertEquals(List.of("2"), values(receive(worker, 10)));
    }
  }

  @Test
  void shouldBuryWhatFailedTooOftenAlsoIfThatFailsAtFirst() {
    Lab.append(orders, 0, 2);
    for (int life = 0; life < 3; life++) {
      Worker worker = worker(QUEUE);
      assertEquals(List.of("0"), values(receive(worker, 1)));
      files.get("g").halt();
      worker.close();
      files.get("g").revive();
    }
    try (Worker worker = worker(QUEUE)) {
      files.get("g").fail(new GroupClosedException("the side log can take no more"));
      assertThrows(GroupClosedException.class, () -> receive(worker, 10));
      files.get("g").recover();

      List<Delivery> next = receive(worker, 10);
      assertEquals(List.of("1"), values(next));
      worker.ack(next);
      assertEquals(1, letters().size());
      Progress progress = Ledger.open("g", files.get("g")).state().progressOf(1, 0);
      assertEquals(2, progress.floor(), "nothing is left to be done");
    }
  }

  @Test
  void shouldRefuseTheDeliveryOfAnotherGroup() {
    Lab.append(orders, 0, 2);
    try (Worker worker = worker(QUEUE);
        Worker other = groups.worker("h", "orders", QUEUE)) {
      List<Delivery> foreign = receive(other, 2);

      assertThrows(IllegalArgumentException.class, () -> worker.ack(foreign));

      assertEquals(Lab.numbers(0, 2), values(receive(worker, 10)), "nothing was acknowledged");
    }
  }

  @Test
  void shouldGiveHigherTokensHoweverManyLeasesThereWere() {
    long fourThousandMillions = 1L << 32;
    assertTrue(Leases.token(1, fourThousandMillions) > Leases.token(1, fourThousandMillions - 1));
    assertTrue(Leases.token(2, 1) > Leases.token(1, 100 * fourThousandMillions));
  }

  @Test
  void shouldRefuseAFirstPositionBehindTheLog() {
    Queue beyond = QUEUE.first(Position.atOffset(1));

    assertThrows(OffsetOutOfRangeException.class, () -> worker(beyond));
  }

  @Test
  void shouldBuryARecordWithTheSecondAnswerThoughItsEventFailedAtFirst() {
    Lab.append(orders, 0, 1);
    try (Worker worker = worker(QUEUE)) {
      Delivery doomed = receive(worker, 1).get(0);
      files.get("g").fail(new GroupClosedException("the side log can take no more"));
      assertThrows(GroupClosedException.class, () -> doomed.reject("bad"));
      files.get("g").recover();

      assertEquals(Answer.DONE, doomed.reject("bad"));
      assertEquals(1, letters().size());
    }
  }
}
