package io.sawlog.groups;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The bytes of one step of a side log in the making. Numbers are varints, 7 bits a byte, least
 * significant first, as in the records of the log.
 */
final class StepWriter {
  private static final int LONGEST_NUMBER = 10;

  private byte[] bytes = new byte[256];
  private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
  private int length;

  void clear() {
    length = 0;
  }

  int length() {
    return length;
  }

  /** The bytes from 0 to {@link #length}; valid until the next change. */
  DirectBuffer buffer() {
    return buffer;
  }

  void number(long value) {
    reserve(LONGEST_NUMBER);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[length++] = (byte) ((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  /** How every event about one partition begins. */
  void ofPartition(int type, int topic, int partition) {
    number(type);
    number(topic);
    number(partition);
  }

  void flag(boolean value) {
    number(value ? 1 : 0);
  }

  void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    number(utf8.length);
    reserve(utf8.length);
    System.arraycopy(utf8, 0, bytes, length, utf8.length);
    length += utf8.length;
  }

  void id(UUID id) {
    number(id.getMostSignificantBits());
    number(id.getLeastSignificantBits());
  }

  /** The first offset, then lengths and distances in turn, which are small. */
  void ranges(OffsetRanges ranges) {
    number(ranges.rangeCount());
    long at = 0;
    for (int i = 0; i < ranges.rangeCount(); i++) {
      number(ranges.from(i) - at);
      number(ranges.to(i) - ranges.from(i));
      at = ranges.to(i);
    }
  }

  private void reserve(int count) {
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
      buffer.wrap(bytes);
    }
  }
}
