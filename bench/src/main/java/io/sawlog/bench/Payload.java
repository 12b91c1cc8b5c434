package io.sawlog.bench;

import java.util.Random;

/** The bytes that every contender appends: always the same, and not compressible. */
final class Payload {
  /** The system property that sets the length. */
  static final String LENGTH_PROPERTY = "bench.recordBytes";

  /** The length of a record, unless the JVM of the benchmark is told another. */
  static final int DEFAULT_LENGTH = 100;

  /** The length of a record. */
  static final int LENGTH = Integer.getInteger(LENGTH_PROPERTY, DEFAULT_LENGTH);

  private static final int HEADER_LENGTH = 32;

  /** The length of such a record in a log: with a header, in units of 8. */
  static final int FRAME_LENGTH = (HEADER_LENGTH + LENGTH + 7) / 8 * 8;

  private Payload() {}

  static byte[] bytes() {
    byte[] bytes = new byte[LENGTH];
    new Random(LENGTH).nextBytes(bytes);
    return bytes;
  }
}
