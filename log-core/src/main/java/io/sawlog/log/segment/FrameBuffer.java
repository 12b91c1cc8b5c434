package io.sawlog.log.segment;

import static io.sawlog.log.segment.FrameFormat.ALIGNMENT;
import static io.sawlog.log.segment.FrameFormat.HEADER_LENGTH;
import static io.sawlog.log.segment.FrameFormat.KIND_ABORTED;
import static io.sawlog.log.segment.FrameFormat.KIND_DATA;
import static io.sawlog.log.segment.FrameFormat.KIND_END;

import io.sawlog.log.file.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A reader's own copy of consecutive bytes of a segment, and the checks of the frames in it.
 *
 * <p>All checking and decoding happens on this copy, so no later change of the file, and no failing
 * page, can reach code that has begun to believe a frame. The memory is never freed by hand: a view
 * that a user kept shows stale bytes, never foreign ones.
 *
 * <p>Not thread-safe.
 */
public final class FrameBuffer {
  private static final int SMALL = 8 << 10;

  private final FrameChecksum checksum = new FrameChecksum();
  private final int initialCapacity;

  /** How many bytes to copy next: who goes on where the last copy ended will want more. */
  private int piece;

  private ByteBuffer bytes;
  private UnsafeBuffer buffer;

  /** The position in the segment of the first byte of the copy. */
  private int start;

  /** How many bytes are valid. */
  private int length;

  /** The frame that was checked last, and its header. */
  private int frame;

  private int frameLength;
  private int kind;
  private int recordCount;
  private long baseOffset;

  /**
   * Creates an empty buffer.
   *
   * @param capacity how many bytes to copy at once, at most; a larger frame makes it grow for good
   */
  public FrameBuffer(int capacity) {
    initialCapacity = capacity;
    piece = Math.min(SMALL, capacity);
    bytes = ByteBuffer.allocateDirect(capacity);
    buffer = new UnsafeBuffer(bytes);
  }

  /**
   * Reads the bytes of a file.
   *
   * @param file the segment file
   * @param position the first byte
   * @throws IOException if they cannot be read; the buffer is then empty
   */
  public void load(StorageFile file, int position) throws IOException {
    load(file, position, 0);
  }

  /**
   * Reads the bytes of a file, making room for at least so many.
   *
   * @param file the segment file
   * @param position the first byte
   * @param atLeast the length of the frame there
   * @throws IOException if they cannot be read; the buffer is then empty
   */
  public void load(StorageFile file, int position, int atLeast) throws IOException {
    int count = Math.max(atLeast, pieceAt(position));
    grow(count);
    length = 0;
    start = position;
    bytes.clear().limit(count);
    length = file.read(bytes, position);
  }

  /**
   * Reads no more than the header of a frame, to see whether there is one.
   *
   * @param file the segment file
   * @param position where the frame would start
   * @throws IOException if it cannot be read; the buffer is then empty
   */
  public void peek(StorageFile file, int position) throws IOException {
    length = 0;
    start = position;
    bytes.clear().limit(HEADER_LENGTH);
    length = file.read(bytes, position);
  }

  /**
   * Copies bytes of a mapping.
   *
   * @param source the mapping
   * @param position the first byte
   * @param count how many bytes
   */
  void copy(DirectBuffer source, int position, int count) {
    grow(count);
    start = position;
    length = count;
    source.getBytes(position, buffer, 0, count);
  }

  /** How many bytes to copy from a position: little after a leap, more with each step. */
  int pieceAt(int position) {
    boolean goesOn = length > 0 && position > start && position <= start + length;
    piece = goesOn ? Math.min(2 * piece, initialCapacity) : Math.min(SMALL, initialCapacity);
    return piece;
  }

  /** Forgets the copy. */
  public void clear() {
    length = 0;
  }

  /**
   * Tells whether bytes are in the copy.
   *
   * @param position the first byte, as a position in the segment
   * @param count how many
   * @return whether all of them are
   */
  public boolean contains(int position, int count) {
    return position >= start && position - start <= length - count;
  }

  /**
   * Where a position of the segment lies in {@link #buffer}.
   *
   * @param position a position in the segment, in the copy
   * @return an index
   */
  public int indexOf(int position) {
    return position - start;
  }

  /**
   * The bytes.
   *
   * @return the buffer, whose content changes with the next copy
   */
  public UnsafeBuffer buffer() {
    return buffer;
  }

  /**
   * Tells what stands at a position. The header at least must be in the copy.
   *
   * @param position the position in the segment
   * @param fileEnd no frame ends behind this position
   * @param salt the salt of the segment
   * @param expectedOffset the offset that must follow here
   * @return the finding; VALID only if the whole frame is in the copy and every check passes
   */
  public FrameCheck check(int position, int fileEnd, int salt, long expectedOffset) {
    frame = indexOf(position);
    frameLength = FrameFormat.length(buffer, frame);
    if (frameLength <= 0) {
      return frameLength == 0 ? FrameCheck.EMPTY : FrameCheck.CLAIMED;
    }
    if (frameLength < HEADER_LENGTH
        || frameLength % ALIGNMENT != 0
        || frameLength > fileEnd - position
        || !contains(position, frameLength)) {
      return FrameCheck.BAD_LENGTH;
    }
    kind = FrameFormat.kind(buffer, frame);
    if (kind < KIND_DATA || kind > KIND_END) {
      return FrameCheck.BAD_KIND;
    }
    int covered = kind == KIND_ABORTED ? HEADER_LENGTH : frameLength;
    if (!checksum.matches(buffer, bytes, frame, covered, salt)) {
      return FrameCheck.BAD_CHECKSUM;
    }
    recordCount = FrameFormat.recordCount(buffer, frame);
    baseOffset = FrameFormat.baseOffset(buffer, frame);
    boolean follows =
        baseOffset == expectedOffset
            || (kind == KIND_END && FrameFormat.isEndOf(expectedOffset, baseOffset));
    return follows ? FrameCheck.VALID : FrameCheck.WRONG_OFFSET;
  }

  /**
   * Where the frame lies in {@link #buffer} that {@link #check} found valid last. It and its header
   * have no meaning after any other finding, or another copy.
   *
   * @return an index
   */
  public int frame() {
    return frame;
  }

  /**
   * The length of the frame that was found valid last.
   *
   * @return bytes
   */
  public int frameLength() {
    return frameLength;
  }

  /**
   * The kind of the frame that was found valid last.
   *
   * @return one of the {@code KIND_} constants of {@link FrameFormat}
   */
  public int kind() {
    return kind;
  }

  /**
   * The number of records of the frame that was found valid last.
   *
   * @return 0 for an END
   */
  public int recordCount() {
    return recordCount;
  }

  /**
   * The first offset of the frame that was found valid last, or what follows an END.
   *
   * @return an offset
   */
  public long baseOffset() {
    return baseOffset;
  }

  /**
   * The append time of the frame that was found valid last.
   *
   * @return epoch ms
   */
  public long appendTime() {
    return FrameFormat.appendTime(buffer, frame);
  }

  /** A new buffer object each time: whoever kept the old one keeps its bytes. */
  private void grow(int capacity) {
    if (capacity > bytes.capacity()) {
      bytes = ByteBuffer.allocateDirect(capacity);
      buffer = new UnsafeBuffer(bytes);
    }
  }
}
