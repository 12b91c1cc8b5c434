package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Amount;
import io.sawlog.log.Batch;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Sawlog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much a group writes to its side log, and how much of that stays, in bytes. */
class SideLogSizeTest {
  private static final int BATCH = 100;
  private static final int DATA_RECORDS = 500_000;
  private static final int COMMITS = Amount.of(500_000, 10_000_000);
  private static final long MOST_LEFT_BYTES = 16 << 20;
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

  private void append(int records, int valueBytes) {
    UnsafeBuffer value = new UnsafeBuffer(new byte[valueBytes]);
    Batch batch = new Batch();
    for (int i = 0; i < records; i += BATCH) {
      batch.clear();
      for (int j = 0; j < BATCH; j++) {
        batch.add(value, 0, valueBytes);
      }
      orders.append(batch);
    }
  }

  @Test
  void shouldTakeLessThanATenthOfTheDataForCommitsOfAHundredRecords() {
    append(DATA_RECORDS, 100);
    ConsumerConfig hundreds = ConsumerConfig.defaults().maxPollRecords(BATCH);
    int seen = 0;
    try (Consumer consumer = lab.groups().consumer("g", hundreds, "orders")) {
      while (seen < DATA_RECORDS) {
        seen += consumer.poll(Duration.ZERO).size();
        consumer.commit();
      }
    }

    assertIsLessThanATenthOfTheData();
  }

  @Test
  void shouldTakeLessThanATenthOfTheDataForLeasesAndAnswersOfAHundredRecords() {
    append(DATA_RECORDS, 100);
    int seen = 0;
    try (Worker worker = lab.groups().worker("g", "orders", Queue.unordered())) {
      while (seen < DATA_RECORDS) {
        List<Delivery> deliveries = worker.receive(BATCH, Duration.ZERO);
        worker.ack(deliveries);
        seen += deliveries.size();
      }
    }

    assertIsLessThanATenthOfTheData();
  }

  /**
   * Nothing of the side log was let go of so far: its files are no smaller than what was written.
   */
  private void assertIsLessThanATenthOfTheData() {
    try (Sawlog group = Sawlog.openReadOnly(directory.resolve("groups/g"))) {
      Partition sideLog = group.topic(StoredGroup.STATE).partition(0);
      assertEquals(0, sideLog.logStartOffset());
      assertTrue(sideLog.logEndOffset() >= DATA_RECORDS / BATCH);
      double share = sideLog.sizeBytes() / (100.0 * DATA_RECORDS);
      System.out.printf("side log: at most %.4f bytes for each byte of data%n", share);
      assertTrue(share <= 0.1, share + " bytes for each byte of data");
    }
  }

  @Test
  void shouldLeaveLittleOfMillionsOfCommits() throws IOException {
    int records = 1000;
    append(records, 1);
    try (Consumer consumer = lab.groups().consumer("g", "orders")) {
      assertTrue(consumer.poll(Duration.ZERO).size() > 0);
      for (int i = 0; i < COMMITS; i++) {
        if (i % records == 0) {
          consumer.seek(ORDERS, Position.earliest());
        }
        consumer.commit(Map.of(ORDERS, (long) (i % records)));
      }
      assertLittleIsLeft(COMMITS + " commits");
    }
    try (Consumer consumer = lab.groups().consumer("g", "orders")) {
      consumer.poll(Duration.ZERO);
      assertEquals(records - 1, consumer.committed(ORDERS));
    }
    assertLittleIsLeft(COMMITS + " commits, and another opening");
  }

  @Test
  void shouldLeaveLittleOfMillionsOfAnswers() throws IOException {
    append(COMMITS, 1);
    try (Worker worker = lab.groups().worker("g", "orders", Queue.unordered())) {
      List<Delivery> deliveries = worker.receive(BATCH, Duration.ZERO);
      while (!deliveries.isEmpty()) {
        for (Delivery delivery : deliveries) {
          assertEquals(Answer.DONE, delivery.ack());
        }
        deliveries = worker.receive(BATCH, Duration.ZERO);
      }
      assertLittleIsLeft(COMMITS + " answers");
    }
    assertEquals(0, lab.groups().admin().describe("g").lag().records());
  }

  private void assertLittleIsLeft(String of) throws IOException {
    long left;
    try (Stream<Path> paths = Files.walk(directory.resolve("groups/g"))) {
      left = paths.filter(Files::isRegularFile).mapToLong(path -> path.toFile().length()).sum();
    }
    System.out.printf("%s leave %,d bytes%n", of, left);
    assertTrue(left < MOST_LEFT_BYTES, of + " leave " + left + " bytes");
  }
}
