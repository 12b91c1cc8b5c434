package io.sawlog.log.segment;

import static io.sawlog.log.segment.FrameFormat.ALIGNMENT;
import static io.sawlog.log.segment.FrameFormat.CRC_FIELD;
import static io.sawlog.log.segment.FrameFormat.HEADER_LENGTH;
import static io.sawlog.log.segment.FrameFormat.KIND_ABORTED;
import static io.sawlog.log.segment.FrameFormat.KIND_END;

import io.sawlog.index.SparseIndex;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The segment that is being appended to: a mapped file, a tail, and the protocol that any number of
 * producers follow without a lock.
 *
 * <p>The tail is one word: position (in units of 8 bytes) and record count. A producer moves it
 * with one compare-and-set, its <em>claim</em>; bytes and offsets are then its own. It stores the
 * negative length, the frame, the index entries, and at last the positive length with release: that
 * <em>publishes</em> the frame. The clock is read between reading the tail and moving it, so that
 * append times are in the order of the log.
 *
 * <p>A producer touches the mapping only between its claim and its publishing, and the mapping is
 * released only when every claim is published: so producers need no pin. Everybody else pins.
 */
public final class ActiveSegment {
  /** What {@link #append} returns when the segment is closed or has no room for the frame. */
  public static final long REFUSED = -1;

  private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int PAGE = 4096;
  private static final long CLOSED = Long.MIN_VALUE;
  private static final long COUNT_MASK = 0xFFFF_FFFFL;

  /** The index of the tail in its array, whose other words keep it alone on its cache lines. */
  private static final int TAIL = 16;

  private final long[] words = new long[2 * TAIL];
  private final SegmentHeader header;
  private final PinnedRegion pinned;
  private final PinnedRegion pinnedIndex;
  private final UnsafeBuffer log;
  private final SparseIndex index;
  private final AppendClock clock;
  private final long timeFloor;

  /** The last position at which a frame may end: what remains is kept for END. */
  private final int limit;

  /** How far the segment is durable, in units of 8 bytes; written by whoever leads a flush. */
  private volatile int durableUnits;

  /**
   * Starts appending to a mapped segment.
   *
   * @param header the header that the mapping begins with
   * @param pinned the mapping of the log, {@code header.capacity()} bytes
   * @param pinnedIndex the mapping of the index
   * @param index the index in {@code pinnedIndex}
   * @param position where the next frame goes, in bytes
   * @param recordCount how many records the segment holds already
   * @param clock the clock of the process
   * @param timeFloor append times are not below this: the time of the last frame in the log
   */
  public ActiveSegment(
      SegmentHeader header,
      PinnedRegion pinned,
      PinnedRegion pinnedIndex,
      SparseIndex index,
      int position,
      long recordCount,
      AppendClock clock,
      long timeFloor) {
    this.header = header;
    this.pinned = pinned;
    this.pinnedIndex = pinnedIndex;
    this.log = pinned.region().buffer();
    this.index = index;
    this.clock = clock;
    this.timeFloor = timeFloor;
    this.limit = header.capacity() - HEADER_LENGTH;
    WORDS.setVolatile(words, TAIL, (long) (position / ALIGNMENT) << 32 | recordCount);
  }

  /**
   * Appends a frame. Never blocks; any number of threads may call it.
   *
   * @param frame the records, in the caller's own builder
   * @return the offset of the first record, or {@link #REFUSED}
   * @throws LostStoreException if the frame did not arrive in the mapping
   */
  public long append(FrameBuilder frame) {
    int length = frame.length();
    int count = frame.recordCount();
    long tail;
    long time;
    do {
      tail = (long) WORDS.getVolatile(words, TAIL);
      if (tail < 0 || position(tail) > limit - length) {
        return REFUSED;
      }
      time = Math.max(timeFloor, clock.now());
    } while (!WORDS.compareAndSet(
        words, TAIL, tail, tail + ((long) (length / ALIGNMENT) << 32) + count));
    int position = position(tail);
    long offset = header.baseOffset() + (tail & COUNT_MASK);
    try {
      claim(position, length);
      frame.complete(offset, time, durableUnits, header.salt());
      log.putBytes(position + CRC_FIELD, frame.buffer(), CRC_FIELD, length - CRC_FIELD);
      int nextRelativeOffset = (int) (offset + count - header.baseOffset());
      index.onFrame(position, position + length, nextRelativeOffset, time);
      checkStored(frame, position, length);
    } catch (Throwable t) {
      abort(frame, position, length, offset, time, count);
      throw t;
    }
    publish(position, length);
    return offset;
  }

  private void claim(int position, int length) {
    log.putInt(position, -length);
    VarHandle.storeStoreFence();
  }

  /** The only place where a frame becomes visible. */
  private void publish(int position, int length) {
    log.putIntRelease(position, length);
  }

  /** The only place where the visibility of a frame is found out. */
  private int publishedLength(int position) {
    return log.getIntAcquire(position);
  }

  private void abort(
      FrameBuilder frame, int position, int length, long offset, long time, int count) {
    frame.completeWithoutRecords(
        KIND_ABORTED, length, offset, time, count, durableUnits, header.salt());
    log.putBytes(position + CRC_FIELD, frame.buffer(), CRC_FIELD, HEADER_LENGTH - CRC_FIELD);
    publish(position, length);
  }

  /**
   * A page that could not be backed swallows stores without an exception: look at one word each.
   */
  private void checkStored(FrameBuilder frame, int position, int length) {
    boolean stored = log.getIntVolatile(position) == -length;
    for (int at = (position & -PAGE) + PAGE; at < position + length; at += PAGE) {
      stored &= log.getLongVolatile(at) == frame.buffer().getLong(at - position);
    }
    if (!stored) {
      throw new LostStoreException(
          "a store at position " + position + " of segment " + header.baseOffset() + " was lost");
    }
  }

  /**
   * Refuses all further claims. Those made before will still be published.
   *
   * @return the offset behind the last claimed record; the same at every call
   */
  public long close() {
    WORDS.getAndBitwiseOr(words, TAIL, CLOSED);
    return nextOffset();
  }

  /**
   * Ends a closed segment with an END frame. To be called once, by the thread that rolls.
   *
   * @param nextBaseOffset the base offset of the segment that follows
   */
  public void writeEnd(long nextBaseOffset) {
    int position = tailPosition();
    long time = Math.max(timeFloor, clock.now());
    FrameBuilder end = new FrameBuilder();
    end.completeWithoutRecords(
        KIND_END, HEADER_LENGTH, nextBaseOffset, time, 0, durableUnits, header.salt());
    claim(position, HEADER_LENGTH);
    log.putBytes(position + CRC_FIELD, end.buffer(), CRC_FIELD, HEADER_LENGTH - CRC_FIELD);
    publish(position, HEADER_LENGTH);
  }

  /**
   * Follows the published frames without a gap, up to the tail.
   *
   * @param from where to start, moved to where the published frames end. The caller has pinned the
   *     segment
   * @param stopAfter stop behind the frame that reaches this position
   */
  public void followPublished(PublishedEnd from, int stopAfter) {
    while (!from.ended && from.position < stopAfter && from.position <= limit) {
      int length = publishedLength(from.position);
      if (length <= 0) {
        return;
      }
      int frame = from.position;
      from.position += length;
      from.nextOffset = FrameFormat.baseOffset(log, frame) + FrameFormat.recordCount(log, frame);
      if (FrameFormat.kind(log, frame) == KIND_END) {
        from.ended = true;
      } else {
        from.time = FrameFormat.appendTime(log, frame);
      }
    }
  }

  /**
   * Tells whether every claim is published. Final once the segment is closed. The caller has pinned
   * the segment, or knows that nobody releases it.
   *
   * @return whether no producer is between its claim and its publishing
   */
  public boolean isPublished() {
    int tail = tailPosition();
    int position = Math.max(durablePosition(), SegmentHeader.LENGTH);
    while (position < tail) {
      int length = publishedLength(position);
      if (length <= 0) {
        return false;
      }
      position += length;
    }
    return true;
  }

  /**
   * Copies whole published frames, as many as fit, or one that is larger than the target.
   *
   * @param position where to start; the caller has pinned the segment
   * @param target the copies go here
   */
  public void copyPublished(int position, FrameBuffer target) {
    int end = position;
    int most = target.pieceAt(position);
    while (end <= limit) {
      int length = publishedLength(end);
      boolean fits = end == position || end - position + length <= most;
      if (length <= 0 || length > header.capacity() - end || !fits) {
        break;
      }
      end += length;
    }
    target.copy(log, position, end - position);
  }

  /**
   * The region of the log, to flush or populate it.
   *
   * @return the mapping and its pins
   */
  public PinnedRegion pinned() {
    return pinned;
  }

  /**
   * The region of the index, to flush it.
   *
   * @return the mapping and its pins
   */
  public PinnedRegion pinnedIndex() {
    return pinnedIndex;
  }

  /**
   * The index, which lies in mapped memory.
   *
   * @return the index, to be used only while {@link #pinnedIndex} is pinned
   */
  public SparseIndex index() {
    return index;
  }

  /**
   * The header.
   *
   * @return the header of this segment
   */
  public SegmentHeader header() {
    return header;
  }

  /**
   * Where the next claim would go.
   *
   * @return a position in bytes
   */
  public int tailPosition() {
    return position((long) WORDS.getVolatile(words, TAIL) & ~CLOSED);
  }

  /**
   * The offset that the next record would get.
   *
   * @return an offset
   */
  public long nextOffset() {
    return header.baseOffset() + ((long) WORDS.getVolatile(words, TAIL) & COUNT_MASK);
  }

  /**
   * Tells whether claims are refused.
   *
   * @return whether {@link #close} was called
   */
  public boolean isClosed() {
    return (long) WORDS.getVolatile(words, TAIL) < 0;
  }

  /**
   * Tells how far the segment is durable.
   *
   * @return a position in bytes
   */
  public int durablePosition() {
    return durableUnits * ALIGNMENT;
  }

  /**
   * Notes that a flush has completed, so that the frames claimed from now on vouch for it.
   *
   * @param position everything below it is durable
   */
  public void durableUpTo(int position) {
    durableUnits = position / ALIGNMENT;
  }

  /** Releases both mappings; they end when nobody pins them. */
  public void release() {
    pinned.release();
    pinnedIndex.release();
  }

  private static int position(long tail) {
    return (int) (tail >>> 32) * ALIGNMENT;
  }

  /** A place in a segment up to which all frames are published. */
  public static final class PublishedEnd {
    /** In bytes. */
    public int position;

    /** The offset of the record that follows. */
    public long nextOffset;

    /** The append time of the last frame before END, epoch ms. */
    public long time;

    /** Whether the last frame was END. */
    public boolean ended;

    /**
     * Starts somewhere.
     *
     * @param position in bytes
     * @param nextOffset the offset of the record that follows
     * @param time the append time of the frame before, epoch ms
     */
    public PublishedEnd(int position, long nextOffset, long time) {
      this.position = position;
      this.nextOffset = nextOffset;
      this.time = time;
    }
  }
}
