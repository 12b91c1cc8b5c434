package io.sawlog.log.segment;

import static io.sawlog.log.segment.FrameFormat.APPEND_TIME_FIELD;
import static io.sawlog.log.segment.FrameFormat.BASE_OFFSET_FIELD;
import static io.sawlog.log.segment.FrameFormat.CRC_FIELD;
import static io.sawlog.log.segment.FrameFormat.HEADER_LENGTH;
import static io.sawlog.log.segment.FrameFormat.KIND_ABORTED;
import static io.sawlog.log.segment.FrameFormat.KIND_DATA;
import static io.sawlog.log.segment.FrameFormat.LENGTH_FIELD;
import static io.sawlog.log.segment.FrameFormat.MAX_RECORD_COUNT;
import static io.sawlog.log.segment.FrameFormat.RECORD_COUNT_FIELD;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Encodes records into a frame in private memory, before anything is claimed, so that neither a bad
 * argument nor an exception in the caller's code can leave a hole in the log.
 *
 * <p>Each record is
 *
 * <pre>
 *   uint8    flags: 1 key, 2 value, 4 event time, 8 headers; the other bits are 0
 *   varint   event time, zigzag: epoch ms in the first record that has one, then the difference
 *   varint   key length, key
 *   varint   value length, value
 *   varint   number of headers; for each: varint name length, name (UTF-8), varint value length, value
 * </pre>
 *
 * <p>with only those parts that the flags name. Not thread-safe.
 */
public final class FrameBuilder {
  /** The event time of a record that has none. */
  public static final long NO_EVENT_TIME = Long.MIN_VALUE;

  static final int HAS_KEY = 1;
  static final int HAS_VALUE = 2;
  static final int HAS_EVENT_TIME = 4;
  static final int HAS_HEADERS = 8;
  static final int ALL_FLAGS = HAS_KEY | HAS_VALUE | HAS_EVENT_TIME | HAS_HEADERS;

  private static final int INITIAL_CAPACITY = 4096;
  private static final int KEPT_CAPACITY = 1 << 20;
  private static final int MAX_CAPACITY = 1 << 30;
  private static final ThreadLocal<FrameBuilder> OF_THREAD =
      ThreadLocal.withInitial(FrameBuilder::new);

  private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
  private final UnsafeBuffer keyView = new UnsafeBuffer(0, 0);
  private final UnsafeBuffer valueView = new UnsafeBuffer(0, 0);
  private final FrameChecksum checksum = new FrameChecksum();
  private ByteBuffer bytes = ByteBuffer.allocate(0);
  private int end = HEADER_LENGTH;
  private int recordCount;
  private long lastEventTime;
  private int kind = KIND_DATA;

  /** Creates an empty frame. */
  public FrameBuilder() {
    resize(INITIAL_CAPACITY);
  }

  /**
   * Makes a frame that only uses up one offset.
   *
   * @return a builder of an ABORTED frame, not to be cleared or added to
   */
  public static FrameBuilder aborted() {
    FrameBuilder builder = new FrameBuilder();
    builder.kind = KIND_ABORTED;
    builder.recordCount = 1;
    return builder;
  }

  /**
   * Lends the calling thread's own builder, emptied.
   *
   * @return a builder that is valid until the thread calls this again
   */
  public static FrameBuilder ofThread() {
    FrameBuilder builder = OF_THREAD.get();
    builder.clear();
    return builder;
  }

  /** Removes all records, and gives back the memory of an unusually large frame. */
  public void clear() {
    if (buffer.capacity() > KEPT_CAPACITY) {
      resize(INITIAL_CAPACITY);
    }
    end = HEADER_LENGTH;
    recordCount = 0;
    lastEventTime = 0;
  }

  /**
   * Adds a record without an event time or headers.
   *
   * @param key the bytes of the key, or null for none
   * @param keyOffset where the key starts
   * @param keyLength its length in bytes
   * @param value the bytes of the value, or null for none
   * @param valueOffset where the value starts
   * @param valueLength its length in bytes
   * @throws IllegalStateException if the frame holds {@link FrameFormat#MAX_RECORD_COUNT} records
   * @throws IllegalArgumentException if the frame would outgrow 1 GiB
   * @throws IndexOutOfBoundsException if a range lies outside its buffer
   */
  public void add(
      @Nullable DirectBuffer key,
      int keyOffset,
      int keyLength,
      @Nullable DirectBuffer value,
      int valueOffset,
      int valueLength) {
    addKeyAndValue(
        NO_EVENT_TIME, key, keyOffset, keyLength, value, valueOffset, valueLength, false);
  }

  /**
   * Adds a record without an event time or headers.
   *
   * @param key the key, or null for none
   * @param value the value, or null for none
   * @throws IllegalStateException if the frame holds {@link FrameFormat#MAX_RECORD_COUNT} records
   * @throws IllegalArgumentException if the frame would outgrow 1 GiB
   */
  public void add(byte @Nullable [] key, byte @Nullable [] value) {
    addKeyAndValue(NO_EVENT_TIME, key, value, false);
  }

  /**
   * Adds a record.
   *
   * @param eventTime epoch ms, or {@link #NO_EVENT_TIME}
   * @param key the key, or null for none
   * @param value the value, or null for none
   * @param headerNames the names of the headers, as UTF-8
   * @param headerValues their values, one for each name
   * @throws IllegalStateException if the frame holds {@link FrameFormat#MAX_RECORD_COUNT} records
   * @throws IllegalArgumentException if the frame would outgrow 1 GiB
   */
  public void add(
      long eventTime,
      byte @Nullable [] key,
      byte @Nullable [] value,
      byte[][] headerNames,
      byte[][] headerValues) {
    long headersLength = Varint.MAX_LENGTH;
    for (int i = 0; i < headerNames.length; i++) {
      headersLength += 2L * Varint.MAX_LENGTH + headerNames[i].length + headerValues[i].length;
    }
    ensureRoom(4L * Varint.MAX_LENGTH + lengthOf(key) + lengthOf(value) + headersLength);
    addKeyAndValue(eventTime, key, value, headerNames.length > 0);
    if (headerNames.length > 0) {
      end = Varint.put(buffer, end, headerNames.length);
      for (int i = 0; i < headerNames.length; i++) {
        putBytes(headerNames[i]);
        putBytes(headerValues[i]);
      }
    }
  }

  private void addKeyAndValue(
      long eventTime, byte @Nullable [] key, byte @Nullable [] value, boolean hasHeaders) {
    addKeyAndValue(
        eventTime,
        wrap(keyView, key),
        0,
        lengthOf(key),
        wrap(valueView, value),
        0,
        lengthOf(value),
        hasHeaders);
  }

  private static int lengthOf(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private static @Nullable DirectBuffer wrap(UnsafeBuffer view, byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    view.wrap(bytes);
    return view;
  }

  private void addKeyAndValue(
      long eventTime,
      @Nullable DirectBuffer key,
      int keyOffset,
      int keyLength,
      @Nullable DirectBuffer value,
      int valueOffset,
      int valueLength,
      boolean hasHeaders) {
    if (recordCount == MAX_RECORD_COUNT) {
      throw new IllegalStateException(
          "a batch holds at most " + MAX_RECORD_COUNT + " records: append it, then clear it");
    }
    ensureRoom(4L * Varint.MAX_LENGTH + keyLength + valueLength);
    if (key != null) {
      key.boundsCheck(keyOffset, keyLength);
    }
    if (value != null) {
      value.boundsCheck(valueOffset, valueLength);
    }
    boolean hasEventTime = eventTime != NO_EVENT_TIME;
    int flags =
        (key == null ? 0 : HAS_KEY)
            | (value == null ? 0 : HAS_VALUE)
            | (hasEventTime ? HAS_EVENT_TIME : 0)
            | (hasHeaders ? HAS_HEADERS : 0);
    buffer.putByte(end, (byte) flags);
    int at = end + 1;
    if (hasEventTime) {
      at = Varint.put(buffer, at, Varint.zigzag(eventTime - lastEventTime));
      lastEventTime = eventTime;
    }
    if (key != null) {
      at = Varint.put(buffer, at, keyLength);
      buffer.putBytes(at, key, keyOffset, keyLength);
      at += keyLength;
    }
    if (value != null) {
      at = Varint.put(buffer, at, valueLength);
      buffer.putBytes(at, value, valueOffset, valueLength);
      at += valueLength;
    }
    end = at;
    recordCount++;
  }

  private void putBytes(byte[] source) {
    end = Varint.put(buffer, end, source.length);
    buffer.putBytes(end, source);
    end += source.length;
  }

  /**
   * Counts the records.
   *
   * @return how many were added
   */
  public int recordCount() {
    return recordCount;
  }

  /**
   * Measures the frame, as it would be appended now.
   *
   * @return its length in bytes, header and padding included
   */
  public int length() {
    return FrameFormat.align(end);
  }

  /**
   * Walks over the records that were added.
   *
   * @return a cursor whose positions are indexes into {@link #buffer}; its offsets and append time
   *     mean nothing
   */
  public RecordCursor records() {
    putHeader(length(), 0, 0, 0, recordCount, kind, 0);
    RecordCursor records = new RecordCursor();
    records.reset(buffer, 0);
    return records;
  }

  /**
   * The frame's bytes, of which the header is meaningful only after {@link #complete}.
   *
   * @return the builder's own buffer, valid until the next change
   */
  public UnsafeBuffer buffer() {
    return buffer;
  }

  /**
   * Fills in what is known only after the claim, and the checksum. May be repeated.
   *
   * @param baseOffset the offset of the first record
   * @param appendTime epoch ms
   * @param durableUnits how far the segment is durable, in units of 8 bytes
   * @param salt the salt of the segment
   */
  void complete(long baseOffset, long appendTime, int durableUnits, int salt) {
    int length = length();
    for (int padding = end; padding < length; padding++) {
      buffer.putByte(padding, (byte) 0);
    }
    putHeader(length, salt, baseOffset, appendTime, recordCount, kind, durableUnits);
    putChecksum(kind == KIND_ABORTED ? HEADER_LENGTH : length);
  }

  /**
   * Turns the builder into a frame without records.
   *
   * @param frameKind ABORTED or END
   * @param length the length of the whole frame, of which only the header is written
   * @param baseOffset the offset of its first record, or the base offset that follows an END
   * @param appendTime epoch ms
   * @param count how many offsets it uses up
   * @param durableUnits how far the segment is durable, in units of 8 bytes
   * @param salt the salt of the segment
   */
  public void completeWithoutRecords(
      int frameKind,
      int length,
      long baseOffset,
      long appendTime,
      int count,
      int durableUnits,
      int salt) {
    putHeader(length, salt, baseOffset, appendTime, count, frameKind, durableUnits);
    putChecksum(HEADER_LENGTH);
  }

  /**
   * Four whole words: the checksum reads them back at once, and would wait for narrower stores. The
   * salt stands where the checksum will be.
   */
  private void putHeader(
      int length,
      int salt,
      long baseOffset,
      long appendTime,
      int count,
      int frameKind,
      int durableUnits) {
    buffer.putLong(LENGTH_FIELD, length | (long) salt << Integer.SIZE, LITTLE_ENDIAN);
    buffer.putLong(BASE_OFFSET_FIELD, baseOffset, LITTLE_ENDIAN);
    buffer.putLong(APPEND_TIME_FIELD, appendTime, LITTLE_ENDIAN);
    long countAndKind = count | frameKind << Short.SIZE;
    buffer.putLong(
        RECORD_COUNT_FIELD, countAndKind | (long) durableUnits << Integer.SIZE, LITTLE_ENDIAN);
  }

  private void putChecksum(int length) {
    buffer.putInt(CRC_FIELD, checksum.compute(bytes, 0, length), LITTLE_ENDIAN);
  }

  private void ensureRoom(long more) {
    long needed = end + more + FrameFormat.ALIGNMENT;
    if (needed > buffer.capacity()) {
      if (needed > MAX_CAPACITY) {
        throw new IllegalArgumentException(
            "a batch of " + needed + " bytes exceeds the limit of " + MAX_CAPACITY + " bytes");
      }
      resize((int) Math.min(MAX_CAPACITY, Math.max(needed, 2L * buffer.capacity())));
    }
  }

  private void resize(int capacity) {
    byte[] array = Arrays.copyOf(bytes.array(), capacity);
    bytes = ByteBuffer.wrap(array);
    buffer.wrap(array);
  }
}
