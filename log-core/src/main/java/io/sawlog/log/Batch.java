package io.sawlog.log;

import io.sawlog.log.segment.FrameBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Records that are appended together: to one partition, with consecutive offsets, all or none of
 * them. May be appended again, and is reused after {@link #clear}.
 *
 * <p>Also the way to give a single record headers or an event time. At most 65,535 records; the
 * size is limited by the topic's {@code maxFrameBytes}. Not thread-safe.
 */
public final class Batch {
  private final FrameBuilder frame = new FrameBuilder();

  /** Creates an empty batch. */
  public Batch() {}

  /**
   * Adds a record.
   *
   * @param key the key as text, or null
   * @param value the value as text, or null
   * @return this batch
   * @throws IllegalStateException if the batch is full
   */
  public Batch add(@Nullable String key, @Nullable String value) {
    return add(utf8(key), utf8(value));
  }

  /**
   * Adds a record.
   *
   * @param key the key, or null
   * @param value the value, or null
   * @return this batch
   * @throws IllegalStateException if the batch is full
   */
  public Batch add(byte @Nullable [] key, byte @Nullable [] value) {
    frame.add(key, value);
    return this;
  }

  /**
   * Adds a record.
   *
   * @param key the key, or null
   * @param value the value, or null
   * @param eventTime when the thing happened that the record tells of, epoch ms
   * @param headers travel with the record
   * @return this batch
   * @throws IllegalStateException if the batch is full
   */
  public Batch add(
      byte @Nullable [] key, byte @Nullable [] value, long eventTime, List<Header> headers) {
    addWithHeaders(eventTime, key, value, headers);
    return this;
  }

  /**
   * Adds a record without an event time.
   *
   * @param key the key, or null
   * @param value the value, or null
   * @param headers travel with the record
   * @return this batch
   * @throws IllegalStateException if the batch is full
   */
  public Batch add(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
    addWithHeaders(FrameBuilder.NO_EVENT_TIME, key, value, headers);
    return this;
  }

  /**
   * Adds a record without a key, without allocating.
   *
   * @param value holds the value
   * @param offset where it starts
   * @param length how many bytes it has
   * @return this batch
   * @throws IllegalStateException if the batch is full
   * @throws IndexOutOfBoundsException if the range lies outside the buffer
   */
  public Batch add(DirectBuffer value, int offset, int length) {
    frame.add(null, 0, 0, value, offset, length);
    return this;
  }

  private void addWithHeaders(
      long eventTime, byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
    byte[][] names = new byte[headers.size()][];
    byte[][] values = new byte[headers.size()][];
    for (int i = 0; i < names.length; i++) {
      names[i] = headers.get(i).name().getBytes(StandardCharsets.UTF_8);
      values[i] = headers.get(i).value();
    }
    frame.add(eventTime, key, value, names, values);
  }

  /**
   * Counts the records.
   *
   * @return how many were added
   */
  public int size() {
    return frame.recordCount();
  }

  /**
   * Measures the batch.
   *
   * @return the bytes that it takes in the log
   */
  public int sizeBytes() {
    return frame.length();
  }

  /** Removes all records. */
  public void clear() {
    frame.clear();
  }

  FrameBuilder frame() {
    return frame;
  }

  static byte @Nullable [] utf8(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }
}
