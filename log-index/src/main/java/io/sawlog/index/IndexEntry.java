package io.sawlog.index;

/**
 * One entry of an index as a value, for listings and reports; look-ups do not create it.
 *
 * <p>Slot {@code i} of an index describes the first frame that starts at or after byte {@code i *
 * intervalBytes} of the segment. Its 16 bytes lie at {@link IndexHeader#LENGTH_BYTES}{@code + i *
 * 16} of the index, little-endian:
 *
 * <pre>
 *    0                   4                   8                                      16
 *   +-------------------+-------------------+---------------------------------------+
 *   | int32             | int32             | int64                                 |
 *   | relative offset   | position          | append time                           |
 *   | of the frame      | of the frame,     | epoch ms; a lower bound for the frame |
 *   | (minus base)      | in 8-byte units   | (the time of the frame before it)     |
 *   +-------------------+-------------------+---------------------------------------+
 *   |&lt;-- one 8-byte word, written last ----&gt;|&lt;-- one 8-byte word, written first ---&gt;|
 * </pre>
 *
 * <p>Position 0 means that the slot is empty: no frame starts inside the 64-byte header of a
 * segment. Slots whose byte is 64 or a lower one describe the first frame, at position 64 and
 * relative offset 0; they need no entry and stay empty.
 *
 * @param slot number of the slot
 * @param relativeOffset first offset of the frame, minus the base offset of the segment
 * @param position bytes from the start of the segment; a damaged entry may name up to 32 GiB
 * @param appendTime epoch ms, not after the append time of the frame and not before that of any
 *     earlier frame
 */
public record IndexEntry(int slot, int relativeOffset, long position, long appendTime) {

  static final int RELATIVE_OFFSET = 0;
  static final int POSITION = RELATIVE_OFFSET + Integer.BYTES;
  static final int APPEND_TIME = POSITION + Integer.BYTES;
  static final int LENGTH_BYTES = APPEND_TIME + Long.BYTES;

  private static final int POSITION_UNIT_SHIFT = 3;

  /** Packs the word that makes a slot non-empty; the position is in bytes. */
  static long word(int relativeOffset, int position) {
    return (long) (position >>> POSITION_UNIT_SHIFT) << Integer.SIZE
        | Integer.toUnsignedLong(relativeOffset);
  }

  static int relativeOffset(long word) {
    return (int) word;
  }

  /** Position in bytes; 0 if the slot is empty. */
  static long position(long word) {
    return word >>> Integer.SIZE << POSITION_UNIT_SHIFT;
  }
}
