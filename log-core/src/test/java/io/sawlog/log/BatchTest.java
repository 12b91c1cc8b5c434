package io.sawlog.log;

import static io.sawlog.log.Logs.utf8;
import static io.sawlog.log.Logs.values;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchTest {
  @TempDir Path directory;
  private DrivenStore store;
  private Partition partition;

  @BeforeEach
  void open() {
    store = DrivenStore.open(directory);
    partition = store.create("t", Logs.small());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void shouldGiveItsRecordsConsecutiveOffsetsAndOneTime() {
    partition.append(null, utf8("before"));
    store.advance(5);

    long first =
        partition.append(
            new Batch()
                .add("k", "text")
                .add(utf8("k"), utf8("bytes"))
                .add(new UnsafeBuffer(utf8("a buffer")), 2, 6));

    List<Message> read = new ArrayList<>();
    partition.read(Position.atOffset(first)).forEach(read::add);
    assertEquals(1, first);
    assertEquals(List.of("text", "bytes", "buffer"), values(read));
    assertEquals(List.of(1L, 2L, 3L), Logs.offsets(read));
    read.forEach(message -> assertEquals(DrivenStore.START + 5, message.appendTime()));
  }

  @Test
  void shouldCarryEventTimesAndHeaders() {
    List<Header> headers = List.of(Header.of("a", "1"), Header.of("a", "2"));
    Batch batch =
        new Batch()
            .add(utf8("k"), utf8("both"), -5, headers)
            .add(utf8("k"), utf8("headers"), headers)
            .add(null, null, Long.MAX_VALUE, List.of())
            .add((byte[]) null, null);

    partition.append(batch);

    List<Message> read = new ArrayList<>();
    partition.read(Position.earliest()).forEach(read::add);
    assertEquals(OptionalLong.of(-5), read.get(0).eventTime());
    assertEquals(headers, read.get(0).headers());
    assertEquals(OptionalLong.empty(), read.get(1).eventTime());
    assertEquals(headers, read.get(1).headers());
    assertEquals(OptionalLong.of(Long.MAX_VALUE), read.get(2).eventTime());
    assertEquals(List.of(), read.get(2).headers());
    assertEquals(OptionalLong.empty(), read.get(3).eventTime());
  }

  @Test
  void shouldBeAppendedAgainAndAfterClearing() {
    Batch batch = new Batch().add("k", "one").add("k", "two");

    partition.append(batch);
    partition.append(batch);
    batch.add("k", "three");
    partition.append(batch);
    batch.clear();
    batch.add("k", "four");
    partition.append(batch);

    assertEquals(
        List.of("one", "two", "one", "two", "one", "two", "three", "four"), values(partition));
  }

  @Test
  void shouldTakeAsManyBytesInTheLogAsItSays() {
    Batch batch = new Batch().add("key", "value").add("key", "another value");
    partition.append(null, utf8("first"));
    long before = partition.sizeBytes();

    partition.append(batch);

    assertEquals(before + batch.sizeBytes(), partition.sizeBytes());
    assertEquals(2, batch.size());
  }

  @Test
  void shouldHoldNoMoreThanACountCanTell() {
    Batch batch = new Batch();
    for (int i = 0; i < 65_535; i++) {
      batch.add((byte[]) null, null);
    }

    assertThrows(IllegalStateException.class, () -> batch.add("one", "more"));

    assertEquals(0, partition.append(batch));
    assertEquals(65_535, partition.append(null, utf8("next")));
    assertEquals(65_536, partition.recordCount());
  }

  @Test
  void shouldBeAllOrNothing() {
    Batch tooLarge = new Batch().add("k", "small");
    tooLarge.add(null, new byte[9 << 20]);

    assertThrows(RecordTooLargeException.class, () -> partition.append(tooLarge));

    assertEquals(List.of(), values(partition));
  }

  @Test
  void shouldStayAsItWasWhenARecordCannotBeAdded() {
    Batch batch = new Batch().add("k", "one");
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[4]);

    assertThrows(IndexOutOfBoundsException.class, () -> batch.add(buffer, 0, 5));
    assertThrows(NullPointerException.class, () -> batch.add(utf8("k"), utf8("v"), null));
    batch.add("k", "two");
    partition.append(batch);

    assertEquals(List.of("one", "two"), values(partition));
  }

  @Test
  void shouldKeepTheBytesOfLargeHeaders() {
    byte[] large = new byte[10_000];
    large[9_999] = 7;

    partition.append(new Batch().add(null, null, List.of(new Header("h", large))));

    Message read = partition.read(Position.earliest()).iterator().next();
    assertArrayEquals(large, read.header("h").orElseThrow().value());
    assertTrue(read.header("other").isEmpty());
  }
}
