package io.sawlog.log.segment;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.MutableDirectBuffer;

/**
 * Computes the checksum of frames in private memory.
 *
 * <p>While the checksum is computed, its own field holds the segment's salt: so one pass over the
 * frame covers salt, length, header and records, and a frame of another segment, partition or life
 * never passes. An ABORTED frame is covered as far as its header only, since nobody knows what its
 * claim left behind.
 *
 * <p>Not thread-safe: one instance for each thread or buffer.
 */
public final class FrameChecksum {
  private final CRC32C crc = new CRC32C();

  /** Creates a checksum to be used by one thread at a time. */
  public FrameChecksum() {}

  /**
   * Computes the checksum of a frame whose checksum field holds the salt.
   *
   * @param bytes the frame's bytes, its length field positive; the position and limit are changed
   * @param frame where the frame starts
   * @param covered how many bytes are covered: the frame, or the header of an ABORTED one
   * @return the CRC32C that belongs into the checksum field
   */
  int compute(ByteBuffer bytes, int frame, int covered) {
    crc.reset();
    bytes.limit(frame + covered).position(frame);
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /**
   * Tells whether the stored checksum of a frame is right. The bytes are the same afterwards.
   *
   * @param buffer the frame's bytes
   * @param bytes the same memory as {@code buffer}; its position and limit are changed
   * @param frame where the frame starts
   * @param covered how many bytes are covered: the frame, or the header of an ABORTED one
   * @param salt the salt of its segment
   * @return whether it matches
   */
  boolean matches(MutableDirectBuffer buffer, ByteBuffer bytes, int frame, int covered, int salt) {
    // length and checksum as one word: a load of 8 bytes waits long for a store of 4 of them
    long lengthAndCrc = buffer.getLong(frame, LITTLE_ENDIAN);
    buffer.putLong(frame, (lengthAndCrc & 0xFFFF_FFFFL) | ((long) salt << 32), LITTLE_ENDIAN);
    int computed = compute(bytes, frame, covered);
    buffer.putLong(frame, lengthAndCrc, LITTLE_ENDIAN);
    return (int) (lengthAndCrc >>> 32) == computed;
  }
}
