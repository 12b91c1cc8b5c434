package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Message;
import io.sawlog.log.Partition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What groups tell JDK Flight Recorder. */
class GroupEventsTest {
  private static final Queue QUEUE =
      Queue.unordered().backoff(Backoff.fixed(Duration.ofSeconds(10))).maxAttempts(3);

  @TempDir Path directory;
  private Lab lab;
  private Partition orders;

  @BeforeEach
  void open() {
    lab = Lab.open(directory.resolve("store"));
    orders = lab.createTopic("orders");
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private static List<Delivery> receive(Worker worker, int max) {
    return worker.receive(max, Duration.ZERO);
  }

  private List<RecordedEvent> recorded(String event, Runnable work) throws IOException {
    Path file = directory.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("io.sawlog." + event);
      recording.start();
      work.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(found -> found.getEventType().getName().equals("io.sawlog." + event))
        .toList();
  }

  private RecordedEvent only(String event, Runnable work) throws IOException {
    List<RecordedEvent> found = recorded(event, work);
    assertEquals(1, found.size(), found.toString());
    assertEquals("g", found.get(0).getString("group"));
    return found.get(0);
  }

  private static void assertRecord(RecordedEvent event, long offset) {
    assertEquals("orders", event.getString("topic"));
    assertEquals(0, event.getInt("partition"));
    assertEquals(offset, event.getLong("offset"));
  }

  @Test
  void shouldRecordADeadLetterOfAWorker() throws IOException {
    Lab.append(orders, 0, 3);
    try (Worker worker = lab.groups().worker("g", "orders", QUEUE)) {
      List<Delivery> three = receive(worker, 3);

      RecordedEvent letter = only("DeadLetter", () -> three.get(2).reject("no address"));

      assertRecord(letter, 2);
      assertEquals(0, letter.getLong("letter"));
      assertEquals(1, letter.getInt("attempts"));
      assertEquals("no address", letter.getString("reason"));
    }
  }

  @Test
  void shouldNameTheOriginOfADeadLetterThatFailsOnceMore() throws IOException {
    Lab.append(orders, 0, 3);
    Groups groups = lab.groups();
    try (Worker worker = groups.worker("g", "orders", QUEUE)) {
      receive(worker, 3).get(1).reject("no address");
      groups.admin().redrive("g");
      List<Delivery> again = receive(worker, 1);

      RecordedEvent letter = only("DeadLetter", () -> again.get(0).reject("still none"));

      assertRecord(letter, 1);
      assertEquals(1, letter.getLong("letter"));
      assertEquals("still none", letter.getString("reason"));
    }
  }

  @Test
  void shouldRecordADeadLetterOfAConsumer() throws IOException {
    Lab.append(orders, 0, 3);
    try (Consumer consumer = lab.groups().consumer("g", "orders")) {
      List<Message> polled = consumer.poll(Duration.ZERO);

      RecordedEvent letter =
          only("DeadLetter", () -> consumer.deadLetter(polled.get(0), "unreadable"));

      assertRecord(letter, 0);
      assertEquals("unreadable", letter.getString("reason"));
    }
  }

  @Test
  void shouldRecordThatARecordHoldsTheWindow() throws IOException {
    Lab.append(orders, 0, 100);
    try (Worker worker = lab.groups().worker("g", "orders", QUEUE.window(10))) {
      List<Delivery> ten = receive(worker, 100);
      worker.ack(ten.subList(1, 10));

      RecordedEvent stall =
          only(
              "GroupStall",
              () -> {
                receive(worker, 100);
                receive(worker, 100);
              });

      assertEquals("WINDOW_FULL", stall.getString("cause"));
      assertRecord(stall, 0);
      assertTrue(stall.getString("detail").startsWith("10 records"), stall.toString());
    }
  }

  @Test
  void shouldRecordThatEverythingFails() throws IOException {
    Lab.append(orders, 0, 10);
    try (Worker worker = lab.groups().worker("g", "orders", QUEUE.breakerFailures(5))) {
      List<Delivery> five = receive(worker, 5);

      RecordedEvent stall =
          only("GroupStall", () -> five.forEach(each -> each.retry("the database is down")));

      assertEquals("EVERYTHING_FAILS", stall.getString("cause"));
      assertRecord(stall, 4);
      assertEquals("the database is down", stall.getString("detail"));
    }
  }

  @Test
  void shouldRecordAMemberThatDoesNotPoll() throws IOException {
    ConsumerConfig impatient = ConsumerConfig.defaults().maxPollInterval(Duration.ofSeconds(10));
    try (Consumer consumer = lab.groups().consumer("g", impatient, "orders")) {
      consumer.poll(Duration.ZERO);

      RecordedEvent stall = only("GroupStall", () -> lab.advance(Duration.ofSeconds(11)));

      assertEquals("MEMBER_SILENT", stall.getString("cause"));
      assertEquals("", stall.getString("topic"));
      assertEquals(-1, stall.getLong("offset"));
      assertTrue(!stall.getString("detail").isEmpty());
    }
  }
}
