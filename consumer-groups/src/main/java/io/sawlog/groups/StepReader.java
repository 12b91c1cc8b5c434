package io.sawlog.groups;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.agrona.DirectBuffer;

/**
 * Reads what a {@link StepWriter} wrote. The log has checked that the bytes are those that were
 * written, so whatever cannot be read was written by a newer version.
 */
final class StepReader {
  private final DirectBuffer buffer;
  private final int end;
  private int at;

  StepReader(DirectBuffer buffer, int offset, int length) {
    this.buffer = buffer;
    this.at = offset;
    this.end = offset + length;
  }

  boolean hasNext() {
    return at < end;
  }

  long number() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (at >= end) {
        throw new IllegalArgumentException("a number does not end");
      }
      byte next = buffer.getByte(at++);
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number is too long");
  }

  /** A number that counts or indexes something. */
  int smallNumber() {
    long value = number();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(value + " is no small number");
    }
    return (int) value;
  }

  boolean flag() {
    long value = number();
    if (value < 0 || value > 1) {
      throw new IllegalArgumentException(value + " is no flag");
    }
    return value == 1;
  }

  String text() {
    int length = smallNumber();
    if (length > end - at) {
      throw new IllegalArgumentException("a text does not end");
    }
    byte[] utf8 = new byte[length];
    buffer.getBytes(at, utf8);
    at += length;
    return new String(utf8, StandardCharsets.UTF_8);
  }

  UUID id() {
    return new UUID(number(), number());
  }

  OffsetRanges ranges() {
    OffsetRanges ranges = new OffsetRanges();
    int count = smallNumber();
    long next = 0;
    for (int i = 0; i < count; i++) {
      long from = next + number();
      next = from + number();
      if (from < 0 || next <= from) {
        throw new IllegalArgumentException("a range from " + from + " to " + next);
      }
      ranges.add(from, next);
    }
    return ranges;
  }
}
