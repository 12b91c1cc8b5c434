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

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeleteBeforeTest {
  @TempDir Path directory;
  private DrivenStore store;
  private Partition partition;

  @BeforeEach
  void open() {
    store = DrivenStore.open(directory);
    partition = store.create("t", small());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void shouldMoveTheLogStartToExactlyThatOffset() {
    appendNumbers(partition, 0, 10);

    assertEquals(4, partition.deleteBefore(4));

    assertEquals(4, partition.logStartOffset());
    assertEquals(6, partition.recordCount());
    assertEquals(numbers(4, 10), values(partition));
    assertEquals(4, partition.offsetAtTime(Instant.EPOCH));
    assertThrows(OffsetOutOfRangeException.class, () -> partition.tailer(Position.atOffset(3)));
  }

  @Test
  void shouldStartInsideABatch() {
    partition.append(new Batch().add("k", "0").add("k", "1").add("k", "2"));

    partition.deleteBefore(1);

    assertEquals(numbers(1, 3), values(partition));
  }

  @Test
  void shouldDeleteTheFilesOfWholeSegments() {
    fillSegments(partition, 5);
    List<SegmentInfo> segments = partition.segments();
    partition.flush();
    store.keeper();

    long start = segments.get(3).baseOffset() - 1;
    partition.deleteBefore(start);
    store.retention();

    assertEquals(start, partition.logStartOffset());
    assertEquals(
        List.of(false, false, true, true, true),
        segments.stream().map(segment -> Files.exists(segment.file())).toList());
    assertEquals(
        List.of(false, false, true, true, true),
        segments.stream().map(s -> Files.exists(IndexFile.beside(s.file()))).toList());
    partition.deleteBefore(segments.get(3).baseOffset());
    store.retention();
    assertFalse(Files.exists(segments.get(2).file()));
  }

  @Test
  void shouldNeverMoveBack() {
    appendNumbers(partition, 0, 10);
    partition.deleteBefore(6);

    assertEquals(6, partition.deleteBefore(2));
    assertEquals(6, partition.deleteBefore(-1));

    assertEquals(6, partition.logStartOffset());
  }

  @Test
  void shouldStopAtTheLogEnd() {
    appendNumbers(partition, 0, 10);

    assertEquals(10, partition.deleteBefore(Long.MAX_VALUE));

    assertEquals(List.of(), values(partition));
    assertEquals(0, partition.recordCount());
    assertEquals(10, partition.append(null, utf8("10")));
    assertEquals(numbers(10, 11), values(partition));
  }

  @Test
  void shouldDeleteNothingInAnEmptyPartition() {
    assertEquals(0, partition.deleteBefore(5));
    assertEquals(0, partition.logStartOffset());
  }

  @Test
  void shouldBeRememberedWhenTheStoreIsOpenedAgain() {
    appendNumbers(partition, 0, 10);
    partition.deleteBefore(4);
    store.close();

    open(directory);

    assertEquals(4, partition.logStartOffset());
    assertEquals(numbers(4, 10), values(partition));
    assertEquals(6, partition.recordCount());
  }

  @Test
  void shouldBeFinishedByTheNextOpeningWhenTheFilesWereNotDeletedYet(@TempDir Path kept)
      throws Exception {
    fillSegments(partition, 4);
    List<SegmentInfo> segments = partition.segments();
    partition.flush();
    store.keeper();
    Logs.copyTree(directory, kept);
    partition.deleteBefore(segments.get(2).baseOffset());
    store.close();
    for (SegmentInfo segment : segments.subList(0, 2)) {
      Path name = directory.relativize(segment.file().toAbsolutePath());
      assertFalse(Files.exists(segment.file()));
      Files.copy(kept.resolve(name), segment.file());
    }

    open(directory);

    assertEquals(2, partition.segments().size());
    assertFalse(Files.exists(segments.get(0).file()));
    assertFalse(Files.exists(segments.get(1).file()));
    assertTrue(store.log.recoveryReport().isClean());
  }

  @Test
  void shouldLetATailerFinishTheRecordsThatStayed() {
    appendNumbers(partition, 0, 10);
    try (Tailer tailer = partition.tailer(Position.atOffset(7))) {
      partition.deleteBefore(7);

      assertEquals(numbers(7, 10), Logs.drain(tailer));
    }
  }

  private void open(Path path) {
    store = DrivenStore.open(path);
    partition = store.log.topic("t").partition(0);
  }
}
