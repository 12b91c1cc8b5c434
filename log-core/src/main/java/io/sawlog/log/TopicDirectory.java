package io.sawlog.log;

import io.sawlog.log.file.Storage;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Creates and deletes topics as directories of a store, in one visible step: built and taken down
 * under a name with a leading dot, which is no topic's name.
 */
final class TopicDirectory {
  private static final String CREATING = ".creating-";
  private static final String DELETING = ".deleting-";

  private final Storage storage;
  private final Path store;

  TopicDirectory(Storage storage, Path store) {
    this.storage = storage;
    this.store = store;
  }

  /**
   * Creates the directory of a store, and makes it durable with the parents that it needs: one
   * after the other, so that whatever exists below another one was made durable, if not itself.
   */
  void createStore() throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    Path at = store;
    while (at.getParent() != null && !storage.exists(at)) {
      missing.push(at);
      at = at.getParent();
    }
    if (missing.isEmpty() && !names().isEmpty()) {
      return;
    }
    forceParentOf(at);
    for (Path directory : missing) {
      storage.createDirectory(directory);
      forceParentOf(directory);
    }
  }

  private void forceParentOf(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (parent != null) {
      try {
        storage.forceDirectory(parent);
      } catch (AccessDeniedException e) {
        // whoever may not read it has not made this directory either
      }
    }
  }

  /** What the process wrote about itself that holds the lock of the store; null if none does. */
  @Nullable String lockHolder() throws IOException {
    return storage.lockHolder(store.resolve(Names.LOCK_FILE));
  }

  Path path(String topic) {
    return store.resolve(topic);
  }

  /** A topic that has lost its properties is one all the same: its name is not free. */
  boolean exists(String topic) {
    return Names.isLegal(topic)
        && (storage.exists(path(topic).resolve(TopicProperties.FILE_NAME))
            || storage.exists(path(topic).resolve("0")));
  }

  /** The names of all topics, sorted. */
  List<String> names() throws IOException {
    return storage.list(store).stream().filter(this::exists).sorted().toList();
  }

  /**
   * Reads what an existing topic is. The life before may have been killed between a change and its
   * force.
   */
  TopicProperties read(String topic) throws IOException {
    storage.forceDirectory(path(topic));
    TopicProperties properties = properties(topic);
    checkPartitions(topic, properties.config().partitions());
    return properties;
  }

  /**
   * Reads the properties of a topic.
   *
   * @throws NoSuchFileException if the topic was deleted meanwhile
   * @throws CorruptLogException if the file is damaged, or missing in what is a topic otherwise
   */
  TopicProperties properties(String topic) throws IOException {
    try {
      return TopicProperties.read(storage, path(topic));
    } catch (NoSuchFileException e) {
      if (exists(topic)) {
        throw damaged(topic, "is missing");
      }
      throw e;
    }
  }

  /**
   * Checks that there are so many partitions: neither may one be opened as an empty one that had
   * records, nor one that has records be left out, or made anew when the topic grows.
   */
  void checkPartitions(String topic, int count) throws IOException {
    for (int number = 0; number < count; number++) {
      if (!storage.exists(path(topic).resolve(Integer.toString(number)))) {
        throw contradicted(topic, count, number);
      }
    }
    Path next = path(topic).resolve(Integer.toString(count));
    if (storage.exists(next) && !TopicRemains.segments(storage, next).isEmpty()) {
      throw contradicted(topic, count, count);
    }
  }

  private CorruptLogException contradicted(String topic, int count, int number) {
    return damaged(topic, "is wrong: " + TopicRepair.contradiction(path(topic), count, number));
  }

  private CorruptLogException damaged(String topic, String problem) {
    return new CorruptLogException(
        path(topic).resolve(TopicProperties.FILE_NAME)
            + " "
            + problem
            + ": 'sawlog repair' shows what can be saved, or restore it from a backup");
  }

  PartitionPlace partition(String topic, UUID topicId, int number) {
    return new PartitionPlace(
        storage, path(topic).resolve(Integer.toString(number)), topic, topicId, number);
  }

  /** Makes a new topic durable. */
  TopicProperties create(String topic, TopicConfig config) throws IOException {
    TopicProperties properties = new TopicProperties(UUID.randomUUID(), config);
    // not by the topic's name, which may have the full length of a file name already
    Path building = store.resolve(CREATING + properties.topicId());
    Path made = building;
    try {
      storage.createDirectory(building);
      for (int number = 0; number < config.partitions(); number++) {
        createPartition(building, properties.topicId(), number);
      }
      properties.write(storage, building);
      storage.rename(building, path(topic));
      made = path(topic);
      storage.forceDirectory(store);
      return properties;
    } catch (IOException e) {
      takeBack(made, building, e);
      throw e;
    }
  }

  /**
   * A name whose force has failed is given up: another force of the same name might do nothing. The
   * files go only when the name has gone for good, or it could come back without them.
   */
  private void takeBack(Path made, Path building, IOException failure) {
    try {
      if (!made.equals(building)) {
        storage.rename(made, building);
        storage.forceDirectory(store);
      }
      deleteTree(building);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private void createPartition(Path directory, UUID topicId, int number) throws IOException {
    Path partition = directory.resolve(Integer.toString(number));
    storage.createDirectory(partition);
    PartitionState state =
        new PartitionState(
            0,
            topicId,
            number,
            0,
            PartitionState.Status.CLEAN,
            LogTail.EMPTY,
            PartitionState.UNKNOWN_BOOT,
            new Storage.FileId(0, 0),
            0);
    PartitionMeta.create(storage, partition, state);
    storage.forceDirectory(partition);
  }

  /** Makes a changed configuration durable, with the partitions that it adds. */
  void alter(String topic, TopicProperties present, TopicConfig changed) throws IOException {
    Path directory = path(topic);
    // an alteration that has failed may have come as far as the file, and its partitions count
    int count = TopicProperties.read(storage, directory).config().partitions();
    checkPartitions(topic, count);
    for (int number = count; number < changed.partitions(); number++) {
      // an earlier attempt that was cut short may have left one, which never had a record
      deleteTree(directory.resolve(Integer.toString(number)));
      createPartition(directory, present.topicId(), number);
    }
    storage.forceDirectory(directory);
    new TopicProperties(present.topicId(), changed).write(storage, directory);
  }

  /** Makes the end of a topic durable, then deletes its files. */
  void delete(String topic) throws IOException {
    Path doomed = store.resolve(DELETING + UUID.randomUUID());
    storage.rename(path(topic), doomed);
    storage.forceDirectory(store);
    deleteTree(doomed);
  }

  /**
   * Finishes what an earlier life, or an earlier call, began and did not end. The renames become
   * durable first: a topic must not come back without its files, nor go with its records.
   */
  void deleteLeftovers() throws IOException {
    storage.forceDirectory(store);
    for (String name : storage.list(store)) {
      if (name.startsWith(CREATING) || name.startsWith(DELETING)) {
        deleteTree(store.resolve(name));
      }
    }
  }

  private void deleteTree(Path path) throws IOException {
    if (!storage.exists(path)) {
      return;
    }
    List<String> names;
    try {
      names = storage.list(path);
    } catch (NotDirectoryException e) {
      names = List.of();
    }
    for (String name : names) {
      deleteTree(path.resolve(name));
    }
    storage.delete(path);
  }
}
