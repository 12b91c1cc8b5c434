package io.sawlog.log;

import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A store that this process writes: its lock, and all its topics, open from the beginning. */
final class WrittenStore implements OpenStore {
  private final Path path;
  private final TopicDirectory directory;
  private final SawlogConfig config;
  private final Background background;
  private final StorageLock lock;
  private final @Nullable StoreBeans beans;
  private final Map<String, OpenTopic> topics = new ConcurrentHashMap<>();
  private final List<RecoveryReport.PartitionRecovery> recoveries = new ArrayList<>();
  private volatile boolean closed;

  /** A topic with the inner side of its partitions. */
  private record OpenTopic(Topic topic, List<OpenPartition> partitions) {}

  private WrittenStore(
      Path path,
      TopicDirectory directory,
      SawlogConfig config,
      Background background,
      StorageLock lock,
      @Nullable StoreBeans beans) {
    this.path = path;
    this.directory = directory;
    this.config = config;
    this.background = background;
    this.lock = lock;
    this.beans = beans;
  }

  /** Locks the store, finishes what an earlier life left undone, and opens its topics. */
  static WrittenStore open(Path path, Storage storage, SawlogConfig config, Background background)
      throws IOException {
    StorageLock lock = StoreGuard.lock(storage, path);
    StoreBeans beans = config.jmx() ? StoreBeans.register(path) : null;
    WrittenStore store =
        new WrittenStore(path, new TopicDirectory(storage, path), config, background, lock, beans);
    try {
      store.directory.deleteLeftovers();
      for (String name : store.directory.names()) {
        store.openTopic(name, store.directory.read(name));
      }
      return store;
    } catch (IOException | RuntimeException e) {
      try {
        store.close();
      } catch (RuntimeException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  private OpenTopic openTopic(String name, TopicProperties properties) throws IOException {
    Topic topic =
        new Topic(
            name,
            properties.topicId(),
            properties.config(),
            List.of(),
            same -> {
              // nobody but this process changes it
            });
    OpenTopic open = new OpenTopic(topic, new CopyOnWriteArrayList<>());
    try {
      addPartitions(open, properties.config());
    } catch (IOException | RuntimeException e) {
      try {
        close(open, new LogClosedException("topic '" + name + "' could not be opened"));
      } catch (RuntimeException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
    topics.put(name, open);
    return open;
  }

  /** Opens the partitions that a topic does not have open yet. */
  private void addPartitions(OpenTopic topic, TopicConfig topicConfig) throws IOException {
    String name = topic.topic().name();
    for (int number = topic.partitions().size(); number < topicConfig.partitions(); number++) {
      PartitionPlace place = directory.partition(name, topic.topic().id(), number);
      OpenPartition opened =
          OpenPartition.open(place, topicConfig, config, background, this::stopWriting);
      topic.partitions().add(opened);
      background.add(opened);
      if (beans != null) {
        beans.add(opened);
      }
      if (opened.recovery() != null) {
        recoveries.add(opened.recovery());
      }
    }
    List<Partition> partitions = new ArrayList<>();
    for (OpenPartition partition : topic.partitions()) {
      partitions.add(new Partition(partition, partition));
    }
    topic.topic().change(topicConfig, partitions);
  }

  @Override
  public @Nullable Topic find(String name) {
    OpenTopic open = topics.get(name);
    return open == null ? null : open.topic();
  }

  /** Two threads may ask for the same new topic at once: one of them creates it. */
  synchronized Topic findOrCreate(String name) throws IOException {
    OpenTopic found = openIfExists(name);
    return found != null ? found.topic() : create(name, TopicConfig.defaults());
  }

  /**
   * Finds a topic. One that exists and is not open was left by a call that has failed half-way: in
   * creating it, before it was open, or in deleting it, when it was closed already.
   */
  private @Nullable OpenTopic openIfExists(String name) throws IOException {
    checkOpen();
    OpenTopic open = topics.get(name);
    if (open != null || !directory.exists(name)) {
      return open;
    }
    directory.deleteLeftovers();
    return openTopic(name, directory.read(name));
  }

  /** A call that came before the closing may get its turn after it: the lock is gone then. */
  private void checkOpen() {
    if (closed) {
      throw new LogClosedException("the store " + path + " is closed");
    }
  }

  synchronized Topic create(String name, TopicConfig topicConfig) throws IOException {
    if (openIfExists(name) != null) {
      throw new TopicExistsException(
          "topic '" + name + "' exists already in " + path + ": alter it, or delete it first");
    }
    return openTopic(name, directory.create(name, topicConfig)).topic();
  }

  synchronized Topic alter(String name, TopicConfig changed) throws IOException {
    OpenTopic open = existing(name);
    Topic topic = open.topic();
    if (changed.partitions() < topic.partitionCount()) {
      throw new IllegalArgumentException(
          "topic '"
              + name
              + "' has "
              + topic.partitionCount()
              + " partitions, which cannot be taken away");
    }
    directory.alter(name, new TopicProperties(topic.id(), topic.config()), changed);
    open.partitions().forEach(partition -> partition.writer().config(changed));
    addPartitions(open, changed);
    return topic;
  }

  synchronized void delete(String name) throws IOException {
    OpenTopic open = existing(name);
    LogClosedException reason = new LogClosedException("topic '" + name + "' was deleted");
    for (OpenPartition partition : open.partitions()) {
      leave(partition);
      try {
        partition.close(reason, Hints.Life.DELETED);
      } catch (LogException e) {
        // records that could not be made durable go with the topic
        reason.addSuppressed(e);
      }
    }
    topics.remove(name);
    directory.delete(name);
  }

  private OpenTopic existing(String name) throws IOException {
    OpenTopic open = openIfExists(name);
    if (open == null) {
      throw Sawlog.notFound(name, path);
    }
    return open;
  }

  void flush() {
    for (OpenTopic open : topics.values()) {
      try {
        open.topic().flush();
      } catch (LogClosedException e) {
        // what was deleted meanwhile need not be durable
        if (closed) {
          throw e;
        }
      }
    }
  }

  synchronized RecoveryReport recoveryReport() {
    return new RecoveryReport(recoveries);
  }

  /** A store into a mapping was lost: memory that belongs to the store cannot be trusted. */
  private void stopWriting() {
    for (OpenTopic topic : topics.values()) {
      for (OpenPartition partition : topic.partitions()) {
        if (partition.writer().stopped() == null) {
          partition
              .writer()
              .fail(
                  "the store was stopped, because a store into another partition was lost",
                  new IOException("see the other one"));
        }
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    LogClosedException reason = new LogClosedException("the store " + path + " is closed");
    Failures failures = new Failures();
    topics.values().forEach(topic -> failures.run(() -> close(topic, reason)));
    if (beans != null) {
      beans.close();
    }
    if (!hasUnfinishedAppend()) {
      failures.run(lock::close);
    }
    failures.throwFirst();
  }

  /** A thread that is stuck in an append may write on when it wakes up: nobody else may then. */
  private boolean hasUnfinishedAppend() {
    return topics.values().stream()
        .flatMap(topic -> topic.partitions().stream())
        .anyMatch(partition -> partition.writer().hasUnfinishedAppend());
  }

  /** From now on nobody but this thread has to do with a partition, which is to be closed. */
  private void leave(OpenPartition partition) {
    background.remove(partition);
    if (beans != null) {
      beans.remove(partition);
    }
  }

  private void close(OpenTopic topic, LogClosedException reason) {
    Failures failures = new Failures();
    for (OpenPartition partition : topic.partitions()) {
      leave(partition);
      failures.run(() -> partition.close(reason, Hints.Life.CLOSED));
    }
    failures.throwFirst();
  }
}
