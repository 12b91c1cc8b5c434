package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import jdk.jfr.Recording;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the thread of the caller allocates, as the JVM counts it, once its code is compiled: that
 * may take any number of rounds, and a roll allocates, so the best round counts.
 */
class AllocationTest {
  private static final int ROUND = 10_000;
  private static final int BATCH = 100;
  private static final int IN_FIRST_SEGMENT = 5000;

  private final UnsafeBuffer record = new UnsafeBuffer(new byte[100]);
  private final byte[] copy = new byte[100];
  private final MessageHandler copying =
      message -> message.value().getBytes(message.valueOffset(), copy, 0, message.valueLength());

  @TempDir Path directory;
  private Sawlog store;
  private Partition partition;

  @BeforeEach
  void open() {
    store = Sawlog.open(directory);
    partition = store.topic("t").partition(0);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void shouldBeNothingForAnAppend() {
    Allocation.assertAtMost(0, this::append);
  }

  @Test
  void shouldBeNothingForAnAppendWhileEventsAreRecorded() {
    try (Recording recording = new Recording()) {
      recording.enable("io.sawlog.AppendStall").withoutThreshold();
      recording.enable("io.sawlog.Flush").withoutThreshold();
      recording.enable("io.sawlog.Roll").withoutThreshold();
      recording.start();
      Allocation.assertAtMost(0, this::append);
    }
  }

  @Test
  void shouldBeNothingForAnAppendWithAKey() {
    byte[] key = {1, 2, 3};
    byte[] value = new byte[100];
    Allocation.assertAtMost(
        0,
        () -> {
          for (int i = 0; i < ROUND; i++) {
            partition.append(key, value);
          }
        });
  }

  @Test
  void shouldBeNothingForABatch() {
    Batch batch = new Batch();
    Allocation.assertAtMost(
        0,
        () -> {
          for (int i = 0; i < ROUND; i += BATCH) {
            batch.clear();
            for (int j = 0; j < BATCH; j++) {
              batch.add(record, 0, record.capacity());
            }
            partition.append(batch);
          }
        });
  }

  @Test
  void shouldBeNothingForFollowingAProducer() {
    try (Tailer tailer = partition.tailer(Position.latest())) {
      Allocation.assertAtMost(
          0,
          () -> {
            append();
            assertEquals(ROUND, tailer.poll(copying, ROUND));
          });
    }
  }

  @Test
  void shouldBeLessThanAByteForARecordOfASealedSegment() {
    for (int i = 0; i < 3; i++) {
      append();
    }
    try (Tailer tailer = partition.tailer(Position.earliest())) {
      Allocation.assertAtMost(
          IN_FIRST_SEGMENT,
          () -> {
            tailer.seek(Position.earliest());
            assertEquals(IN_FIRST_SEGMENT, tailer.poll(copying, IN_FIRST_SEGMENT));
          });
      assertTrue(partition.segments().size() > 1, "the segment that is read is not sealed");
    }
  }

  private void append() {
    for (int i = 0; i < ROUND; i++) {
      partition.append(record, 0, record.capacity());
    }
  }
}
