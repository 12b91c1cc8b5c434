package io.sawlog.log.segment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class FrameBuilderTest {
  private static final byte[] KEY = "key".getBytes(UTF_8);
  private static final byte[] VALUE = "a value".getBytes(UTF_8);

  @Test
  void shouldBeAHeaderWhenItIsEmpty() {
    FrameBuilder frame = new FrameBuilder();

    assertEquals(FrameFormat.HEADER_LENGTH, frame.length());
    assertEquals(0, frame.recordCount());
    assertFalse(frame.records().hasNext());
  }

  @Test
  void shouldHaveALengthThatNothingKnownAfterTheClaimCanChange() {
    FrameBuilder frame = new FrameBuilder();
    frame.add(KEY, VALUE);
    int length = frame.length();

    frame.complete(Long.MAX_VALUE, Long.MAX_VALUE, -1, -1);

    assertEquals(length, frame.length());
    assertEquals(length, FrameFormat.length(frame.buffer(), 0));
    assertEquals(0, length % FrameFormat.ALIGNMENT);
  }

  @Test
  void shouldGiveTheSameBytesWhenItIsCompletedAgain() {
    FrameBuilder frame = new FrameBuilder();
    frame.add(KEY, VALUE);
    frame.complete(5, 6, 7, 8);
    byte[] first = bytes(frame);

    frame.complete(1, 2, 3, 4);
    frame.complete(5, 6, 7, 8);

    assertArrayEquals(first, bytes(frame));
  }

  @Test
  void shouldLeaveNothingOfAnEarlierFrameInThePadding() {
    FrameBuilder used = new FrameBuilder();
    used.add(null, "x".repeat(500).getBytes(UTF_8));
    used.complete(1, 1, 1, 1);
    used.clear();
    used.add(null, VALUE);
    FrameBuilder fresh = new FrameBuilder();
    fresh.add(null, VALUE);

    used.complete(5, 6, 7, 8);
    fresh.complete(5, 6, 7, 8);

    assertArrayEquals(bytes(fresh), bytes(used));
  }

  @Test
  void shouldForgetEventTimesWhenItIsCleared() {
    FrameBuilder frame = new FrameBuilder();
    frame.add(1_000, KEY, VALUE, new byte[0][], new byte[0][]);
    frame.clear();
    frame.add(2_000, KEY, VALUE, new byte[0][], new byte[0][]);

    RecordCursor record = frame.records();
    record.next();

    assertEquals(2_000, record.eventTime());
  }

  @Test
  void shouldGrowWithTheRecordsAndGiveBackTheMemoryOfAnUnusuallyLargeFrame() {
    FrameBuilder frame = new FrameBuilder();
    int initial = frame.buffer().capacity();

    frame.add(null, new byte[3 << 20]);
    frame.add(null, VALUE);
    RecordCursor record = frame.records();
    record.next();
    record.next();

    assertEquals(VALUE.length, record.valueLength());
    frame.clear();
    assertEquals(initial, frame.buffer().capacity());
  }

  @Test
  void shouldRefuseOneRecordMoreThanAFrameCanCount() {
    FrameBuilder frame = new FrameBuilder();
    for (int i = 0; i < FrameFormat.MAX_RECORD_COUNT; i++) {
      frame.add(null, null);
    }

    assertThrows(IllegalStateException.class, () -> frame.add(null, null));
    frame.complete(0, 0, 0, 0);
    assertEquals(FrameFormat.MAX_RECORD_COUNT, FrameFormat.recordCount(frame.buffer(), 0));
  }

  @Test
  void shouldStayAsItWasWhenARangeLiesOutsideItsBuffer() {
    FrameBuilder frame = new FrameBuilder();
    frame.add(KEY, VALUE);
    frame.complete(1, 2, 3, 4);
    byte[] before = bytes(frame);
    UnsafeBuffer source = new UnsafeBuffer(new byte[10]);

    int[][] ranges = {{-1, 2}, {0, 11}, {10, 1}, {0, -1}, {Integer.MAX_VALUE, 1}};
    for (int[] range : ranges) {
      assertThrows(
          IndexOutOfBoundsException.class, () -> frame.add(null, 0, 0, source, range[0], range[1]));
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> frame.add(source, range[0], range[1], source, 0, 1));
    }

    frame.complete(1, 2, 3, 4);
    assertArrayEquals(before, bytes(frame));
  }

  @Test
  void shouldRefuseMoreThanOneGibibyte() {
    FrameBuilder frame = new FrameBuilder();
    UnsafeBuffer source = new UnsafeBuffer(new byte[10]);

    assertThrows(IllegalArgumentException.class, () -> frame.add(null, 0, 0, source, 0, 1 << 30));
    assertEquals(0, frame.recordCount());
  }

  @Test
  void shouldTakeAPartOfABuffer() {
    FrameBuilder frame = new FrameBuilder();
    UnsafeBuffer source = new UnsafeBuffer("0123456789".getBytes(UTF_8));

    frame.add(source, 2, 3, source, 5, 5);
    RecordCursor record = frame.records();
    record.next();

    assertEquals(
        "234", frame.buffer().getStringWithoutLengthUtf8(record.keyPosition(), record.keyLength()));
    assertEquals(
        "56789",
        frame.buffer().getStringWithoutLengthUtf8(record.valuePosition(), record.valueLength()));
  }

  @Test
  void shouldLendEachThreadItsOwnEmptyBuilder() {
    FrameBuilder first = FrameBuilder.ofThread();
    first.add(KEY, VALUE);

    FrameBuilder again = FrameBuilder.ofThread();

    assertSame(first, again);
    assertEquals(0, again.recordCount());
  }

  @Test
  void shouldUseUpOneOffsetWhenItIsAborted() {
    FrameBuilder frame = FrameBuilder.aborted();

    frame.complete(5, 6, 7, 8);

    assertEquals(FrameFormat.KIND_ABORTED, FrameFormat.kind(frame.buffer(), 0));
    assertEquals(1, FrameFormat.recordCount(frame.buffer(), 0));
    assertEquals(FrameFormat.HEADER_LENGTH, FrameFormat.length(frame.buffer(), 0));
  }

  private static byte[] bytes(FrameBuilder frame) {
    byte[] bytes = new byte[frame.length()];
    frame.buffer().getBytes(0, bytes);
    return bytes;
  }
}
