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
    Path segment = directory.resolve("orders/0/00000000000000000000.log");
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      file.seek(64 + DAMAGED * 40 + 34); // a header of 64 bytes, frames of 40, the value at 34
      assertEquals('0' + DAMAGED, file.read());
      file.seek(64 + DAMAGED * 40 + 34);
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
}
