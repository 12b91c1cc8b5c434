package io.sawlog.log;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The records of the simulations: a number says everything about a record, so none is stored. */
final class Payload {
  private static final byte[][] KNOWN = new byte[8192][];

  private Payload() {}

  static int length(int id) {
    int mixed = mix(id);
    int within = (mixed >>> 8) & 0xFFFF;
    return switch (mixed & 15) {
      case 0, 1, 2, 3, 4, 5, 6 -> 8 + within % 200;
      case 7, 8, 9, 10, 11 -> 200 + within % 2000;
      case 12, 13, 14 -> 2000 + within % 6000;
      default -> 8000 + within % 24_000;
    };
  }

  private static int mix(int id) {
    int x = id * 0x9E3779B9;
    x = (x ^ x >>> 16) * 0x85EBCA6B;
    return x ^ x >>> 13;
  }

  static byte[] value(int id) {
    if (id < 0 || id >= KNOWN.length) {
      return make(id);
    }
    byte[] known = KNOWN[id];
    if (known == null) {
      known = make(id);
      KNOWN[id] = known;
    }
    return known;
  }

  private static byte[] make(int id) {
    byte[] bytes = new byte[length(id)];
    ByteBuffer.wrap(bytes).putInt(id).putInt(~id);
    int x = mix(id);
    for (int i = 8; i < bytes.length; i++) {
      bytes[i] = (byte) ((x >>> ((i & 3) * 8)) ^ i);
    }
    return bytes;
  }

  static byte[] key(int id) {
    return id % 3 == 0 ? ByteBuffer.allocate(4).putInt(id).array() : null;
  }

  /** The number of a record that was read, after every byte of it was compared. */
  static int check(MessageView message) {
    DirectBuffer buffer = message.value();
    int at = message.valueOffset();
    int id = message.valueLength() < 8 ? 0 : Integer.reverseBytes(buffer.getInt(at));
    byte[] expected = value(id);
    boolean same =
        message.valueLength() == expected.length
            && new UnsafeBuffer(buffer, at, expected.length).equals(new UnsafeBuffer(expected));
    byte[] key = key(id);
    same &= message.keyLength() == (key == null ? MessageView.ABSENT : key.length);
    for (int i = 0; same && key != null && i < key.length; i++) {
      same = message.key().getByte(message.keyOffset() + i) == key[i];
    }
    if (!same) {
      throw new AssertionError("a wrong byte was delivered at offset " + message.offset());
    }
    return id;
  }
}
