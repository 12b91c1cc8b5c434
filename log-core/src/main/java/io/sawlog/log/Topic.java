package io.sawlog.log;

import io.sawlog.log.segment.RecordCursor;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A named set of partitions. A record with a key goes to the partition that Kafka's default
 * partitioner would choose for the same key bytes; one without goes to each in turn.
 *
 * <p>Thread-safe.
 */
public final class Topic {
  private final String name;
  private final UUID id;
  private final AtomicInteger turn = new AtomicInteger();
  private final Consumer<Topic> lookAgain;
  private volatile TopicConfig config;
  private volatile List<Partition> partitions;

  /**
   * Makes a topic.
   *
   * @param lookAgain notes what another process has changed; throws if the topic is no more
   */
  Topic(
      String name,
      UUID id,
      TopicConfig config,
      List<Partition> partitions,
      Consumer<Topic> lookAgain) {
    this.name = name;
    this.id = id;
    this.config = config;
    this.partitions = List.copyOf(partitions);
    this.lookAgain = lookAgain;
  }

  void change(TopicConfig newConfig, List<Partition> newPartitions) {
    partitions = List.copyOf(newPartitions);
    config = newConfig;
  }

  TopicConfig knownConfig() {
    return config;
  }

  List<Partition> knownPartitions() {
    return partitions;
  }

  /**
   * The name.
   *
   * @return the name, which a topic that was deleted and created again has too
   */
  public String name() {
    return name;
  }

  /**
   * The identity.
   *
   * @return an id that no other topic ever has
   */
  public UUID id() {
    return id;
  }

  /**
   * How the topic is stored.
   *
   * @return the present configuration
   * @throws LogClosedException if another process writes the store, and has deleted the topic
   */
  public TopicConfig config() {
    lookAgain.accept(this);
    return config;
  }

  /**
   * Counts the partitions, with those that another process has added.
   *
   * @return at least 1
   * @throws LogClosedException if another process writes the store, and has deleted the topic
   */
  public int partitionCount() {
    return partitions().size();
  }

  /**
   * Finds a partition.
   *
   * @param number from 0
   * @return the partition
   * @throws IllegalArgumentException if there is no such partition
   */
  public Partition partition(int number) {
    List<Partition> now = partitions;
    if (number >= now.size()) {
      now = partitions();
    }
    if (number < 0 || number >= now.size()) {
      throw new IllegalArgumentException(
          name + " has partitions 0 to " + (now.size() - 1) + ", not " + number);
    }
    return now.get(number);
  }

  /**
   * Lists the partitions, with those that another process has added.
   *
   * @return all of them, by number
   * @throws LogClosedException if another process writes the store, and has deleted the topic
   */
  public List<Partition> partitions() {
    lookAgain.accept(this);
    return partitions;
  }

  /**
   * Finds the partition of a key.
   *
   * @param key the bytes of the key, or null
   * @return the number of the key's partition; for null, that of the next one in turn
   */
  public int partitionFor(byte @Nullable [] key) {
    int count = partitions.size();
    return key == null
        ? (turn.getAndIncrement() & Integer.MAX_VALUE) % count
        : Murmur2.partition(key, count);
  }

  /**
   * Appends a record without a key; see {@link Partition#append(byte[], byte[])}.
   *
   * @param value the value, stored as UTF-8
   * @return where the record is
   * @throws LogException as {@link Partition#append(byte[], byte[])}
   */
  public RecordId append(String value) {
    return append(null, value);
  }

  /**
   * Appends a record; see {@link Partition#append(byte[], byte[])}.
   *
   * @param key the key, or null
   * @param value the value, stored as UTF-8, or null
   * @return where the record is
   * @throws LogException as {@link Partition#append(byte[], byte[])}
   */
  public RecordId append(@Nullable String key, @Nullable String value) {
    return append(Batch.utf8(key), Batch.utf8(value));
  }

  /**
   * Appends a record; see {@link Partition#append(byte[], byte[])}.
   *
   * @param key the key, or null
   * @param value the value, or null
   * @return where the record is
   * @throws LogException as {@link Partition#append(byte[], byte[])}
   */
  public RecordId append(byte @Nullable [] key, byte @Nullable [] value) {
    int number = partitionFor(key);
    return new RecordId(number, partition(number).append(key, value));
  }

  /**
   * Appends an object.
   *
   * @param key the key, or null
   * @param value the value
   * @param codec encodes it
   * @param <V> its type
   * @return where the record is
   * @throws LogException as {@link Partition#append(byte[], byte[])}
   */
  public <V> RecordId append(byte @Nullable [] key, V value, Codec<V> codec) {
    return append(key, codec.encode(value));
  }

  /**
   * Appends the records of a batch, all or none, to one partition.
   *
   * @param batch at least one record; all keys in it belong to the same partition
   * @return where the first record is
   * @throws IllegalArgumentException if the batch is empty, or its keys belong to several
   *     partitions
   * @throws LogException as {@link Partition#append(byte[], byte[])}
   */
  public RecordId append(Batch batch) {
    int number = partitionFor(batch);
    return new RecordId(number, partition(number).append(batch));
  }

  /**
   * Appends a record, and returns when it survives the loss of power too.
   *
   * @param key the key, or null
   * @param value the value, stored as UTF-8, or null
   * @return where the record is
   * @throws LogException as {@link Partition#appendSynced(byte[], byte[])}
   */
  public RecordId appendSynced(@Nullable String key, @Nullable String value) {
    return appendSynced(Batch.utf8(key), Batch.utf8(value));
  }

  /**
   * Appends a record, and returns when it survives the loss of power too.
   *
   * @param key the key, or null
   * @param value the value, or null
   * @return where the record is
   * @throws LogException as {@link Partition#appendSynced(byte[], byte[])}
   */
  public RecordId appendSynced(byte @Nullable [] key, byte @Nullable [] value) {
    int number = partitionFor(key);
    return new RecordId(number, partition(number).appendSynced(key, value));
  }

  /**
   * Appends the records of a batch, and returns when they survive the loss of power too.
   *
   * @param batch as for {@link #append(Batch)}
   * @return where the first record is
   * @throws LogException as {@link Partition#appendSynced(byte[], byte[])}
   */
  public RecordId appendSynced(Batch batch) {
    int number = partitionFor(batch);
    return new RecordId(number, partition(number).appendSynced(batch));
  }

  /**
   * Appends a record, and completes a future when it survives the loss of power too.
   *
   * @param key the key, or null
   * @param value the value, stored as UTF-8, or null
   * @return where the record is; see {@link Partition#appendAsync(byte[], byte[])}
   * @throws LogException as {@link Partition#append(byte[], byte[])}
   */
  public CompletableFuture<RecordId> appendAsync(@Nullable String key, @Nullable String value) {
    return appendAsync(Batch.utf8(key), Batch.utf8(value));
  }

  /**
   * Appends a record, and completes a future when it survives the loss of power too.
   *
   * @param key the key, or null
   * @param value the value, or null
   * @return where the record is; see {@link Partition#appendAsync(byte[], byte[])}
   * @throws LogException as {@link Partition#append(byte[], byte[])}
   */
  public CompletableFuture<RecordId> appendAsync(byte @Nullable [] key, byte @Nullable [] value) {
    int number = partitionFor(key);
    return partition(number)
        .appendAsync(key, value)
        .thenApply(offset -> new RecordId(number, offset));
  }

  /**
   * Appends the records of a batch, and completes a future when they survive the loss of power too.
   *
   * @param batch as for {@link #append(Batch)}
   * @return where the first record is; see {@link Partition#appendAsync(byte[], byte[])}
   * @throws LogException as {@link Partition#append(byte[], byte[])}
   */
  public CompletableFuture<RecordId> appendAsync(Batch batch) {
    int number = partitionFor(batch);
    return partition(number).appendAsync(batch).thenApply(offset -> new RecordId(number, offset));
  }

  private int partitionFor(Batch batch) {
    int count = partitions.size();
    int chosen = -1;
    if (count > 1) {
      RecordCursor records = batch.frame().records();
      while (records.hasNext()) {
        records.next();
        if (records.keyLength() != RecordCursor.ABSENT) {
          byte[] key =
              Codecs.bytesOf(batch.frame().buffer(), records.keyPosition(), records.keyLength());
          int number = Murmur2.partition(key, count);
          if (chosen >= 0 && number != chosen) {
            throw new IllegalArgumentException(
                "the keys of this batch belong to partitions "
                    + chosen
                    + " and "
                    + number
                    + " of "
                    + name
                    + ": make a batch for each, or append to a partition");
          }
          chosen = number;
        }
      }
    }
    return chosen >= 0 ? chosen : partitionFor((byte[]) null);
  }

  /**
   * Reads copies of the records that are there now, those of several partitions merged by append
   * time.
   *
   * @param start where to begin in each partition
   * @return the records up to the log end at the time of {@code iterator()}
   * @throws IllegalArgumentException if the position is an offset and there are several partitions
   */
  public Iterable<Message> read(Position start) {
    List<Partition> all = partitions();
    if (start instanceof Position.AtOffset && all.size() > 1) {
      throw new IllegalArgumentException(
          name
              + " has "
              + all.size()
              + " partitions, each with offsets of its own: read one of them,"
              + " or from a time");
    }
    return () -> new MessageIterator(all, start);
  }

  /**
   * Makes all records durable that were appended before this call.
   *
   * @throws LogException as {@link Partition#flush}
   */
  public void flush() {
    partitions.forEach(Partition::flush);
  }

  @Override
  public String toString() {
    return name;
  }
}
