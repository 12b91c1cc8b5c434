package io.sawlog.log.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.segment.Frames.Content;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.agrona.concurrent.UnsafeBuffer;

/** Random records through a frame and back, and random bytes in place of records. */
class RecordProperties {
  private static final int SALT = 42;

  @Property(tries = 150)
  void shouldReadBackEveryRecord(@ForAll("batches") List<Content> batch, @ForAll long baseOffset) {
    FrameBuilder frame = builder(batch);

    frame.complete(baseOffset, 77, 0, SALT);
    FrameBuffer read = Frames.buffer(Frames.bytes(frame));
    RecordCursor record = new RecordCursor();
    record.reset(read.buffer(), 0);

    assertEquals(FrameCheck.VALID, read.check(0, frame.length(), SALT, baseOffset));
    assertEquals(batch, Frames.contents(read.buffer(), record));
    assertEquals(baseOffset + batch.size() - 1, record.offset());
    assertEquals(77, record.appendTime());
  }

  @Property(tries = 100)
  void shouldReadBackEveryRecordBeforeItIsAppended(@ForAll("batches") List<Content> batch) {
    FrameBuilder frame = builder(batch);

    assertEquals(batch, Frames.contents(frame.buffer(), frame.records()));
  }

  /** The buffer ends with the frame, so an access behind it is another exception. */
  @Property(tries = 500)
  void shouldNeverLeaveTheFrameWhenItsBytesMakeNoSense(
      @ForAll("batches") List<Content> batch, @ForAll Random random) {
    byte[] bytes = Frames.bytes(builder(batch));
    UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    putHeader(buffer, batch.size());
    int damage = 1 + random.nextInt(8);
    for (int i = 0; i < damage && bytes.length > FrameFormat.HEADER_LENGTH; i++) {
      int at = FrameFormat.HEADER_LENGTH + random.nextInt(bytes.length - FrameFormat.HEADER_LENGTH);
      bytes[at] = (byte) random.nextInt();
    }

    walkInside(buffer);
  }

  @Property(tries = 500)
  void shouldNeverLeaveTheFrameWhateverItsBytesAre(@ForAll byte[] garbage, @ForAll Random random) {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[FrameFormat.HEADER_LENGTH + garbage.length]);
    buffer.putBytes(FrameFormat.HEADER_LENGTH, garbage);
    putHeader(buffer, random.nextInt(20));

    walkInside(buffer);
  }

  private static void walkInside(UnsafeBuffer buffer) {
    RecordCursor record = new RecordCursor();
    record.reset(buffer, 0);
    try {
      while (record.hasNext()) {
        record.next();
        assertInside(buffer, record.keyPosition(), record.keyLength());
        assertInside(buffer, record.valuePosition(), record.valueLength());
        assertEquals(2 * record.headerCount(), record.copyHeaders().length);
      }
    } catch (MalformedRecordException e) {
      assertFalse(e.getMessage().isBlank());
    }
  }

  private static void assertInside(UnsafeBuffer buffer, int position, int length) {
    if (length != RecordCursor.ABSENT) {
      assertTrue(position >= FrameFormat.HEADER_LENGTH && length >= 0, "before the records");
      assertTrue(position + length <= buffer.capacity(), "behind the frame");
    }
  }

  @Property(tries = 100)
  void shouldSayThatACountIsTooHigh(@ForAll("batches") List<Content> batch) {
    byte[] bytes = Frames.bytes(builder(batch));
    UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    // a byte of padding reads as one more record without anything
    putHeader(buffer, batch.size() + FrameFormat.ALIGNMENT);
    RecordCursor record = new RecordCursor();
    record.reset(buffer, 0);

    assertThrows(MalformedRecordException.class, () -> Frames.contents(buffer, record));
  }

  private static void putHeader(UnsafeBuffer frame, int count) {
    frame.putInt(FrameFormat.LENGTH_FIELD, frame.capacity());
    frame.putShort(FrameFormat.RECORD_COUNT_FIELD, (short) count);
  }

  private static FrameBuilder builder(List<Content> batch) {
    FrameBuilder frame = new FrameBuilder();
    batch.forEach(content -> content.addTo(frame));
    return frame;
  }

  @Provide
  Arbitrary<List<Content>> batches() {
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
    Arbitrary<byte[]> part = bytes.injectNull(0.2);
    Arbitrary<OptionalLong> time =
        Arbitraries.oneOf(
            Arbitraries.just(OptionalLong.empty()),
            Arbitraries.longs().greaterOrEqual(Long.MIN_VALUE + 1).map(OptionalLong::of),
            Arbitraries.of(Long.MIN_VALUE + 1, -1L, 0L, Long.MAX_VALUE).map(OptionalLong::of));
    Arbitrary<byte[]> small = Arbitraries.bytes().array(byte[].class).ofMaxSize(20);
    Arbitrary<byte[][]> headers = small.list().ofMaxSize(3).flatMap(RecordProperties::withValues);
    return Combinators.combine(part, part, time, headers)
        .as(Content::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(20);
  }

  private static Arbitrary<byte[][]> withValues(List<byte[]> names) {
    return Arbitraries.bytes()
        .array(byte[].class)
        .ofMaxSize(20)
        .list()
        .ofSize(names.size())
        .map(
            values -> {
              byte[][] parts = new byte[2 * names.size()][];
              for (int i = 0; i < names.size(); i++) {
                parts[2 * i] = names.get(i);
                parts[2 * i + 1] = values.get(i);
              }
              return parts;
            });
  }
}
