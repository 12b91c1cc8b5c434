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
    buffer = frames;
    frameEnd = frame + FrameFormat.length(frames, frame);
    next = frame + FrameFormat.HEADER_LENGTH;
    remaining = FrameFormat.recordCount(frames, frame);
    nextOffset = FrameFormat.baseOffset(frames, frame);
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
    int at = next;
    if (at >= frameEnd) {
      throw new MalformedRecordException("record " + nextOffset + " starts behind its frame");
    }
    int flags = buffer.getByte(at++);
    if ((flags & ~ALL_FLAGS) != 0) {
      throw new MalformedRecordException("record " + nextOffset + " has unknown flags " + flags);
    }
    eventTime = FrameBuilder.NO_EVENT_TIME;
    if ((flags & HAS_EVENT_TIME) != 0) {
      int length = varintLength(at);
      lastEventTime += Varint.unzigzag(Varint.get(buffer, at));
      eventTime = lastEventTime;
      at += length;
    }
    keyLength = ABSENT;
    if ((flags & HAS_KEY) != 0) {
      keyLength = blobLength(at);
      keyPosition = at + varintLength(at);
      at = keyPosition + keyLength;
    }
    valueLength = ABSENT;
    if ((flags & HAS_VALUE) != 0) {
      valueLength = blobLength(at);
      valuePosition = at + varintLength(at);
      at = valuePosition + valueLength;
    }
    headerCount = 0;
    if ((flags & HAS_HEADERS) != 0) {
      at = skipHeaders(at);
    }
    offset = nextOffset++;
    next = at;
    remaining--;
  }

  private int skipHeaders(int position) {
    int length = varintLength(position);
    long count = Varint.get(buffer, position);
    int at = position + length;
    if (count < 0 || count > frameEnd - at) {
      throw new MalformedRecordException("record " + nextOffset + " claims " + count + " headers");
    }
    headerCount = (int) count;
    headersPosition = at;
    for (int i = 0; i < 2 * headerCount; i++) {
      at += varintLength(at) + blobLength(at);
    }
    return at;
  }

  private int varintLength(int position) {
    int length = Varint.length(buffer, position, frameEnd);
    if (length == 0) {
      throw new MalformedRecordException("record " + nextOffset + " has an endless number");
    }
    return length;
  }

  private int blobLength(int position) {
    int prefix = varintLength(position);
    long length = Varint.get(buffer, position);
    if (length < 0 || length > frameEnd - position - prefix) {
      throw new MalformedRecordException(
          "record " + nextOffset + " has a part of " + length + " bytes, more than its frame");
    }
    return (int) length;
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
    int at = headersPosition;
    for (int i = 0; i < parts.length; i++) {
      int length = blobLength(at);
      at += varintLength(at);
      parts[i] = new byte[length];
      buffer.getBytes(at, parts[i]);
      at += length;
    }
    return parts;
  }
}
