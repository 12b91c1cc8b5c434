package io.sawlog.tools;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * Annotates the records of one frame, byte by byte. The decoder of the engine gives values but not
 * where each number stands, so the coding is followed here a second time, from its description.
 */
final class HexRecords {
  private static final int HAS_KEY = 1;
  private static final int HAS_VALUE = 2;
  private static final int HAS_EVENT_TIME = 4;
  private static final int HAS_HEADERS = 8;
  private static final int EXCERPT = 60;

  private final AnnotatedHex hex;
  private final DirectBuffer bytes;
  private final int end;
  private int at;
  private long eventTime;

  HexRecords(AnnotatedHex hex, DirectBuffer bytes, int start, int end) {
    this.hex = hex;
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  /**
   * Prints all records, or as many as make sense.
   *
   * @return the index behind the last one
   */
  int print(Finding.Frame frame) {
    for (int i = 0; i < frame.recordCount() && at < end; i++) {
      if (!printRecord(frame.baseOffset() + i)) {
        hex.field(bytes, at, end - at, "not a record");
        at = end;
      }
    }
    return at;
  }

  private boolean printRecord(long offset) {
    int flags = bytes.getByte(at);
    hex.field(bytes, at, 1, "record " + offset + ": " + describe(flags));
    at++;
    return ((flags & HAS_EVENT_TIME) == 0 || printEventTime())
        && ((flags & HAS_KEY) == 0 || printBlob("key"))
        && ((flags & HAS_VALUE) == 0 || printBlob("value"))
        && ((flags & HAS_HEADERS) == 0 || printHeaders());
  }

  private static String describe(int flags) {
    StringBuilder words = new StringBuilder();
    String[] names = {"key", "value", "event time", "headers"};
    int[] bits = {HAS_KEY, HAS_VALUE, HAS_EVENT_TIME, HAS_HEADERS};
    for (int i = 0; i < bits.length; i++) {
      if ((flags & bits[i]) != 0) {
        words.append(words.length() == 0 ? "has " : ", ").append(names[i]);
      }
    }
    return words.length() == 0 ? "is empty" : words.toString();
  }

  private boolean printEventTime() {
    int length = varintLength();
    if (length == 0) {
      return false;
    }
    long zigzag = varint(length);
    eventTime += (zigzag >>> 1) ^ -(zigzag & 1);
    hex.field(bytes, at, length, "event time " + Timestamp.of(eventTime));
    at += length;
    return true;
  }

  private boolean printHeaders() {
    int length = varintLength();
    if (length == 0) {
      return false;
    }
    long count = varint(length);
    hex.field(bytes, at, length, Words.count(count, "header"));
    at += length;
    for (long i = 0; i < count; i++) {
      if (!printBlob("header name") || !printBlob("header value")) {
        return false;
      }
    }
    return true;
  }

  private boolean printBlob(String name) {
    int prefix = varintLength();
    if (prefix == 0) {
      return false;
    }
    long length = varint(prefix);
    if (length < 0 || length > end - at - prefix) {
      return false;
    }
    hex.field(bytes, at, prefix, name + " length " + length);
    at += prefix;
    byte[] start = new byte[(int) Math.min(length, 4L * EXCERPT)];
    bytes.getBytes(at, start);
    hex.field(bytes, at, (int) length, name + " " + excerpt(start, length));
    at += (int) length;
    return true;
  }

  private static String excerpt(byte[] start, long length) {
    byte[] shown = start;
    // Cut between characters: the last bytes may be the first ones of a longer sequence.
    while (Utf8.decode(shown) == null && shown.length > start.length - 4 && shown.length > 0) {
      shown = Arrays.copyOf(shown, shown.length - 1);
    }
    String text =
        Utf8.printable(shown.length < start.length && length == start.length ? start : shown);
    return text.length() <= EXCERPT && start.length == length
        ? text
        : text.substring(0, Math.min(EXCERPT, text.length())) + "...";
  }

  private int varintLength() {
    for (int i = 0; i < 10 && at + i < end; i++) {
      if (bytes.getByte(at + i) >= 0) {
        return i + 1;
      }
    }
    return 0;
  }

  private long varint(int length) {
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = value << 7 | (bytes.getByte(at + i) & 0x7F);
    }
    return value;
  }
}
