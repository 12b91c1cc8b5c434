package io.sawlog.log.segment;

import static io.sawlog.log.segment.FrameBuilder.ALL_FLAGS;
import static io.sawlog.log.segment.FrameBuilder.HAS_EVENT_TIME;
import static io.sawlog.log.segment.FrameBuilder.HAS_HEADERS;
import static io.sawlog.log.segment.FrameBuilder.HAS_KEY;
import static io.sawlog.log.segment.FrameBuilder.HAS_VALUE;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Walks over the records of one frame without copying them.
 *
 * <p>Positions are indexes into the buffer given to {@link #reset}. Not thread-safe. Records are
 * decoded with every length checked against the end of the frame, so that a frame written by faulty
 * code is an exception and never an access outside it.
 */
public final class RecordCursor {
  /** The length of a key or a value that is absent. */
  public static final int ABSENT = -1;

  private DirectBuffer buffer = new UnsafeBuffer(0, 0);
  private int frameEnd;
  private int next;
  private int remaining;
  private boolean inFrame;
  private long nextOffset;
  private long frameTime;
  private long lastEventTime;

  private long offset;
  private long eventTime;
  private int keyPosition;
  private int keyLength;
  private int valuePosition;
  private int valueLength;
  private int headerCount;
  private int headersPosition;

  /** Creates a cursor that has no record until it is reset. */
  public RecordCursor() {}

  /**
   * Moves before the first record of a DATA frame.
   *
   * @param frames the bytes of the frame, which must not change while this cursor is used
   * @param frame where the frame starts
   */
  public void reset(DirectBuffer frames, int frame) {
    start(
        frames,
        frame,
        FrameFormat.length(frames, frame),
        FrameFormat.recordCount(frames, frame),
        FrameFormat.baseOffset(frames, frame));
  }

  /**
   * Moves before the first record of the DATA frame that was found valid last.
   *
   * @param frames the copy that holds it, which must not change while this cursor is used
   */
  public void reset(FrameBuffer frames) {
    start(
        frames.buffer(),
        frames.frame(),
        frames.frameLength(),
        frames.recordCount(),
        frames.baseOffset());
  }

  private void start(DirectBuffer frames, int frame, int length, int recordCount, long baseOffset) {
    buffer = frames;
    frameEnd = frame + length;
    next = frame + FrameFormat.HEADER_LENGTH;
    remaining = recordCount;
    nextOffset = baseOffset;
    frameTime = FrameFormat.appendTime(frames, frame);
    lastEventTime = 0;
    inFrame = true;
  }

  /** Drops the frame: there is no further record. */
  public void clear() {
    remaining = 0;
    inFrame = false;
  }

  /**
   * Tells whether a frame was given and not dropped, even if all its records were shown.
   *
   * @return whether the position in a frame has a meaning
   */
  public boolean isInFrame() {
    return inFrame;
  }

  /**
   * The append time of the frame.
   *
   * @return epoch ms
   */
  public long frameTime() {
    return frameTime;
  }

  /**
   * Tells whether the frame has a further record.
   *
   * @return whether {@link #next} may be called
   */
  public boolean hasNext() {
    return remaining > 0;
  }

  /**
   * Moves to the next record.
   *
   * @throws MalformedRecordException if it cannot be decoded
   */
  public void next() {
    if (next >= frameEnd) {
      throw new MalformedRecordException("record " + nextOffset + " starts behind its frame");
    }
    int flags = buffer.getByte(next++);
    if ((flags & ~ALL_FLAGS) != 0) {
      throw new MalformedRecordException("record " + nextOffset + " has unknown flags " + flags);
    }
    eventTime = FrameBuilder.NO_EVENT_TIME;
    if ((flags & HAS_EVENT_TIME) != 0) {
      lastEventTime += Varint.unzigzag(number());
      eventTime = lastEventTime;
    }
    keyLength = ABSENT;
    if ((flags & HAS_KEY) != 0) {
      keyLength = partLength();
      keyPosition = next;
      next += keyLength;
    }
    valueLength = ABSENT;
    if ((flags & HAS_VALUE) != 0) {
      valueLength = partLength();
      valuePosition = next;
      next += valueLength;
    }
    headerCount = 0;
    if ((flags & HAS_HEADERS) != 0) {
      skipHeaders();
    }
    offset = nextOffset++;
    remaining--;
  }

  private void skipHeaders() {
    long count = number();
    if (count < 0 || count > frameEnd - next) {
      throw new MalformedRecordException("record " + nextOffset + " claims " + count + " headers");
    }
    headerCount = (int) count;
    headersPosition = next;
    for (int i = 0; i < 2 * headerCount; i++) {
      int length = partLength();
      next += length;
    }
  }

  /** Reads the length of a part, which lies in the frame, and moves to its first byte. */
  private int partLength() {
    long length = number();
    if (length < 0 || length > frameEnd - next) {
      throw new MalformedRecordException(
          "record " + nextOffset + " has a part of " + length + " bytes, more than its frame");
    }
    return (int) length;
  }

  /** Reads the number at {@link #next} and moves behind it. */
  private long number() {
    int length = Varint.length(buffer, next, frameEnd);
    if (length == 0) {
      throw new MalformedRecordException("record " + nextOffset + " has an endless number");
    }
    long value = Varint.get(buffer, next);
    next += length;
    return value;
  }

  /**
   * The offset of the current record.
   *
   * @return its number in the partition
   */
  public long offset() {
    return offset;
  }

  /**
   * The append time of the current record.
   *
   * @return epoch ms
   */
  public long appendTime() {
    return frameTime;
  }

  /**
   * The event time of the current record.
   *
   * @return epoch ms, or {@link FrameBuilder#NO_EVENT_TIME}
   */
  public long eventTime() {
    return eventTime;
  }

  /**
   * Where the key starts.
   *
   * @return an index into the buffer, meaningless if there is no key
   */
  public int keyPosition() {
    return keyPosition;
  }

  /**
   * The length of the key.
   *
   * @return bytes, or {@link #ABSENT}
   */
  public int keyLength() {
    return keyLength;
  }

  /**
   * Where the value starts.
   *
   * @return an index into the buffer, meaningless if there is no value
   */
  public int valuePosition() {
    return valuePosition;
  }

  /**
   * The length of the value.
   *
   * @return bytes, or {@link #ABSENT}
   */
  public int valueLength() {
    return valueLength;
  }

  /**
   * Counts the headers.
   *
   * @return how many the record has
   */
  public int headerCount() {
    return headerCount;
  }

  /**
   * Copies the headers out.
   *
   * @return names (UTF-8) and values in turn, {@code 2 * headerCount()} arrays
   */
  public byte[][] copyHeaders() {
    byte[][] parts = new byte[2 * headerCount][];
    int behind = next;
    next = headersPosition;
    for (int i = 0; i < parts.length; i++) {
      parts[i] = new byte[partLength()];
      buffer.getBytes(next, parts[i]);
      next += parts[i].length;
    }
    next = behind;
    return parts;
  }
}
