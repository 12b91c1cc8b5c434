package io.sawlog.log;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** A record that was read: a copy that one may keep. Immutable, if nobody changes its arrays. */
public final class Message {
  private final String topic;
  private final int partition;
  private final long offset;
  private final long appendTime;
  private final OptionalLong eventTime;
  private final byte @Nullable [] key;
  private final byte @Nullable [] value;
  private final List<Header> headers;

  Message(
      String topic,
      int partition,
      long offset,
      long appendTime,
      OptionalLong eventTime,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<Header> headers) {
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
    this.appendTime = appendTime;
    this.eventTime = eventTime;
    this.key = key;
    this.value = value;
    this.headers = headers;
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
    return offset;
  }

  /**
   * When the record was appended. Never decreases along a partition.
   *
   * @return epoch ms
   */
  public long appendTime() {
    return appendTime;
  }

  /**
   * When the thing happened that the record tells of.
   *
   * @return epoch ms, if the producer gave it
   */
  public OptionalLong eventTime() {
    return eventTime;
  }

  /**
   * The key.
   *
   * @return the message's own array, or null if the record has no key
   */
  public byte @Nullable [] key() {
    return key;
  }

  /**
   * The value.
   *
   * @return the message's own array, or null if the record has no value
   */
  public byte @Nullable [] value() {
    return value;
  }

  /**
   * The key as text.
   *
   * @return the key as UTF-8, or null if the record has no key
   */
  public @Nullable String keyAsString() {
    return key == null ? null : new String(key, StandardCharsets.UTF_8);
  }

  /**
   * The value as text.
   *
   * @return the value as UTF-8
   * @throws NullPointerException if the record has no value
   */
  public String valueAsString() {
    return new String(presentValue(), StandardCharsets.UTF_8);
  }

  /**
   * The value as an object.
   *
   * @param codec how to decode it
   * @param <V> its type
   * @return the value
   * @throws NullPointerException if the record has no value
   */
  public <V> V value(Codec<V> codec) {
    byte[] bytes = presentValue();
    return codec.decode(new UnsafeBuffer(bytes), 0, bytes.length);
  }

  private byte[] presentValue() {
    return Objects.requireNonNull(
        value, () -> "record " + offset + " of " + topic + " has no value");
  }

  /**
   * The headers.
   *
   * @return an unmodifiable list, in the order of the producer
   */
  public List<Header> headers() {
    return headers;
  }

  /**
   * Finds a header.
   *
   * @param name its name
   * @return the first header of that name
   */
  public Optional<Header> header(String name) {
    return headers.stream().filter(header -> header.name().equals(name)).findFirst();
  }

  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
