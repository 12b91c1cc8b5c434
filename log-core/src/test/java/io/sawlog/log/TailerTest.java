package io.sawlog.log;

import static io.sawlog.log.Logs.appendNumbers;
import static io.sawlog.log.Logs.drain;
import static io.sawlog.log.Logs.fillSegments;
import static io.sawlog.log.Logs.numbers;
import static io.sawlog.log.Logs.small;
import static io.sawlog.log.Logs.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.IdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailerTest {
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
  void shouldShowNothingInAnEmptyPartitionAndThenWhatComes() {
    try (Tailer tailer = partition.tailer(Position.earliest())) {
      assertEquals(List.of(), drain(tailer));
      assertEquals(0, tailer.position());

      appendNumbers(partition, 0, 3);

      assertEquals(numbers(0, 3), drain(tailer));
      assertEquals(3, tailer.position());
      appendNumbers(partition, 3, 5);
      assertEquals(numbers(3, 5), drain(tailer));
    }
  }

  @Test
  void shouldShowOnlyLaterRecordsFromTheLatestPositionOn() {
    appendNumbers(partition, 0, 3);

    try (Tailer tailer = partition.tailer(Position.latest())) {
      assertEquals(3, tailer.position());
      assertEquals(List.of(), drain(tailer));
      appendNumbers(partition, 3, 5);
      assertEquals(numbers(3, 5), drain(tailer));
    }
  }

  @Test
  void shouldBeginAtEveryOffset() {
    appendNumbers(partition, 0, 500);

    for (int offset = 0; offset <= 500; offset++) {
      try (Tailer tailer = partition.tailer(Position.atOffset(offset))) {
        assertEquals(offset, tailer.position());
        assertEquals(numbers(offset, 500), drain(tailer));
      }
    }
  }

  @Test
  void shouldBeginInsideABatch() {
    appendNumbers(partition, 0, 2);
    partition.append(batchOf(2, 5));
    appendNumbers(partition, 5, 6);

    for (int offset = 0; offset <= 6; offset++) {
      try (Tailer tailer = partition.tailer(Position.atOffset(offset))) {
        assertEquals(numbers(offset, 6), drain(tailer));
      }
    }
  }

  @Test
  void shouldRefuseAnOffsetOutsideTheLogAndTellWhereTheLogIs() {
    appendNumbers(partition, 0, 10);
    partition.deleteBefore(4);

    OffsetOutOfRangeException below =
        assertThrows(OffsetOutOfRangeException.class, () -> partition.tailer(Position.atOffset(3)));
    OffsetOutOfRangeException above =
        assertThrows(
            OffsetOutOfRangeException.class, () -> partition.tailer(Position.atOffset(11)));

    assertEquals(4, below.logStartOffset());
    assertEquals(10, below.logEndOffset());
    assertEquals(4, above.logStartOffset());
    assertTrue(above.getMessage().contains("11"), above.getMessage());
  }

  @Test
  void shouldStayWhereItIsWhenItCannotMove() {
    partition.append(batchOf(0, 4));
    appendNumbers(partition, 4, 6);
    try (Tailer tailer = partition.tailer(Position.earliest())) {
      tailer.poll(view -> {}, 1);

      assertThrows(OffsetOutOfRangeException.class, () -> tailer.seek(Position.atOffset(1000)));

      assertEquals(1, tailer.position());
      assertEquals(numbers(1, 6), drain(tailer));
    }
  }

  @Test
  void shouldMoveBackAndForth() {
    appendNumbers(partition, 0, 100);
    try (Tailer tailer = partition.tailer(Position.earliest())) {
      drain(tailer);

      tailer.seek(Position.atOffset(40));
      assertEquals(numbers(40, 100), drain(tailer));
      tailer.seek(Position.earliest());
      assertEquals(numbers(0, 100), drain(tailer));
      tailer.seek(Position.atOffset(99));
      assertEquals(numbers(99, 100), drain(tailer));
    }
  }

  @Test
  void shouldBeginAtTheFirstRecordThatIsNotOlderThanATime() {
    for (int i = 0; i < 300; i++) {
      appendNumbers(partition, i, i + 1);
      store.advance(10);
    }

    for (int i = 0; i < 300; i++) {
      assertEquals(i, offsetAt(10L * i));
      assertEquals(i + 1, offsetAt(10L * i + 1));
    }
    assertEquals(0, offsetAt(-1));
    assertEquals(300, offsetAt(1_000_000));
  }

  @Test
  void shouldFindTheFirstOfManyBlocksThatShareAMillisecond() {
    appendNumbers(partition, 0, 50);
    store.advance(1);
    String padding = "x".repeat(200);
    for (int i = 50; i < 2000; i++) {
      partition.append(null, utf8(padding));
    }
    store.advance(1);
    appendNumbers(partition, 2000, 2001);

    assertTrue(partition.segments().size() > 3);
    assertEquals(0, offsetAt(0));
    assertEquals(50, offsetAt(1));
    assertEquals(2000, offsetAt(2));
    assertEquals(2001, offsetAt(3));
  }

  @Test
  void shouldFindATimeInASegmentThatBeginsWithIt() {
    fillSegments(partition, 2);
    long first = partition.segments().get(1).baseOffset();
    store.advance(5);
    long later = partition.append(null, utf8("later"));

    assertEquals(0, offsetAt(0));
    assertEquals(later, offsetAt(1));
    assertTrue(first < later);
  }

  @Test
  void shouldTakeAnyInstantForATime() {
    appendNumbers(partition, 0, 5);

    assertEquals(0, partition.offsetAtTime(Instant.MIN));
    assertEquals(5, partition.offsetAtTime(Instant.MAX));
  }

  private long offsetAt(long afterStart) {
    return partition.offsetAtTime(Instant.ofEpochMilli(DrivenStore.START + afterStart));
  }

  @Test
  void shouldShowDurableRecordsOnlyWhenItIsAskedFor() {
    appendNumbers(partition, 0, 3);
    partition.flush();
    appendNumbers(partition, 3, 5);

    try (Tailer published = partition.tailer(Position.earliest());
        Tailer durable = partition.tailer(Position.earliest(), durable())) {
      assertEquals(numbers(0, 5), drain(published));
      assertEquals(numbers(0, 3), drain(durable));

      partition.flush();

      assertEquals(numbers(3, 5), drain(durable));
    }
  }

  @Test
  void shouldNotShowOlderRecordsThanTheTimeAskedForOnceTheyBecomeDurable() {
    appendNumbers(partition, 0, 3);
    partition.flush();
    appendNumbers(partition, 3, 5);
    store.advance(10);
    appendNumbers(partition, 5, 6);

    try (Tailer tailer =
        partition.tailer(
            Position.atTime(Instant.ofEpochMilli(DrivenStore.START + 10)), durable())) {
      assertEquals(List.of(), drain(tailer));
      partition.flush();

      assertEquals(numbers(5, 6), drain(tailer));
    }
  }

  private static TailerConfig durable() {
    return TailerConfig.defaults().visibility(Visibility.DURABLE);
  }

  @Test
  void shouldReadOnAcrossEveryRoll() {
    fillSegments(partition, 6);
    List<Long> bases = partition.segments().stream().map(SegmentInfo::baseOffset).toList();

    for (long base : bases) {
      for (long offset = Math.max(0, base - 1); offset <= base + 1; offset++) {
        long from = Math.min(offset, partition.logEndOffset());
        try (Tailer tailer = partition.tailer(Position.atOffset(from))) {
          List<Long> seen = new ArrayList<>();
          while (tailer.poll(view -> seen.add(view.offset()), 1000) > 0) {
            // the rest
          }
          assertEquals(offsetsFrom(from, partition.logEndOffset()), seen);
        }
      }
    }
  }

  @Test
  void shouldFollowARollThatHappensWhileItWaitsAtTheEnd() {
    try (Tailer tailer = partition.tailer(Position.earliest())) {
      List<Long> seen = new ArrayList<>();
      for (int segments = 2; segments <= 5; segments++) {
        fillSegments(partition, segments);
        while (tailer.poll(view -> seen.add(view.offset()), 1000) > 0) {
          // the rest
        }
        store.log.flush();
        store.keeper();
      }

      assertEquals(offsetsFrom(0, partition.logEndOffset()), seen);
    }
  }

  private static List<Long> offsetsFrom(long from, long to) {
    List<Long> offsets = new ArrayList<>();
    for (long offset = from; offset < to; offset++) {
      offsets.add(offset);
    }
    return offsets;
  }

  @Test
  void shouldStayBeforeTheRecordWhoseHandlerThrows() {
    partition.append(batchOf(0, 5));
    appendNumbers(partition, 5, 8);

    for (int failing = 0; failing < 8; failing++) {
      int at = failing;
      try (Tailer tailer = partition.tailer(Position.earliest())) {
        List<String> seen = new ArrayList<>();

        assertThrows(
            IllegalStateException.class,
            () ->
                tailer.poll(
                    view -> {
                      if (view.offset() == at) {
                        throw new IllegalStateException("not now");
                      }
                      seen.add(view.copy().valueAsString());
                    },
                    100));

        assertEquals(numbers(0, at), seen);
        assertEquals(at, tailer.position());
        assertEquals(numbers(at, 8), drain(tailer));
      }
    }
  }

  @Test
  void shouldObeyAHandlerThatMovesIt() {
    partition.append(batchOf(0, 5));
    appendNumbers(partition, 5, 8);
    try (Tailer tailer = partition.tailer(Position.earliest())) {
      List<Long> seen = new ArrayList<>();

      int shown =
          tailer.poll(
              view -> {
                seen.add(view.offset());
                if (view.offset() == 1) {
                  tailer.seek(Position.atOffset(6));
                }
              },
              100);

      assertEquals(List.of(0L, 1L, 6L, 7L), seen);
      assertEquals(4, shown);
    }
  }

  @Test
  void shouldShowNothingMoreToAHandlerThatClosesIt() {
    partition.append(batchOf(0, 5));
    appendNumbers(partition, 5, 8);
    Tailer tailer = partition.tailer(Position.earliest());
    List<Long> seen = new ArrayList<>();

    int shown =
        tailer.poll(
            view -> {
              seen.add(view.offset());
              tailer.close();
            },
            100);

    assertEquals(1, shown);
    assertEquals(List.of(0L), seen);
    assertThrows(LogClosedException.class, () -> tailer.poll(view -> {}, 1));
  }

  @Test
  void shouldShowNoMoreThanTheLimit() {
    partition.append(batchOf(0, 5));
    appendNumbers(partition, 5, 8);
    try (Tailer tailer = partition.tailer(Position.earliest())) {
      List<String> seen = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        assertEquals(2, tailer.poll(view -> seen.add(view.copy().valueAsString()), 2));
      }

      assertEquals(numbers(0, 8), seen);
      assertEquals(0, tailer.poll(view -> {}, 2));
      tailer.seek(Position.earliest());
      assertEquals(0, tailer.poll(view -> {}, 0));
      assertEquals(0, tailer.poll(view -> {}, 0, Duration.ofHours(1)));
      assertEquals(0, tailer.position());
    }
  }

  /** Waits by letting something happen, and remembers how often it was asked to. */
  private static final class Events implements IdleStrategy {
    private final Runnable event;
    private int idled;
    private int reset;

    Events(Runnable event) {
      this.event = event;
    }

    @Override
    public void idle(int workCount) {
      idle();
    }

    @Override
    public void idle() {
      idled++;
      event.run();
    }

    @Override
    public void reset() {
      reset++;
    }
  }

  @Test
  void shouldWaitAsTheIdleStrategySaysUntilARecordComes() {
    Events[] events = new Events[1];
    events[0] =
        new Events(
            () -> {
              if (events[0].idled == 3) {
                appendNumbers(partition, 0, 2);
              }
            });

    try (Tailer tailer =
        partition.tailer(Position.earliest(), TailerConfig.defaults().idleStrategy(events[0]))) {
      List<String> seen = new ArrayList<>();
      int shown =
          tailer.poll(view -> seen.add(view.copy().valueAsString()), 100, Duration.ofHours(1));

      assertEquals(2, shown);
      assertEquals(numbers(0, 2), seen);
      assertEquals(3, events[0].idled);
      assertEquals(1, events[0].reset);
    }
  }

  @Test
  void shouldGiveUpWhenTheTimeIsOver() {
    Events idle = new Events(() -> {});
    try (Tailer tailer =
        partition.tailer(Position.earliest(), TailerConfig.defaults().idleStrategy(idle))) {
      assertEquals(0, tailer.poll(view -> {}, 100, Duration.ofMillis(5)));
      assertTrue(idle.idled > 0);

      int before = idle.idled;
      assertEquals(0, tailer.poll(view -> {}, 100, Duration.ZERO));
      assertEquals(0, tailer.poll(view -> {}, 100, Duration.ofMillis(-1)));
      assertEquals(before, idle.idled);
    }
  }

  @Test
  void shouldWaitForEverWhenItIsAskedTo() {
    Events idle = new Events(() -> appendNumbers(partition, 0, 1));
    try (Tailer tailer =
        partition.tailer(Position.earliest(), TailerConfig.defaults().idleStrategy(idle))) {
      assertEquals(1, tailer.poll(view -> {}, 100, ChronoUnit.FOREVER.getDuration()));
      appendNumbers(partition, 1, 2);
      assertEquals(1, tailer.poll(view -> {}, 100, ChronoUnit.FOREVER.getDuration()));
    }
  }

  @Test
  void shouldGiveUpWhenItIsInterruptedAndKeepTheFlag() {
    Events idle = new Events(() -> Thread.currentThread().interrupt());
    try (Tailer tailer =
        partition.tailer(Position.earliest(), TailerConfig.defaults().idleStrategy(idle))) {
      assertEquals(0, tailer.poll(view -> {}, 100, Duration.ofHours(1)));

      assertTrue(Thread.interrupted());
      assertEquals(1, idle.idled);
    }
  }

  @Test
  void shouldTellNothingFromEmpty() {
    partition.append(null, null);
    partition.append(new byte[0], new byte[0]);

    try (Tailer tailer = partition.tailer(Position.earliest())) {
      List<Integer> lengths = new ArrayList<>();
      List<Message> copies = new ArrayList<>();
      tailer.poll(
          view -> {
            lengths.add(view.keyLength());
            lengths.add(view.valueLength());
            copies.add(view.copy());
          },
          100);

      assertEquals(List.of(MessageView.ABSENT, MessageView.ABSENT, 0, 0), lengths);
      assertNull(copies.get(0).key());
      assertNull(copies.get(0).value());
      assertArrayEquals(new byte[0], copies.get(1).key());
      assertArrayEquals(new byte[0], copies.get(1).value());
    }
  }

  @Test
  void shouldShowARecordWhereItLies() {
    partition.append(utf8("key"), utf8("the value"));
    try (Tailer tailer = partition.tailer(Position.earliest())) {
      tailer.poll(
          view -> {
            assertEquals("t", view.topic());
            assertEquals(0, view.partition());
            assertEquals(0, view.offset());
            assertEquals(DrivenStore.START, view.appendTime());
            assertFalse(view.hasEventTime());
            assertEquals(0, view.headerCount());
            assertEquals(
                "key", view.key().getStringWithoutLengthUtf8(view.keyOffset(), view.keyLength()));
            assertEquals(
                "the value",
                view.value().getStringWithoutLengthUtf8(view.valueOffset(), view.valueLength()));
            assertEquals("the value", view.value(Codecs.utf8()));
          },
          1);
      assertEquals(1, tailer.position());
    }
  }

  @Test
  void shouldReadFramesLargerThanItsBufferAndThanASegment() {
    int[] lengths = {10, 65_000, 65_536, 70_000, 200_000, 20, 1 << 20, 3};
    for (int length : lengths) {
      partition.append(null, value(length));
    }

    for (int from = 0; from < lengths.length; from++) {
      try (Tailer tailer = partition.tailer(Position.atOffset(from))) {
        List<byte[]> seen = new ArrayList<>();
        while (tailer.poll(view -> seen.add(view.copy().value()), 1) > 0) {
          // the rest
        }
        assertEquals(lengths.length - from, seen.size());
        for (int i = 0; i < seen.size(); i++) {
          assertArrayEquals(value(lengths[from + i]), seen.get(i));
        }
      }
    }
  }

  private static byte[] value(int length) {
    byte[] value = new byte[length];
    for (int i = 0; i < length; i++) {
      value[i] = (byte) (i * 31 + length);
    }
    return value;
  }

  @Test
  void shouldGoOnIndependentlyOfOtherTailers() {
    appendNumbers(partition, 0, 10);
    try (Tailer slow = partition.tailer(Position.earliest());
        Tailer fast = partition.tailer(Position.earliest())) {
      slow.poll(view -> {}, 2);

      assertEquals(numbers(0, 10), drain(fast));
      assertEquals(numbers(2, 10), drain(slow));
    }
  }

  @Test
  void shouldSayThatItsPositionWasDeletedInASegmentThatIsStillThere() {
    appendNumbers(partition, 0, 10);
    try (Tailer tailer = partition.tailer(Position.earliest())) {
      partition.deleteBefore(5);

      OffsetOutOfRangeException e =
          assertThrows(OffsetOutOfRangeException.class, () -> tailer.poll(view -> {}, 1));

      assertEquals(5, e.logStartOffset());
      tailer.seek(Position.atOffset(e.logStartOffset()));
      assertEquals(numbers(5, 10), drain(tailer));
    }
  }

  @Test
  void shouldSayThatItsPositionWasDeletedWithItsSegment() throws IOException {
    fillSegments(partition, 4);
    long start = partition.segments().get(2).baseOffset();
    partition.flush();
    store.keeper();
    try (Tailer before = partition.tailer(Position.earliest());
        Tailer inside = partition.tailer(Position.earliest())) {
      inside.poll(view -> {}, 3);
      partition.deleteBefore(start);

      for (Tailer tailer : List.of(before, inside)) {
        OffsetOutOfRangeException e =
            assertThrows(
                OffsetOutOfRangeException.class,
                () -> {
                  while (tailer.poll(view -> {}, 1000) > 0) {
                    // what it had in its buffer
                  }
                });
        assertEquals(start, e.logStartOffset());
      }
    }
  }

  private static Batch batchOf(int from, int to) {
    Batch batch = new Batch();
    numbers(from, to).forEach(value -> batch.add(null, value));
    return batch;
  }
}
