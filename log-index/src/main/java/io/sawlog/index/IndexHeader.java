package io.sawlog.index;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The first 64 bytes of an index: which segment it belongs to, and how far its slots are apart.
 *
 * <p>All fields are little-endian:
 *
 * <pre>
 *    0  byte[6]  magic           "SAWIDX" in ASCII
 *    6  uint16   version         1
 *    8  int64    salt            of the segment
 *   16  int64    base offset     of the segment
 *   24  int32    segment bytes   capacity of the segment
 *   28  int32    interval bytes  bytes of the segment per slot
 *   32  byte[28] reserved        zero
 *   60  int32    crc32c          of bytes 0..59
 *   64  entries, see {@link IndexEntry}
 * </pre>
 *
 * @param salt salt of the segment
 * @param baseOffset first offset of the segment
 * @param segmentBytes capacity of the segment in bytes: a multiple of 8, from 64 to 1 GiB
 * @param intervalBytes bytes of the segment per slot: a power of two, from 64 to 1 GiB
 */
public record IndexHeader(long salt, long baseOffset, int segmentBytes, int intervalBytes) {

  /** Length of the header in bytes. */
  public static final int LENGTH_BYTES = 64;

  static final int VERSION = 1;
  static final byte[] MAGIC = {'S', 'A', 'W', 'I', 'D', 'X'};

  static final int MAGIC_AT = 0;
  static final int VERSION_AT = MAGIC_AT + 6;
  static final int SALT_AT = VERSION_AT + Short.BYTES;
  static final int BASE_OFFSET_AT = SALT_AT + Long.BYTES;
  static final int SEGMENT_BYTES_AT = BASE_OFFSET_AT + Long.BYTES;
  static final int INTERVAL_BYTES_AT = SEGMENT_BYTES_AT + Integer.BYTES;
  static final int RESERVED_AT = INTERVAL_BYTES_AT + Integer.BYTES;
  static final int CRC_AT = LENGTH_BYTES - Integer.BYTES;

  private static final int MAX_BYTES = 1 << 30;
  private static final int MIN_INTERVAL_BYTES = 64;

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if a size is out of its range
   */
  public IndexHeader {
    if (!isSegmentLength(segmentBytes)) {
      throw new IllegalArgumentException(
          "segmentBytes is " + segmentBytes + ": use a multiple of 8 from 64 to 1 GiB");
    }
    if (!isInterval(intervalBytes)) {
      throw new IllegalArgumentException(
          "intervalBytes is " + intervalBytes + ": use a power of two from 64 to 1 GiB");
    }
  }

  /**
   * Returns the length of the whole index, header and entries, in bytes.
   *
   * @return a multiple of 16
   */
  public int indexBytes() {
    return LENGTH_BYTES + slotCount() * IndexEntry.LENGTH_BYTES;
  }

  /** Number of slots: one for each interval that begins inside the segment. */
  int slotCount() {
    return (segmentBytes - 1) / intervalBytes + 1;
  }

  /**
   * Writes this header. The entries are left alone: those of a new index must be zero, those of an
   * old one that is reused must be {@linkplain SparseIndex#clear() cleared} first.
   *
   * @param buffer the index, from its first byte
   * @throws IndexOutOfBoundsException if the buffer is shorter than the header
   */
  public void writeTo(MutableDirectBuffer buffer) {
    buffer.setMemory(0, LENGTH_BYTES, (byte) 0);
    buffer.putBytes(MAGIC_AT, MAGIC);
    buffer.putShort(VERSION_AT, (short) VERSION, LITTLE_ENDIAN);
    buffer.putLong(SALT_AT, salt, LITTLE_ENDIAN);
    buffer.putLong(BASE_OFFSET_AT, baseOffset, LITTLE_ENDIAN);
    buffer.putInt(SEGMENT_BYTES_AT, segmentBytes, LITTLE_ENDIAN);
    buffer.putInt(INTERVAL_BYTES_AT, intervalBytes, LITTLE_ENDIAN);
    buffer.putInt(CRC_AT, crc(buffer), LITTLE_ENDIAN);
  }

  /**
   * Reads the header of an index and tells whether it belongs to a segment. The interval is taken
   * from the header, so an index stays usable when the configured interval changes.
   *
   * @param buffer the whole index and nothing else
   * @param salt salt of the segment
   * @param baseOffset first offset of the segment
   * @param segmentBytes capacity of the segment in bytes
   * @return the header, or why the index has to be rebuilt; never an exception
   */
  public static HeaderCheck check(
      DirectBuffer buffer, long salt, long baseOffset, int segmentBytes) {
    if (buffer.capacity() < LENGTH_BYTES) {
      return new HeaderCheck.Unusable(
          "it has " + buffer.capacity() + " bytes, its header alone takes " + LENGTH_BYTES);
    }
    for (int i = 0; i < MAGIC.length; i++) {
      if (buffer.getByte(MAGIC_AT + i) != MAGIC[i]) {
        return new HeaderCheck.Unusable("it does not begin with SAWIDX");
      }
    }
    int version = Short.toUnsignedInt(buffer.getShort(VERSION_AT, LITTLE_ENDIAN));
    if (version != VERSION) {
      return new HeaderCheck.Unusable("its version is " + version + ", not " + VERSION);
    }
    int storedCrc = buffer.getInt(CRC_AT, LITTLE_ENDIAN);
    int actualCrc = crc(buffer);
    if (storedCrc != actualCrc) {
      return new HeaderCheck.Unusable(
          String.format("its header has CRC32C %08x, not %08x", actualCrc, storedCrc));
    }
    return checkFields(buffer, salt, baseOffset, segmentBytes);
  }

  /**
   * Reads the header of an index when nobody knows the segment.
   *
   * @param buffer the whole index and nothing else
   * @return the header, or what is wrong with the index; never an exception
   */
  public static HeaderCheck checkAlone(DirectBuffer buffer) {
    if (buffer.capacity() < LENGTH_BYTES) {
      return check(buffer, 0, 0, 0);
    }
    return check(
        buffer,
        buffer.getLong(SALT_AT, LITTLE_ENDIAN),
        buffer.getLong(BASE_OFFSET_AT, LITTLE_ENDIAN),
        buffer.getInt(SEGMENT_BYTES_AT, LITTLE_ENDIAN));
  }

  private static HeaderCheck checkFields(
      DirectBuffer buffer, long salt, long baseOffset, int segmentBytes) {
    long foundSalt = buffer.getLong(SALT_AT, LITTLE_ENDIAN);
    long foundBaseOffset = buffer.getLong(BASE_OFFSET_AT, LITTLE_ENDIAN);
    int foundSegmentBytes = buffer.getInt(SEGMENT_BYTES_AT, LITTLE_ENDIAN);
    int intervalBytes = buffer.getInt(INTERVAL_BYTES_AT, LITTLE_ENDIAN);
    if (foundSalt != salt || foundBaseOffset != baseOffset || foundSegmentBytes != segmentBytes) {
      return new HeaderCheck.Unusable(
          "it belongs to "
              + segment(foundSalt, foundBaseOffset, foundSegmentBytes)
              + ", not to "
              + segment(salt, baseOffset, segmentBytes));
    }
    if (!isSegmentLength(segmentBytes) || !isInterval(intervalBytes)) {
      return new HeaderCheck.Unusable(
          "it claims " + segmentBytes + " bytes of segment, a slot per " + intervalBytes);
    }
    var header = new IndexHeader(salt, baseOffset, segmentBytes, intervalBytes);
    if (buffer.capacity() != header.indexBytes()) {
      return new HeaderCheck.Unusable(
          "it has " + buffer.capacity() + " bytes instead of " + header.indexBytes());
    }
    return new HeaderCheck.Valid(header);
  }

  private static String segment(long salt, long baseOffset, int segmentBytes) {
    return String.format(
        "a segment with salt %016x, base offset %d and %d bytes", salt, baseOffset, segmentBytes);
  }

  private static boolean isSegmentLength(int bytes) {
    return bytes >= SparseIndex.FIRST_FRAME_POSITION && bytes <= MAX_BYTES && bytes % 8 == 0;
  }

  private static boolean isInterval(int bytes) {
    return bytes >= MIN_INTERVAL_BYTES && Integer.bitCount(bytes) == 1;
  }

  private static int crc(DirectBuffer buffer) {
    byte[] bytes = new byte[CRC_AT];
    buffer.getBytes(0, bytes);
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length);
    return (int) crc.getValue();
  }
}
