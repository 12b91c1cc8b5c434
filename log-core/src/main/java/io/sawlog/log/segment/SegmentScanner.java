package io.sawlog.log.segment;

import static io.sawlog.log.segment.FrameFormat.ALIGNMENT;
import static io.sawlog.log.segment.FrameFormat.HEADER_LENGTH;
import static io.sawlog.log.segment.FrameFormat.KIND_DATA;
import static io.sawlog.log.segment.FrameFormat.KIND_END;

import io.sawlog.log.file.StorageFile;
import java.io.IOException;

/**
 * Walks over the frames of a segment file by positional reads, and finds its way behind damage.
 *
 * <p>Serves recovery, rebuilding of indexes, verify and dump; the tailer has a faster way. Memory
 * is bounded by the largest frame. Not thread-safe.
 */
public final class SegmentScanner {
  /** Accepts any offset at or above the segment's base offset. */
  public static final long ANY_OFFSET = -1;

  /** What a search returns when it found nothing. */
  public static final int NOT_FOUND = -1;

  private static final int READ_AHEAD = 1 << 18;

  private final StorageFile file;
  private final SegmentHeader header;
  private final int fileEnd;
  private final FrameBuffer buffer = new FrameBuffer(READ_AHEAD);

  private int position = SegmentHeader.LENGTH;

  /**
   * Starts before the first frame.
   *
   * @param file the open segment file, which the caller closes
   * @param header its header
   * @throws IOException if the file cannot be measured
   */
  public SegmentScanner(StorageFile file, SegmentHeader header) throws IOException {
    this.file = file;
    this.header = header;
    this.fileEnd = (int) Math.min(file.size(), header.capacity());
  }

  /**
   * Moves to a position without looking at what is there.
   *
   * @param newPosition a multiple of 8 bytes
   */
  public void moveTo(int newPosition) {
    position = newPosition;
  }

  /**
   * The position of the scanner.
   *
   * @return bytes from the start of the segment
   */
  public int position() {
    return position;
  }

  /**
   * The end of what can hold frames.
   *
   * @return bytes from the start of the segment: its capacity, or the length of a shorter file
   */
  public int fileEnd() {
    return fileEnd;
  }

  /**
   * Tells what stands at the present position.
   *
   * @param expectedOffset the offset that must follow here, or {@link #ANY_OFFSET}
   * @return the finding; EMPTY at the end of the file
   * @throws IOException if the bytes cannot be read
   */
  public FrameCheck check(long expectedOffset) throws IOException {
    if (!loaded(HEADER_LENGTH)) {
      return FrameCheck.EMPTY;
    }
    int length = length();
    if (length >= HEADER_LENGTH && length <= fileEnd - position) {
      if (!loaded(length)) {
        return FrameCheck.BAD_LENGTH;
      }
    }
    long expected = expectedOffset == ANY_OFFSET ? plausibleOffset() : expectedOffset;
    return buffer.check(position, fileEnd, header.salt(), expected);
  }

  /** The frame's own offset if it can belong to this segment, else one that will not match it. */
  private long plausibleOffset() {
    long found = baseOffset();
    return found >= header.baseOffset() ? found : header.baseOffset();
  }

  private boolean loaded(int count) throws IOException {
    if (count > fileEnd - position) {
      return false;
    }
    if (!buffer.contains(position, count)) {
      buffer.load(file, position, count);
    }
    return buffer.contains(position, count);
  }

  /** Moves behind the frame at the present position, which was checked and is valid. */
  public void skip() {
    position += length();
  }

  /**
   * Searches for the next valid frame at or behind a position, at every place where one could
   * start. Holes in the file are skipped.
   *
   * @param from where to start, a multiple of 8 bytes
   * @param lowestOffset a frame with a lower offset does not count
   * @return the position of the frame, to which the scanner has moved, or {@link #NOT_FOUND}
   * @throws IOException if the bytes cannot be read
   */
  public int findValid(int from, long lowestOffset) throws IOException {
    position = from;
    while (loaded(HEADER_LENGTH)) {
      int length = length();
      if (length == 0) {
        skipZeros();
      } else {
        if (length >= HEADER_LENGTH
            && length % ALIGNMENT == 0
            && length <= fileEnd - position
            && kind() >= KIND_DATA
            && kind() <= KIND_END
            && baseOffset() >= lowestOffset
            && check(ANY_OFFSET) == FrameCheck.VALID) {
          return position;
        }
        position += ALIGNMENT;
      }
    }
    return NOT_FOUND;
  }

  /**
   * Searches for the next byte that is not zero.
   *
   * @param from where to start, a multiple of 8 bytes
   * @return the position of the 8-byte word that holds it, or {@link #NOT_FOUND}
   * @throws IOException if the bytes cannot be read
   */
  public int findNonZero(int from) throws IOException {
    position = from;
    while (loaded(ALIGNMENT)) {
      if (buffer.buffer().getLong(buffer.indexOf(position)) != 0) {
        return position;
      }
      skipZeros();
    }
    return NOT_FOUND;
  }

  /**
   * Moves on to the next word that is not zero in the copy, or behind the copy and the hole there.
   */
  private void skipZeros() throws IOException {
    position += ALIGNMENT;
    while (buffer.contains(position, ALIGNMENT)) {
      if (buffer.buffer().getLong(buffer.indexOf(position)) != 0) {
        return;
      }
      position += ALIGNMENT;
    }
    long data = file.nextData(Math.min(position, fileEnd));
    position = (int) Math.min(fileEnd, Math.max(position, data & -ALIGNMENT));
  }

  /**
   * The bytes around the present position, of which the frame there is complete after {@link
   * #check} has found it valid.
   *
   * @return the buffer
   */
  public FrameBuffer buffer() {
    return buffer;
  }

  /**
   * The index of the present frame in the buffer.
   *
   * @return an index into {@code buffer().buffer()}
   */
  public int frame() {
    return buffer.indexOf(position);
  }

  /**
   * The length field at the present position.
   *
   * @return bytes; zero or negative if no frame is published here
   */
  public int length() {
    return FrameFormat.length(buffer.buffer(), frame());
  }

  /**
   * The kind of the present frame.
   *
   * @return one of the constants of {@link FrameFormat}
   */
  public int kind() {
    return FrameFormat.kind(buffer.buffer(), frame());
  }

  /**
   * The base offset field of the present frame.
   *
   * @return an offset
   */
  public long baseOffset() {
    return FrameFormat.baseOffset(buffer.buffer(), frame());
  }

  /**
   * The offset that follows the present frame.
   *
   * @return an offset
   */
  public long nextOffset() {
    return baseOffset() + FrameFormat.recordCount(buffer.buffer(), frame());
  }

  /**
   * The append time of the present frame.
   *
   * @return epoch ms
   */
  public long appendTime() {
    return FrameFormat.appendTime(buffer.buffer(), frame());
  }

  /**
   * What the present frame says of how far its segment was durable.
   *
   * @return a position in bytes
   */
  public int durablePosition() {
    return FrameFormat.durablePosition(buffer.buffer(), frame());
  }
}
