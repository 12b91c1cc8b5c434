package io.sawlog.bench;

import java.util.Random;

/** The bytes that every contender appends: always the same, and not compressible. */
final class Payload {
  /** The length of a record. */
  static final int LENGTH = 100;

  /** The length of such a record in a log: with a header of 32 bytes, in units of 8. */
  static final int FRAME_LENGTH = 136;

  private Payload() {}

  static byte[] bytes() {
    byte[] bytes = new byte[LENGTH];
    new Random(LENGTH).nextBytes(bytes);
    return bytes;
  }
}
