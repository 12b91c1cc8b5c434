package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Partition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdministrationTest {
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

  private static List<String> receive(Worker worker) {
    return worker.receive(10, Duration.ZERO).stream()
        .map(delivery -> delivery.message().valueAsString())
        .toList();
  }

  @Test
  void shouldListTheGroups() {
    assertEquals(List.of(), lab.groups().admin().list());

    lab.groups().consumer("b", "orders").close();
    lab.groups().worker("a", "orders", Queue.unordered()).close();

    assertEquals(List.of("a", "b"), lab.groups().admin().list());
    assertThrows(GroupNotFoundException.class, () -> lab.groups().admin().pause("c"));
    assertEquals(List.of("a", "b"), lab.groups().admin().list());
  }

  @Test
  void shouldPauseAPartitionGroupWhetherItIsHostedOrNot() {
    Lab.append(orders, 0, 2);
    try (Consumer consumer =
        lab.groups().consumer("g", ConsumerConfig.defaults().maxPollRecords(1), "orders")) {
      assertEquals(Lab.numbers(0, 1), Lab.poll(consumer));
      lab.groups().admin().pause("g");
      assertEquals(List.of(), Lab.poll(consumer));
      lab.groups().admin().resume("g");
      assertEquals(Lab.numbers(1, 2), Lab.poll(consumer));
    }
    lab.groups().admin().pause("g");
    try (Consumer consumer = lab.groups().consumer("g", "orders")) {
      assertEquals(List.of(), Lab.poll(consumer));
    }
  }

  @Test
  void shouldPauseASharedGroup() {
    Lab.append(orders, 0, 1);
    try (Worker worker = lab.groups().worker("g", "orders", Queue.unordered())) {
      lab.groups().admin().pause("g");
      assertEquals(List.of(), receive(worker));
      lab.groups().admin().resume("g");
      assertEquals(List.of("0"), receive(worker));
    }
  }

  @Test
  void shouldRedriveDeadLettersAlsoWhereTheOriginIsGone() {
    Lab.append(orders, 0, 3);
    Queue once = Queue.unordered().maxAttempts(1);
    try (Worker worker = lab.groups().worker("g", "orders", once)) {
      worker.receive(2, Duration.ZERO).forEach(delivery -> delivery.reject("bad"));
      worker.ack(worker.receive(1, Duration.ZERO));
      orders.deleteBefore(3);

      assertEquals(2, lab.groups().admin().redrive("g"));

      List<Delivery> again = worker.receive(10, Duration.ZERO);
      assertEquals("0", again.get(0).message().valueAsString());
      assertEquals("1", again.get(1).message().valueAsString());
      assertEquals(Answer.DONE, again.get(0).ack());
      assertEquals(Answer.DONE, again.get(1).retry("worse"));
      assertEquals(0, lab.groups().admin().redrive("g", 10, 20));
    }

    List<DeadLetter> letters = lab.groups().admin().deadLetters("g");
    assertEquals(3, letters.size());
    assertEquals(1, letters.get(2).redrivenFrom().getAsLong());
    assertEquals("orders", letters.get(2).topic());
    assertEquals(1, letters.get(2).offset());
    assertEquals("worse", letters.get(2).reason());
    assertEquals(1, lab.groups().admin().redrive("g"), "only what was not redriven before");
    try (Worker worker = lab.groups().worker("g", "orders", once)) {
      assertEquals(List.of("1"), receive(worker));
    }
  }

  @Test
  void shouldNotRedriveToAPartitionGroup() {
    lab.groups().consumer("g", "orders").close();

    assertThrows(GroupMismatchException.class, () -> lab.groups().admin().redrive("g"));
  }

  @Test
  void shouldNameTheHostThatHasToBeAsked() {
    try (Worker worker = lab.groups().worker("g", "orders", Queue.unordered());
        Lab other = Lab.openReadOnly(directory)) {
      assertThrows(GroupHostedException.class, () -> other.groups().admin().pause("g"));
      assertEquals(List.of(), receive(worker));
    }
  }

  @Test
  void shouldDoEverythingAlthoughTheThreadIsInterrupted() {
    Lab.append(orders, 0, 3);
    Groups groups = lab.groups();
    GroupAdmin admin = groups.admin();
    Queue queue = Queue.unordered().commits(Commits.SYNCED);
    Thread.currentThread().interrupt();
    try {
      try (Consumer consumer = groups.consumer("members", "orders")) {
        assertEquals(Lab.numbers(0, 3), Lab.poll(consumer));
        consumer.commit();
      }
      try (Worker worker = groups.worker("workers", "orders", queue)) {
        assertEquals(Answer.DONE, worker.receive(1, Duration.ofDays(1)).get(0).reject("bad"));
        assertEquals(Answer.DONE, worker.receive(1, Duration.ofDays(1)).get(0).ack());
      }
      assertEquals(1, admin.redrive("workers"));
      assertEquals(0, admin.describe("members").lag().records());
      admin.execute(admin.planReset("members", Reset.toEarliest()));
      admin.copy("members", "copied");
      assertEquals(3, admin.describe("copied").lag().records());
      admin.delete("copied");
      assertEquals(List.of("members", "workers"), admin.list());
    } finally {
      assertTrue(Thread.interrupted(), "nobody has taken the interrupt away");
    }
  }
}
