package io.sawlog.log;

import io.sawlog.log.segment.FrameBuilder;
import io.sawlog.log.segment.RecordCursor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.agrona.DirectBuffer;

/**
 * A record where it lies in the tailer's own buffer: no copy, no allocation. Valid during the call
 * of the handler that it was given to, on that thread; afterwards its bytes are others.
 */
public final class MessageView {
  /** The length of a key or a value that the record does not have. */
  public static final int ABSENT = RecordCursor.ABSENT;

  private final String topic;
  private final int partition;
  private final RecordCursor record;
  private DirectBuffer buffer;

  MessageView(String topic, int partition, RecordCursor record, DirectBuffer buffer) {
    this.topic = topic;
    this.partition = partition;
    this.record = record;
    this.buffer = buffer;
  }

  void wrap(DirectBuffer frames) {
    buffer = frames;
  }

  /**
   * The topic.
   *
   * @return its name
   */
  public String topic() {
    return topic;
  }

  /**
   * The partition.
   *
   * @return its number in the topic
   */
  public int partition() {
    return partition;
  }

  /**
   * The offset.
   *
   * @return the record's number in the partition
   */
  public long offset() {
    return record.offset();
  }

  /**
   * When the record was appended.
   *
   * @return epoch ms
   */
  public long appendTime() {
    return record.appendTime();
  }

  /**
   * Tells whether the producer gave an event time.
   *
   * @return whether {@link #eventTime} has a meaning
   */
  public boolean hasEventTime() {
    return record.eventTime() != FrameBuilder.NO_EVENT_TIME;
  }

  /**
   * When the thing happened that the record tells of.
   *
   * @return epoch ms, if {@link #hasEventTime}
   */
  public long eventTime() {
    return record.eventTime();
  }

  /**
   * The buffer that holds the key.
   *
   * @return the tailer's own buffer
   */
  public DirectBuffer key() {
    return buffer;
  }

  /**
   * Where the key starts in {@link #key}.
   *
   * @return an index
   */
  public int keyOffset() {
    return record.keyPosition();
  }

  /**
   * The length of the key.
   *
   * @return bytes, or {@link #ABSENT}
   */
  public int keyLength() {
    return record.keyLength();
  }

  /**
   * The buffer that holds the value.
   *
   * @return the tailer's own buffer
   */
  public DirectBuffer value() {
    return buffer;
  }

  /**
   * Where the value starts in {@link #value}.
   *
   * @return an index
   */
  public int valueOffset() {
    return record.valuePosition();
  }

  /**
   * The length of the value.
   *
   * @return bytes, or {@link #ABSENT}
   */
  public int valueLength() {
    return record.valueLength();
  }

  /**
   * Counts the headers.
   *
   * @return how many; {@link #copy} gives them
   */
  public int headerCount() {
    return record.headerCount();
  }

  /**
   * Decodes the value.
   *
   * @param codec how
   * @param <V> its type
   * @return the value
   * @throws IllegalStateException if the record has no value
   */
  public <V> V value(Codec<V> codec) {
    if (valueLength() == ABSENT) {
      throw new IllegalStateException("record " + offset() + " of " + topic + " has no value");
    }
    return codec.decode(buffer, valueOffset(), valueLength());
  }

  /**
   * Copies the record.
   *
   * @return a message that one may keep
   */
  public Message copy() {
    return new Message(
        topic,
        partition,
        offset(),
        appendTime(),
        hasEventTime() ? OptionalLong.of(eventTime()) : OptionalLong.empty(),
        keyLength() == ABSENT ? null : Codecs.bytesOf(buffer, keyOffset(), keyLength()),
        valueLength() == ABSENT ? null : Codecs.bytesOf(buffer, valueOffset(), valueLength()),
        copyHeaders());
  }

  private List<Header> copyHeaders() {
    if (headerCount() == 0) {
      return List.of();
    }
    byte[][] parts = record.copyHeaders();
    List<Header> headers = new ArrayList<>(headerCount());
    for (int i = 0; i < parts.length; i += 2) {
      headers.add(new Header(new String(parts[i], StandardCharsets.UTF_8), parts[i + 1]));
    }
    return List.copyOf(headers);
  }
}
