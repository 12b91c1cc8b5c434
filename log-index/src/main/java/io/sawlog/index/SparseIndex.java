package io.sawlog.index;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.agrona.concurrent.AtomicBuffer;

/**
 * The index of one segment, addressed by position: slot {@code i} describes the first frame that
 * starts at or after byte {@code i * intervalBytes} of the segment ({@link IndexEntry} draws the
 * layout).
 *
 * <p>Position addressing is what makes it lock-free. The frame that crosses the start of a block is
 * the only one that does, and it knows where the next frame begins: its producer alone owns the
 * slot. Relative offset, position and time all grow with the slot, so one binary search serves both
 * look-ups.
 *
 * <p>Thread-safe: any number of producers and readers, also in other processes. Look-ups allocate
 * nothing. The caller keeps the memory mapped during each call; a buffer over read-only memory is
 * good for everything but {@link #onFrame} and {@link #clear}.
 *
 * <p>No answer comes from an index alone. A producer's unfinished work, pages that a power cut took
 * and plain garbage are survived like this: an entry counts only if its position lies inside its
 * block or behind it, and before the limit of the reader; where the search lands, a {@link
 * FrameProbe} must confirm the frame, else the look-up steps back, in growing steps, at last to the
 * first frame of the segment. Example, with {@code end} the position up to which the caller may
 * read:
 *
 * <pre>{@code
 * int position = index.positionForOffset((int) (offset - baseOffset), end, probe);
 * // scan the frames from position to end for the one that holds the offset
 * }</pre>
 */
public final class SparseIndex {

  /** Position of the first frame of a segment in bytes: the length of the segment's header. */
  public static final int FIRST_FRAME_POSITION = 64;

  private static final boolean NATIVE_IS_LITTLE_ENDIAN = ByteOrder.nativeOrder() == LITTLE_ENDIAN;
  private static final long ANY_TIME = Long.MAX_VALUE;

  private final AtomicBuffer buffer;
  private final int slotCount;
  private final int intervalShift;

  /**
   * Makes an index of a buffer. Nothing is read or written: see {@link IndexHeader#check} and
   * {@link IndexHeader#writeTo}.
   *
   * @param buffer the index from its first byte, 8-byte aligned in memory
   * @param header the header of the index
   * @throws IllegalArgumentException if the buffer is shorter than the header says
   * @throws IllegalStateException if the buffer is not aligned
   */
  public SparseIndex(AtomicBuffer buffer, IndexHeader header) {
    if (buffer.capacity() < header.indexBytes()) {
      throw new IllegalArgumentException(
          "The index has "
              + buffer.capacity()
              + " bytes, but "
              + header
              + " takes "
              + header.indexBytes());
    }
    buffer.verifyAlignment();
    this.buffer = buffer;
    this.slotCount = header.slotCount();
    this.intervalShift = Integer.numberOfTrailingZeros(header.intervalBytes());
  }

  /**
   * Returns the length of an index in bytes.
   *
   * @param segmentBytes capacity of the segment in bytes
   * @param intervalBytes bytes of the segment per slot
   * @return length of header and entries
   * @throws IllegalArgumentException if a size is out of the range that {@link IndexHeader} gives
   */
  public static int lengthBytes(int segmentBytes, int intervalBytes) {
    return new IndexHeader(0, 0, segmentBytes, intervalBytes).indexBytes();
  }

  /**
   * Fills the slots that a frame owns: those of the block starts {@code b} with {@code
   * framePosition < b <= nextFramePosition}. Most frames own none, which costs two shifts and a
   * comparison. Slots behind the end of the index are ignored.
   *
   * <p>A producer calls it before it publishes the frame, so whoever sees the frame sees its
   * entries. Rebuilding calls it for each frame that it meets. Recovery does not: an entry may tell
   * of a frame that a crash has taken, and a power cut may tear one.
   *
   * @param framePosition start of the frame in bytes, at least {@link #FIRST_FRAME_POSITION}
   * @param nextFramePosition end of the frame in bytes, a multiple of 8
   * @param nextRelativeOffset offset behind the last record of the frame, minus the base offset
   * @param appendTime append time of the frame, epoch ms: the lower bound for the next one's
   */
  public void onFrame(
      int framePosition, int nextFramePosition, int nextRelativeOffset, long appendTime) {
    int last = nextFramePosition >>> intervalShift;
    int before = framePosition >>> intervalShift;
    if (before != last) {
      fill(before + 1, last, IndexEntry.word(nextRelativeOffset, nextFramePosition), appendTime);
    }
  }

  /**
   * The time goes first, the word that makes the slot non-empty follows with release; readers take
   * that word with acquire before they read the time. So an entry that counts is whole.
   */
  private void fill(int first, int last, long word, long appendTime) {
    int end = Math.min(last, slotCount - 1);
    for (int slot = first; slot <= end; slot++) {
      int at = entryAt(slot);
      buffer.putLong(at + IndexEntry.APPEND_TIME, appendTime, LITTLE_ENDIAN);
      buffer.putLongRelease(at, nativeOrder(word));
    }
  }

  /**
   * Returns a position from which a scan finds the frame that holds an offset.
   *
   * @param relativeOffset the offset minus the base offset of the segment
   * @param limitPosition end of the frames that the caller may read, in bytes; all of them were
   *     published before
   * @param probe what the log really holds
   * @return position of a frame that starts with this offset or a lower one; {@link
   *     #FIRST_FRAME_POSITION} or a position before the limit
   */
  public int positionForOffset(int relativeOffset, int limitPosition, FrameProbe probe) {
    return land(relativeOffset, ANY_TIME, limitPosition, probe);
  }

  /**
   * Returns a position from which a scan finds the first frame that is not older than a time. All
   * frames before that position are older, because append times never decrease.
   *
   * <p>The search is for times strictly below the target: many blocks may share a millisecond, and
   * an entry with the target's own time may lie behind the first frame of that time.
   *
   * @param appendTime epoch ms
   * @param limitPosition end of the frames that the caller may read, in bytes; all of them were
   *     published before
   * @param probe what the log really holds
   * @return position of a frame older than the time, before the limit; or {@link
   *     #FIRST_FRAME_POSITION}
   */
  public int positionForTime(long appendTime, int limitPosition, FrameProbe probe) {
    return land(Integer.MAX_VALUE, appendTime, limitPosition, probe);
  }

  /**
   * Steps back from where the search ends until the log confirms a frame. The steps double, so that
   * an index full of garbage costs few probes.
   */
  private int land(int maxRelativeOffset, long timeBelow, int limitPosition, FrameProbe probe) {
    int probed = limitPosition;
    int step = 1;
    int slot = search(maxRelativeOffset, timeBelow, limitPosition);
    while (slot > 0) {
      long word = wordAcquire(slot);
      if (!isPlausible(slot, word, probed) || IndexEntry.relativeOffset(word) > maxRelativeOffset) {
        slot--;
        continue;
      }
      int position = (int) IndexEntry.position(word);
      long time = probe.appendTime(position, IndexEntry.relativeOffset(word));
      if (time != FrameProbe.NO_FRAME && time < timeBelow) {
        return position;
      }
      probed = position;
      slot -= step;
      step <<= 1;
    }
    return FIRST_FRAME_POSITION;
  }

  /**
   * Returns the highest slot whose entry counts, has at most the given relative offset, and is
   * older than the given time; 0 if there is none. An empty slot sends the search to the left, for
   * the next entry that counts; no slot is looked at twice for that.
   */
  int search(int maxRelativeOffset, long timeBelow, int limitPosition) {
    int found = 0;
    int low = 1;
    int high = Math.min(slotCount - 1, slotAtOrBefore(Math.max(limitPosition, 1) - 1));
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int slot = middle;
      while (slot >= low && !isPlausible(slot, wordAcquire(slot), limitPosition)) {
        slot--;
      }
      if (slot < low) {
        low = middle + 1;
      } else if (isBefore(slot, maxRelativeOffset, timeBelow)) {
        found = slot;
        low = middle + 1;
      } else {
        high = slot - 1;
      }
    }
    return found;
  }

  private boolean isBefore(int slot, int maxRelativeOffset, long timeBelow) {
    return IndexEntry.relativeOffset(wordAcquire(slot)) <= maxRelativeOffset
        && appendTime(slot) < timeBelow;
  }

  /** An empty slot is not plausible either: its position, 0, lies before its block. */
  private boolean isPlausible(int slot, long word, int limitPosition) {
    long position = IndexEntry.position(word);
    return position >= (long) slot << intervalShift
        && position < limitPosition
        && IndexEntry.relativeOffset(word) >= 0;
  }

  /**
   * Hands all entries that are not empty to a consumer, in the order of their slots and as they
   * are, plausible or not.
   *
   * @param consumer called on this thread
   */
  public void forEach(Consumer<? super IndexEntry> consumer) {
    for (int slot = 1; slot < slotCount; slot++) {
      if (!isEmpty(slot)) {
        consumer.accept(entry(slot));
      }
    }
  }

  /** Empties all slots. Look-ups may go on meanwhile, but no frame may be appended. */
  public void clear() {
    buffer.setMemory(entryAt(0), slotCount * IndexEntry.LENGTH_BYTES, (byte) 0);
  }

  int slotCount() {
    return slotCount;
  }

  int slotAtOrBefore(int position) {
    return position >>> intervalShift;
  }

  boolean isEmpty(int slot) {
    return IndexEntry.position(wordAcquire(slot)) == 0;
  }

  IndexEntry entry(int slot) {
    long word = wordAcquire(slot);
    return new IndexEntry(
        slot, IndexEntry.relativeOffset(word), IndexEntry.position(word), appendTime(slot));
  }

  static int entryAt(int slot) {
    return IndexHeader.LENGTH_BYTES + slot * IndexEntry.LENGTH_BYTES;
  }

  private long wordAcquire(int slot) {
    return nativeOrder(buffer.getLongAcquire(entryAt(slot)));
  }

  private long appendTime(int slot) {
    return buffer.getLong(entryAt(slot) + IndexEntry.APPEND_TIME, LITTLE_ENDIAN);
  }

  /** Atomic accesses have no byte order argument; turning twice gives the same word. */
  private static long nativeOrder(long littleEndian) {
    return NATIVE_IS_LITTLE_ENDIAN ? littleEndian : Long.reverseBytes(littleEndian);
  }
}
