package io.sawlog.log.segment;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;

/**
 * The layout of a frame: one batch of records, the unit of appending, checking and atomicity.
 *
 * <pre>
 *   0                   4                   8
 *  +-------------------+-------------------+
 *  | length            | crc32c            |   0 nothing here yet, negative claimed, positive published
 *  +-------------------+-------------------+   8
 *  | base offset                           |
 *  +---------------------------------------+  16
 *  | append time                           |   epoch ms, never decreasing along the log
 *  +---------+----+----+-------------------+  24
 *  | count   |kind|attr| durable           |   uint16, uint8, uint8, uint32
 *  +---------+----+----+-------------------+  32
 *  | records, zero padding to 8 bytes      |
 *  +---------------------------------------+  length
 * </pre>
 *
 * <p>Everything is little-endian, and a frame starts at a multiple of 8 bytes. {@code
 * docs/FORMAT.md} is normative.
 */
public final class FrameFormat {
  /** Every frame starts at, and its length is, a multiple of this many bytes. */
  public static final int ALIGNMENT = 8;

  /** Where the length of the whole frame stands. */
  public static final int LENGTH_FIELD = 0;

  /** Where the checksum stands. */
  public static final int CRC_FIELD = 4;

  /** Where the offset of the first record stands; in an END frame the base offset that follows. */
  public static final int BASE_OFFSET_FIELD = 8;

  /** Where the append time stands. */
  public static final int APPEND_TIME_FIELD = 16;

  /** Where the number of records stands. */
  public static final int RECORD_COUNT_FIELD = 24;

  /** Where the kind stands. */
  public static final int KIND_FIELD = 26;

  /** Where the attributes stand. */
  public static final int ATTRIBUTES_FIELD = 27;

  /** Where the durable position stands, in units of {@link #ALIGNMENT} bytes. */
  public static final int DURABLE_FIELD = 28;

  /** The bytes before the first record. */
  public static final int HEADER_LENGTH = 32;

  /** The most records that one frame can count. */
  public static final int MAX_RECORD_COUNT = 0xFFFF;

  /** The kind of a frame that holds records. */
  public static final int KIND_DATA = 1;

  /** The kind of a frame that only uses up the offsets and the bytes of a failed append. */
  public static final int KIND_ABORTED = 2;

  /** The kind of the last frame of a segment; no frame behind it counts, whatever the bytes say. */
  public static final int KIND_END = 3;

  /**
   * How far at least offsets jump at the END of a log that was cut: more than two segments can
   * hold, as many as one power cut can make disappear.
   */
  public static final long OFFSET_GAP = 1L << 31;

  private FrameFormat() {}

  /**
   * Tells whether an END can follow a record. Anything between is that of another place.
   *
   * @param expectedOffset the offset behind the last record
   * @param nextBaseOffset what END names
   * @return whether it goes on at that offset, or where a cut log does
   */
  public static boolean isEndOf(long expectedOffset, long nextBaseOffset) {
    return nextBaseOffset == expectedOffset || nextBaseOffset - expectedOffset >= OFFSET_GAP;
  }

  /**
   * Rounds up to the alignment of frames.
   *
   * @param length a length in bytes
   * @return the next multiple of {@link #ALIGNMENT}
   */
  public static int align(int length) {
    return (length + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /**
   * Reads the length of a frame in private memory.
   *
   * @param buffer the bytes
   * @param frame where the frame starts in them
   * @return the length in bytes; zero or negative if it is not published
   */
  public static int length(DirectBuffer buffer, int frame) {
    return buffer.getInt(frame + LENGTH_FIELD, LITTLE_ENDIAN);
  }

  /**
   * Reads the stored checksum.
   *
   * @param buffer the bytes
   * @param frame where the frame starts in them
   * @return the CRC32C
   */
  public static int crc(DirectBuffer buffer, int frame) {
    return buffer.getInt(frame + CRC_FIELD, LITTLE_ENDIAN);
  }

  /**
   * Reads the offset of the first record, or the next base offset of an END frame.
   *
   * @param buffer the bytes
   * @param frame where the frame starts in them
   * @return the offset
   */
  public static long baseOffset(DirectBuffer buffer, int frame) {
    return buffer.getLong(frame + BASE_OFFSET_FIELD, LITTLE_ENDIAN);
  }

  /**
   * Reads the append time.
   *
   * @param buffer the bytes
   * @param frame where the frame starts in them
   * @return the time in epoch milliseconds
   */
  public static long appendTime(DirectBuffer buffer, int frame) {
    return buffer.getLong(frame + APPEND_TIME_FIELD, LITTLE_ENDIAN);
  }

  /**
   * Reads the number of records, which is also the number of offsets the frame uses up.
   *
   * @param buffer the bytes
   * @param frame where the frame starts in them
   * @return 0 (END) to {@link #MAX_RECORD_COUNT}
   */
  public static int recordCount(DirectBuffer buffer, int frame) {
    return buffer.getShort(frame + RECORD_COUNT_FIELD, LITTLE_ENDIAN) & 0xFFFF;
  }

  /**
   * Reads the kind.
   *
   * @param buffer the bytes
   * @param frame where the frame starts in them
   * @return one of the {@code KIND_} constants, or something unknown
   */
  public static int kind(DirectBuffer buffer, int frame) {
    return buffer.getByte(frame + KIND_FIELD) & 0xFF;
  }

  /**
   * Reads the attributes.
   *
   * @param buffer the bytes
   * @param frame where the frame starts in them
   * @return the bits, of which none is in use in version 1
   */
  public static int attributes(DirectBuffer buffer, int frame) {
    return buffer.getByte(frame + ATTRIBUTES_FIELD) & 0xFF;
  }

  /**
   * Reads how far the segment was durable when the frame was claimed.
   *
   * @param buffer the bytes
   * @param frame where the frame starts in them
   * @return a position in the segment in bytes, 0 if unknown
   */
  public static int durablePosition(DirectBuffer buffer, int frame) {
    return buffer.getInt(frame + DURABLE_FIELD, LITTLE_ENDIAN) * ALIGNMENT;
  }
}
