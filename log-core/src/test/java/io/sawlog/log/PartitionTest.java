package io.sawlog.log;

import static io.sawlog.log.Logs.appendNumbers;
import static io.sawlog.log.Logs.fillSegments;
import static io.sawlog.log.Logs.numbers;
import static io.sawlog.log.Logs.small;
import static io.sawlog.log.Logs.utf8;
import static io.sawlog.log.Logs.values;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionTest {
  @TempDir Path directory;
  private DrivenStore store;
  private Partition partition;

  @BeforeEach
  void open() {
    store = DrivenStore.open(directory);
    partition = store.create("t", small().maxFrameBytes(32 << 10));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void shouldBeEmptyAtFirst() {
    assertEquals(0, partition.logStartOffset());
    assertEquals(0, partition.durableOffset());
    assertEquals(0, partition.logEndOffset());
    assertEquals(0, partition.recordCount());
    assertEquals(0, partition.sizeBytes());
    assertEquals(List.of(), partition.segments());
    assertEquals(List.of(), values(partition));
  }

  @Test
  void shouldNumberRecordsOneByOneWhateverWayTheyAreAppended() {
    UnsafeBuffer buffer = new UnsafeBuffer(utf8("0123456789"));
    ByteBuffer bytes = ByteBuffer.wrap(utf8("0123456789")).position(2).limit(5);

    assertEquals(0, partition.append(utf8("k"), utf8("array")));
    assertEquals(1, partition.append(buffer, 1, 3));
    assertEquals(2, partition.append(buffer, 0, 1, buffer, 5, 5));
    assertEquals(3, partition.append(bytes));
    assertEquals(4, partition.append(new Batch().add("a", "first").add("b", "second")));
    assertEquals(6, partition.appendSynced(null, utf8("synced")));
    assertEquals(7, partition.appendSynced(buffer, 9, 1));
    assertEquals(8, partition.appendSynced(new Batch().add((String) null, "synced batch")));

    assertEquals(
        List.of("array", "123", "56789", "234", "first", "second", "synced", "9", "synced batch"),
        values(partition));
    assertEquals(2, bytes.position());
    assertEquals(5, bytes.limit());
    assertEquals(9, partition.logEndOffset());
  }

  @Test
  void shouldTakeByteBuffersOfEveryKind() {
    ByteBuffer direct = ByteBuffer.allocateDirect(20).put(utf8("direct")).flip();
    ByteBuffer slice = ByteBuffer.wrap(utf8("a slice of it")).slice(2, 5);

    partition.append(direct);
    partition.append(slice);
    partition.append(ByteBuffer.wrap(utf8("read-only")).asReadOnlyBuffer());
    partition.append(ByteBuffer.allocate(0));

    assertEquals(List.of("direct", "slice", "read-only", ""), values(partition));
  }

  @Test
  void shouldCopyBeforeItReturns() {
    byte[] reused = utf8("first");
    partition.append(null, reused);

    System.arraycopy(utf8("other"), 0, reused, 0, 5);
    partition.append(null, reused);

    assertEquals(List.of("first", "other"), values(partition));
  }

  @Test
  void shouldRefuseARangeOutsideItsBufferAndAppendNothing() {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[10]);

    assertThrows(IndexOutOfBoundsException.class, () -> partition.append(buffer, 5, 6));
    assertThrows(IndexOutOfBoundsException.class, () -> partition.append(buffer, -1, 1));
    assertThrows(
        IndexOutOfBoundsException.class, () -> partition.append(buffer, 0, 11, buffer, 0, 1));

    assertEquals(0, partition.logEndOffset());
    assertEquals(0, partition.append(buffer, 0, 10));
  }

  @Test
  void shouldRefuseARecordOverTheLimitAndSayWhatTheLimitIs() {
    RecordTooLargeException single =
        assertThrows(
            RecordTooLargeException.class, () -> partition.append(null, new byte[32 << 10]));
    Batch batch = new Batch();
    for (int i = 0; i < 40; i++) {
      batch.add(null, new byte[1000]);
    }
    assertThrows(RecordTooLargeException.class, () -> partition.append(batch));

    assertTrue(single.getMessage().contains("32768"), single.getMessage());
    assertEquals(0, partition.logEndOffset());
    assertEquals(0, partition.append(null, new byte[(32 << 10) - 100]));
  }

  @Test
  void shouldRefuseABatchWithoutRecords() {
    assertThrows(IllegalArgumentException.class, () -> partition.append(new Batch()));
    assertEquals(0, partition.logEndOffset());
  }

  @Test
  void shouldMoveTheDurableOffsetWithAFlush() {
    appendNumbers(partition, 0, 3);
    assertEquals(0, partition.durableOffset());

    partition.flush();
    assertEquals(3, partition.durableOffset());

    appendNumbers(partition, 3, 5);
    partition.appendSynced(null, utf8("5"));
    assertEquals(6, partition.durableOffset());
  }

  @Test
  void shouldSyncUpToARecord() {
    appendNumbers(partition, 0, 3);

    partition.sync(1);

    assertTrue(partition.durableOffset() >= 2);
    partition.sync(1_000_000);
    assertEquals(3, partition.durableOffset());
  }

  @Test
  void shouldCompleteAFutureWhenItsRecordIsDurable() {
    CompletableFuture<Long> record = partition.appendAsync(null, utf8("0"));
    CompletableFuture<Long> batch =
        partition.appendAsync(new Batch().add((String) null, "1").add((String) null, "2"));
    assertFalse(record.isDone());

    store.flusher(1);

    assertEquals(0, record.join());
    assertEquals(1, batch.join());
    assertEquals(3, partition.durableOffset());
  }

  @Test
  void shouldReadASnapshotThatLaterRecordsDoNotJoin() {
    appendNumbers(partition, 0, 3);
    Iterable<Message> messages = partition.read(Position.earliest());

    List<String> seen = new ArrayList<>();
    for (Message message : messages) {
      seen.add(message.valueAsString());
      partition.append(null, utf8("more"));
    }

    assertEquals(numbers(0, 3), seen);
    assertEquals(6, values(messages).size());
  }

  @Test
  void shouldSayThatAnIteratorIsAtItsEnd() {
    appendNumbers(partition, 0, 1);
    Iterator<Message> messages = partition.read(Position.earliest()).iterator();

    assertTrue(messages.hasNext());
    assertEquals("0", messages.next().valueAsString());
    assertFalse(messages.hasNext());
    assertThrows(NoSuchElementException.class, messages::next);
  }

  @Test
  void shouldFindOffsetsByTime() {
    appendNumbers(partition, 0, 3);
    store.advance(1000);
    appendNumbers(partition, 3, 5);

    Instant start = Instant.ofEpochMilli(DrivenStore.START);
    assertEquals(0, partition.offsetAtTime(start));
    assertEquals(3, partition.offsetAtTime(start.plusMillis(1)));
    assertEquals(3, partition.offsetAtTime(start.plusMillis(1000)));
    assertEquals(5, partition.offsetAtTime(start.plusMillis(1001)));
  }

  @Test
  void shouldListItsSegments() {
    fillSegments(partition, 3);

    List<SegmentInfo> segments = partition.segments();

    assertEquals(0, segments.get(0).baseOffset());
    for (SegmentInfo segment : segments) {
      assertTrue(segment.file().toFile().isFile());
      assertEquals(segment.baseOffset(), segment.recordsBefore());
      assertEquals(64 << 10, segment.sizeBytes());
    }
    assertTrue(partition.sizeBytes() > 2 * (64 << 10));
    assertTrue(partition.sizeBytes() < 3 * (64 << 10));
  }

  @Test
  void shouldKeepTheOrderOfItsOffsets() {
    appendNumbers(partition, 0, 10);

    partition.deleteBefore(7);

    assertTrue(partition.logStartOffset() <= partition.durableOffset());
    assertTrue(partition.durableOffset() <= partition.logEndOffset());
  }

  @Test
  void shouldNameItsPlace() {
    assertEquals("t", partition.topicName());
    assertEquals(0, partition.number());
    assertEquals("t-0", partition.toString());
  }
}
