package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sawlog.log.LogFullException;
import io.sawlog.log.Message;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Groups on a small disk of their own that fills up. Only root on Linux can have one. */
@Timeout(120)
class FullSideLogTest {
  private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

  @TempDir Path directory;
  private Path disk;
  private Lab lab;
  private Partition orders;

  @BeforeEach
  void mount() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "skipped: only root can mount");
    lab = Lab.open(directory.resolve("store"));
    orders = lab.createTopic("orders");
    disk = Files.createDirectory(directory.resolve("store/groups"));
    assumeTrue(
        shell("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk.toString()),
        "skipped: no mount");
  }

  @AfterEach
  void unmount() {
    if (lab != null) {
      lab.close();
      assertTrue(shell("umount", disk.toString()) || shell("umount", "-l", disk.toString()));
    }
  }

  private static boolean shell(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void takeAllRoom() throws IOException {
    byte[] block = new byte[64 << 10];
    try (var ballast = Files.newOutputStream(disk.resolve("ballast"))) {
      while (true) {
        ballast.write(block);
      }
    } catch (IOException full) {
      assertTrue(Files.size(disk.resolve("ballast")) > 0);
    }
  }

  private void makeRoom() throws IOException {
    Files.delete(disk.resolve("ballast"));
  }

  @Test
  void shouldKeepEveryCommitThatReturnedAndGoOnWhenThereIsRoom() throws IOException {
    Lab.append(orders, 0, 10);
    long last;
    try (Consumer consumer = lab.groups().consumer("g", "orders")) {
      Lab.poll(consumer);
      consumer.commit();
      takeAllRoom();

      LogFullException full = null;
      last = 10;
      while (full == null) {
        long target = last == 10 ? 3 : 10;
        try {
          consumer.seek(ORDERS, Position.atOffset(target));
          consumer.commit(Map.of(ORDERS, target));
          last = target;
        } catch (LogFullException e) {
          full = e;
        }
      }

      assertTrue(full.getMessage().contains("the disk is full"), full.getMessage());
      assertTrue(full.getMessage().contains(disk.toString()), full.getMessage());
      assertEquals(last, consumer.committed(ORDERS), "what failed has changed nothing");
      assertThrows(LogFullException.class, consumer::commit);
      assertEquals(last, lab.groups().admin().describe("g").partitions().get(0).committed());
      assertTrue(consumer.position(ORDERS) <= 10, "reading goes on");

      makeRoom();
      consumer.seek(ORDERS, Position.atOffset(5));
      consumer.commit();
      last = 5;
    }
    try (Consumer consumer = lab.groups().consumer("g", "orders")) {
      assertEquals(Lab.numbers(5, 10), Lab.poll(consumer));
    }
  }

  @Test
  void shouldKeepEveryAnswerThatReturnedAndTheRecordsOfTheOthers() throws IOException {
    Lab.append(orders, 0, 40_000);
    Queue queue = Queue.unordered().maxAttempts(1).window(100_000).maxInFlight(100_000);
    List<Long> finished = new ArrayList<>();
    Delivery unanswered = null;
    try (Worker worker = lab.groups().worker("g", "orders", queue.maxInFlightPerWorker(100_000))) {
      takeAllRoom();
      LogFullException full = null;
      while (full == null) {
        try {
          for (Delivery delivery : worker.receive(1000, Duration.ZERO)) {
            unanswered = delivery;
            assertEquals(Answer.DONE, delivery.ack());
            finished.add(delivery.message().offset());
          }
        } catch (LogFullException e) {
          full = e;
        }
      }
      assertTrue(full.getMessage().contains("the disk is full"), full.getMessage());
      Delivery kept = unanswered;
      boolean open = !finished.contains(kept.message().offset());
      if (open) {
        assertThrows(LogFullException.class, () -> kept.reject("no room for a dead letter"));
      }

      makeRoom();
      if (open) {
        assertEquals(Answer.DONE, kept.reject("bad"), "nothing of it had happened");
        finished.add(kept.message().offset());
      }
    }
    assertEquals(40_000 - finished.size(), lab.groups().admin().describe("g").lag().records());
    try (Worker worker = lab.groups().worker("g", "orders", queue.maxInFlightPerWorker(100_000))) {
      List<Long> rest = new ArrayList<>();
      List<Delivery> deliveries = worker.receive(10_000, Duration.ZERO);
      while (!deliveries.isEmpty()) {
        deliveries.stream().map(Delivery::message).map(Message::offset).forEach(rest::add);
        worker.ack(deliveries);
        deliveries = worker.receive(10_000, Duration.ZERO);
      }
      rest.addAll(finished);
      assertEquals(40_000, rest.size());
      assertEquals(40_000, rest.stream().distinct().count(), "each once");
    }
  }
}
