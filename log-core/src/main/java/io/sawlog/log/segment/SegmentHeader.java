package io.sawlog.log.segment;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The first 64 bytes of a segment file.
 *
 * <pre>
 *   0  8 bytes  magic  "SAWLOG" 1A 0A
 *   8  int32    version
 *  12  int32    partition
 *  16  int64    topic id, most significant half
 *  24  int64    topic id, least significant half
 *  32  int64    base offset
 *  40  int64    records before this segment in the partition, deleted ones included
 *  48  int32    capacity: the bytes of the file, this header included
 *  52  int32    salt: random, seeds the checksum of every frame
 *  56  int32    reserved, 0
 *  60  int32    crc32c of bytes 0 to 59
 * </pre>
 *
 * @param topicId the topic that the segment belongs to
 * @param partition the partition in that topic, from 0
 * @param baseOffset the offset of the first record
 * @param recordsBefore how many records were appended to the partition before this segment
 * @param capacity bytes of the file, header included, until its unused end was returned
 * @param salt seeds the checksums
 */
public record SegmentHeader(
    UUID topicId, int partition, long baseOffset, long recordsBefore, int capacity, int salt) {
  /** The bytes of a header, and so the position of the first frame. */
  public static final int LENGTH = 64;

  /** The version of the format that this code writes. */
  public static final int VERSION = 1;

  /** The ending of the name of a segment file. */
  public static final String FILE_SUFFIX = ".log";

  private static final int VERSION_FIELD = 8;
  private static final int PARTITION_FIELD = 12;
  private static final int TOPIC_ID_FIELD = 16;
  private static final int BASE_OFFSET_FIELD = 32;
  private static final int RECORDS_BEFORE_FIELD = 40;
  private static final int CAPACITY_FIELD = 48;
  private static final int SALT_FIELD = 52;
  private static final int CRC_FIELD = 60;
  private static final byte[] MAGIC = {'S', 'A', 'W', 'L', 'O', 'G', 0x1A, 0x0A};

  /** What the first bytes of a file turned out to be. */
  public enum Check {
    /** A header that this code can use. */
    VALID,
    /** The file is shorter than a header, or does not begin with the magic. */
    NOT_A_SEGMENT,
    /** A header of a version that this code does not know. */
    UNKNOWN_VERSION,
    /** The magic is there, but the checksum does not match. */
    BAD_CHECKSUM
  }

  /**
   * Encodes the header.
   *
   * @return {@link #LENGTH} bytes, ready to be written
   */
  public ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH).order(LITTLE_ENDIAN);
    bytes.put(MAGIC).putInt(VERSION).putInt(partition);
    bytes.putLong(topicId.getMostSignificantBits()).putLong(topicId.getLeastSignificantBits());
    bytes.putLong(baseOffset).putLong(recordsBefore);
    bytes.putInt(capacity).putInt(salt).putInt(0);
    bytes.putInt(crc(bytes)).flip();
    return bytes;
  }

  /**
   * Tells what the first bytes of a file are. The version counts only where the checksum matches:
   * torn bytes are damage, not a newer version.
   *
   * @param bytes the first bytes of the file, from index 0 to the limit
   * @return what they are
   */
  public static Check check(ByteBuffer bytes) {
    ByteBuffer header = bytes.duplicate().order(LITTLE_ENDIAN);
    if (header.limit() < LENGTH || !ByteBuffer.wrap(MAGIC).equals(header.slice(0, MAGIC.length))) {
      return Check.NOT_A_SEGMENT;
    }
    if (header.getInt(CRC_FIELD) != crc(header)) {
      return Check.BAD_CHECKSUM;
    }
    return header.getInt(VERSION_FIELD) == VERSION ? Check.VALID : Check.UNKNOWN_VERSION;
  }

  /**
   * Decodes a header that {@link #check} found valid.
   *
   * @param bytes the first bytes of the file, from index 0
   * @return the header
   */
  public static SegmentHeader decode(ByteBuffer bytes) {
    ByteBuffer header = bytes.duplicate().order(LITTLE_ENDIAN);
    return new SegmentHeader(
        new UUID(header.getLong(TOPIC_ID_FIELD), header.getLong(TOPIC_ID_FIELD + Long.BYTES)),
        header.getInt(PARTITION_FIELD),
        header.getLong(BASE_OFFSET_FIELD),
        header.getLong(RECORDS_BEFORE_FIELD),
        header.getInt(CAPACITY_FIELD),
        header.getInt(SALT_FIELD));
  }

  /**
   * Names the segment file of a base offset: 20 digits, so that names sort as numbers do.
   *
   * @param baseOffset the offset of the first record
   * @return the name, without a directory
   */
  public static String fileName(long baseOffset) {
    return String.format("%020d", baseOffset) + FILE_SUFFIX;
  }

  private static int crc(ByteBuffer header) {
    CRC32C crc = new CRC32C();
    crc.update(header.duplicate().limit(CRC_FIELD).position(0));
    return (int) crc.getValue();
  }
}
