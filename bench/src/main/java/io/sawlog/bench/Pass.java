package io.sawlog.bench;

import java.util.Arrays;

/**
 * One pass of a reader through a log: a contender that loses a record, or gives other bytes, is not
 * fast but wrong.
 */
final class Pass {
  private final byte[] expected = Payload.bytes();
  private final long records;
  private long taken;

  /**
   * Begins the first one.
   *
   * @param records how many records were appended
   */
  Pass(long records) {
    this.records = records;
  }

  /** Counts so many records that were read. */
  void took(int count) {
    taken += count;
  }

  /**
   * Ends it, and begins the next one.
   *
   * @param last the bytes of the record that was read last
   * @throws IllegalStateException if other records were read than were appended
   */
  void end(byte[] last) {
    if (taken != records) {
      throw new IllegalStateException("appended " + records + " records, read " + taken);
    }
    if (!Arrays.equals(expected, last)) {
      throw new IllegalStateException("the last record has other bytes than were appended");
    }
    taken = 0;
  }
}
