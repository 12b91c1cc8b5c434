package io.sawlog.log.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.agrona.concurrent.UnsafeBuffer;

/** Records, and frames of them, as tests of the segment package make and read them. */
final class Frames {
  private Frames() {}

  /** A record as a test sees it; compared by content. */
  static final class Content {
    final byte[] key;
    final byte[] value;
    final OptionalLong eventTime;
    final byte[][] headers;

    /**
     * Names the content.
     *
     * @param headers names and values in turn
     */
    Content(byte[] key, byte[] value, OptionalLong eventTime, byte[][] headers) {
      this.key = key;
      this.value = value;
      this.eventTime = eventTime;
      this.headers = headers;
    }

    void addTo(FrameBuilder frame) {
      byte[][] names = new byte[headers.length / 2][];
      byte[][] values = new byte[headers.length / 2][];
      for (int i = 0; i < names.length; i++) {
        names[i] = headers[2 * i];
        values[i] = headers[2 * i + 1];
      }
      frame.add(eventTime.orElse(FrameBuilder.NO_EVENT_TIME), key, value, names, values);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Content that
          && Arrays.equals(key, that.key)
          && Arrays.equals(value, that.value)
          && eventTime.equals(that.eventTime)
          && Arrays.deepEquals(headers, that.headers);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
      return Arrays.toString(key)
          + "="
          + Arrays.toString(value)
          + "@"
          + eventTime
          + Arrays.deepToString(headers);
    }
  }

  /** The bytes of a complete frame with one record. */
  static byte[] frame(int salt, long baseOffset, byte[] value) {
    FrameBuilder frame = new FrameBuilder();
    frame.add(null, value);
    frame.complete(baseOffset, 1000 + baseOffset, 0, salt);
    return bytes(frame);
  }

  /** The bytes of a frame of another kind, as long as its header. */
  static byte[] frame(int kind, int salt, long baseOffset, int count) {
    FrameBuilder frame = new FrameBuilder();
    frame.completeWithoutRecords(
        kind, FrameFormat.HEADER_LENGTH, baseOffset, 1000 + baseOffset, count, 0, salt);
    return bytes(frame);
  }

  static byte[] bytes(FrameBuilder frame) {
    byte[] bytes = new byte[frame.length()];
    frame.buffer().getBytes(0, bytes);
    return bytes;
  }

  /** A buffer that holds a copy of the bytes, as if they began at a position of a segment. */
  static FrameBuffer buffer(byte[] bytes) {
    FrameBuffer frames = new FrameBuffer(Math.max(bytes.length, FrameFormat.HEADER_LENGTH));
    frames.copy(new UnsafeBuffer(bytes), 0, bytes.length);
    return frames;
  }

  /** Decodes the rest of the records of a cursor. */
  static List<Content> contents(UnsafeBuffer buffer, RecordCursor record) {
    List<Content> contents = new ArrayList<>();
    while (record.hasNext()) {
      record.next();
      long time = record.eventTime();
      contents.add(
          new Content(
              bytes(buffer, record.keyPosition(), record.keyLength()),
              bytes(buffer, record.valuePosition(), record.valueLength()),
              time == FrameBuilder.NO_EVENT_TIME ? OptionalLong.empty() : OptionalLong.of(time),
              record.copyHeaders()));
    }
    return contents;
  }

  private static byte[] bytes(UnsafeBuffer buffer, int position, int length) {
    if (length == RecordCursor.ABSENT) {
      return null;
    }
    byte[] bytes = new byte[length];
    buffer.getBytes(position, bytes);
    return bytes;
  }
}
