package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sawlog.log.CorruptLogException;
import io.sawlog.log.Position;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topic of ten records, of which one is damaged on the disk. */
class DamagedFrameTest {
  private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
  private static final int DAMAGED = 4;

  @TempDir Path directory;

  @BeforeEach
  void damageOne() throws IOException {
    try (Lab lab = Lab.open(directory)) {
      Lab.append(lab.createTopic("orders"), 0, 10);
    }
    damage(DAMAGED);
  }

  private void damage(int record) throws IOException {
    Path segment = directory.resolve("orders/0/00000000000000000000.log");
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      file.seek(64 + record * 40 + 34); // a header of 64 bytes, frames of 40, the value at 34
      assertEquals('0' + record, file.read());
      file.seek(64 + record * 40 + 34);
      file.write('x');
    }
  }

  @Test
  void shouldThrowAtADamagedFrameEveryTimeUntilTheMemberHasMovedPastIt() {
    try (Lab lab = Lab.open(directory);
        Consumer consumer = lab.groups().consumer("g", "orders")) {
      assertEquals(Lab.numbers(0, DAMAGED), Lab.poll(consumer));
      assertThrows(CorruptLogException.class, () -> Lab.poll(consumer));
      assertThrows(CorruptLogException.class, () -> Lab.poll(consumer));
      consumer.commit();
      assertEquals(DAMAGED, consumer.committed(ORDERS));

      consumer.seek(ORDERS, Position.atOffset(DAMAGED + 1));

      assertEquals(Lab.numbers(DAMAGED + 1, 10), Lab.poll(consumer));
    }
  }

  @Test
  void shouldGiveOutWhatIsBeforeADamagedFrameToWorkersAndThenThrow() {
    try (Lab lab = Lab.open(directory);
        Worker worker = lab.groups().worker("g", "orders", Queue.unordered())) {
      List<Delivery> deliveries = worker.receive(100, Duration.ZERO);
      assertEquals(DAMAGED, deliveries.size());
      deliveries.forEach(Delivery::ack);

      assertThrows(CorruptLogException.class, () -> worker.receive(100, Duration.ZERO));
      assertThrows(CorruptLogException.class, () -> worker.receive(100, Duration.ZERO));
    }
  }

  @Test
  void shouldPassOverADamagedFrameWhenItIsToldTo() {
    try (Lab lab = Lab.open(directory)) {
      try (Consumer consumer = lab.groups().consumer("g", "orders")) {
        assertEquals(Lab.numbers(0, DAMAGED), Lab.poll(consumer));
        consumer.commit();
        assertThrows(CorruptLogException.class, () -> Lab.poll(consumer));

        List<SkippedRange> skipped = consumer.skipDamaged();

        assertEquals(List.of(new SkippedRange(ORDERS, DAMAGED, DAMAGED + 1)), skipped);
        assertEquals(List.of(), consumer.skipDamaged());
        assertEquals(Lab.numbers(DAMAGED + 1, 10), Lab.poll(consumer));
        assertEquals(DAMAGED, consumer.committed(ORDERS), "not before a commit");
      }
      try (Consumer consumer = lab.groups().consumer("g", "orders")) {
        assertThrows(CorruptLogException.class, () -> Lab.poll(consumer));
        consumer.skipDamaged();
        consumer.commit();
      }
      try (Consumer consumer = lab.groups().consumer("g", "orders")) {
        assertEquals(Lab.numbers(DAMAGED + 1, 10), Lab.poll(consumer));
      }
    }
  }

  @Test
  void shouldLetWorkersGoOnBehindADamagedFrameWhenTheyAreToldTo() {
    try (Lab lab = Lab.open(directory)) {
      try (Worker worker = lab.groups().worker("g", "orders", Queue.unordered())) {
        worker.ack(worker.receive(100, Duration.ZERO));
        assertThrows(CorruptLogException.class, () -> worker.receive(100, Duration.ZERO));

        List<SkippedRange> skipped = worker.skipDamaged();

        assertEquals(List.of(new SkippedRange(ORDERS, DAMAGED, DAMAGED + 1)), skipped);
        assertEquals(List.of(), worker.skipDamaged());
        assertEquals(10 - DAMAGED - 1, worker.receive(100, Duration.ZERO).size());
      }
      try (Worker worker = lab.groups().worker("g", "orders", Queue.unordered())) {
        List<Delivery> again = worker.receive(100, Duration.ZERO);
        assertEquals(DAMAGED + 1, again.get(0).message().offset());
        worker.ack(again);
      }
      assertEquals(0, lab.groups().admin().describe("g").lag().records());
    }
  }

  @Test
  void shouldPassOverARecordThatWasDamagedAfterItWasLeased() throws IOException {
    try (Lab lab = Lab.open(directory);
        Worker worker = lab.groups().worker("g", "orders", Queue.unordered())) {
      List<Delivery> deliveries = worker.receive(2, Duration.ZERO);
      damage(1);
      deliveries.forEach(Delivery::release);
      assertEquals(0, worker.receive(100, Duration.ZERO).get(0).message().offset());
      assertThrows(CorruptLogException.class, () -> worker.receive(100, Duration.ZERO));

      List<SkippedRange> skipped = worker.skipDamaged();

      assertEquals(new SkippedRange(ORDERS, 1, 2), skipped.get(0));
      List<Delivery> again = worker.receive(100, Duration.ZERO);
      assertEquals(List.of(2L, 3L), again.stream().map(d -> d.message().offset()).toList());
    }
  }
}
