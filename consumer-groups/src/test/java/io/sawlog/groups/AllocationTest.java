package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Allocation;
import io.sawlog.log.MessageHandler;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Sawlog;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the thread of a member allocates, as the JVM counts it, once its code is compiled: that may
 * take any number of rounds, so the best round counts.
 */
class AllocationTest {
  private static final int ROUND = 5_000;
  private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

  private final UnsafeBuffer record = new UnsafeBuffer(new byte[100]);
  private final byte[] copy = new byte[100];
  private final MessageHandler copying =
      message -> message.value().getBytes(message.valueOffset(), copy, 0, message.valueLength());

  @TempDir Path directory;
  private Sawlog log;
  private Partition orders;
  private Consumer consumer;

  @BeforeEach
  void open() {
    log = Sawlog.open(directory);
    orders = log.topic("orders").partition(0);
    consumer = Groups.of(log).consumer("g", "orders");
    consumer.drain(copying, 1);
  }

  @AfterEach
  void close() {
    consumer.close();
    log.close();
  }

  @Test
  void shouldBeNothingForDrainingBehindAProducer() {
    Allocation.assertAtMost(
        0,
        () -> {
          append();
          assertEquals(ROUND, consumer.drain(copying, ROUND));
        });
  }

  /** A read of 64 KiB at a time allocates some bytes, whoever reads. */
  @Test
  void shouldBeLessThanAByteForARecordOfASealedSegment() {
    for (int i = 0; i < 4; i++) {
      append();
    }
    assertTrue(orders.segments().size() > 1, "the segment that is read is not sealed");
    Allocation.assertAtMost(
        ROUND,
        () -> {
          consumer.seek(ORDERS, Position.earliest());
          assertEquals(ROUND, consumer.drain(copying, ROUND));
        });
  }

  private void append() {
    for (int i = 0; i < ROUND; i++) {
      orders.append(record, 0, record.capacity());
    }
  }
}
