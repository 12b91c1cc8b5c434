package io.sawlog.log.segment;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Variable-length integers as Protocol Buffers code them: 7 bits a byte, least significant first,
 * the high bit set in all but the last; signed ones zigzag.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers encoding</a>
 */
final class Varint {
  /** The most bytes that one number takes. */
  static final int MAX_LENGTH = 10;

  private Varint() {}

  /** Writes {@code value} (as unsigned) and returns the position behind it. */
  static int put(MutableDirectBuffer buffer, int position, long value) {
    int at = position;
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      buffer.putByte(at++, (byte) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    buffer.putByte(at++, (byte) rest);
    return at;
  }

  /**
   * Tells how many bytes the number at {@code position} takes; 0 if it does not end before limit.
   */
  static int length(DirectBuffer buffer, int position, int limit) {
    int most = Math.min(limit - position, MAX_LENGTH);
    for (int i = 0; i < most; i++) {
      if (buffer.getByte(position + i) >= 0) {
        return i + 1;
      }
    }
    return 0;
  }

  /** Reads the number at {@code position}, which {@link #length} found complete. */
  static long get(DirectBuffer buffer, int position) {
    byte first = buffer.getByte(position);
    if (first >= 0) {
      return first;
    }
    long value = first & 0x7F;
    int at = position;
    int shift = 7;
    byte next;
    do {
      next = buffer.getByte(++at);
      value |= (long) (next & 0x7F) << shift;
      shift += 7;
    } while (next < 0);
    return value;
  }

  static long zigzag(long value) {
    return (value << 1) ^ (value >> 63);
  }

  static long unzigzag(long value) {
    return (value >>> 1) ^ -(value & 1);
  }
}
