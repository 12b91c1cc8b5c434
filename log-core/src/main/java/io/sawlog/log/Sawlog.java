package io.sawlog.log;

import io.sawlog.log.file.DiskStorage;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store of logs in a directory. One process at a time opens it for writing; any number of others
 * read it meanwhile.
 *
 * <pre>{@code
 * try (Sawlog log = Sawlog.open(Path.of("data"))) {
 *   Topic orders = log.topic("orders");
 *   orders.append("alice", "order-1");
 *   for (Message m : orders.read(Position.earliest())) System.out.println(m.valueAsString());
 * }
 * }</pre>
 *
 * <p>The JVM must be started with {@code --add-opens java.base/jdk.internal.misc=ALL-UNNAMED}.
 * Thread-safe. Everything obtained from a store throws {@link LogClosedException} once it is
 * closed.
 */
public final class Sawlog implements AutoCloseable {
  private final Path directory;
  private final Storage storage;
  private final SawlogConfig config;
  private final TopicDirectory topicDirectory;
  private final Background background;
  private final Runnable releaseBackground;
  private final @Nullable StorageLock lock;
  private final Map<String, OpenTopic> topics = new ConcurrentHashMap<>();
  private final List<RecoveryReport.PartitionRecovery> recoveries = new ArrayList<>();
  private volatile boolean closed;

  /** A topic and the sides of its partitions that the engine knows. */
  private record OpenTopic(
      Topic topic, List<OpenPartition> written, List<PartitionFollower> followed) {}

  private Sawlog(
      Path directory,
      Storage storage,
      SawlogConfig config,
      Background background,
      Runnable releaseBackground,
      @Nullable StorageLock lock) {
    this.directory = directory;
    this.storage = storage;
    this.config = config;
    this.background = background;
    this.releaseBackground = releaseBackground;
    this.lock = lock;
    this.topicDirectory = new TopicDirectory(storage, directory);
  }

  /**
   * Opens a store for writing, recovering it if it was not closed. The directory is created if it
   * does not exist.
   *
   * @param directory the store, on a local file system
   * @return the store, to be closed by the caller
   * @throws StoreLockedException if it is open for writing, here or in another process
   * @throws MissingJvmFlagException if the JVM lacks its flag
   * @throws CorruptLogException if durable bytes are damaged; nothing was changed
   * @throws UnsupportedFormatException if a newer version wrote it
   * @throws UnsafeFileSystemException if the file system can lose synced records
   * @throws LogIoException if a file cannot be read or written
   */
  public static Sawlog open(Path directory) {
    return open(directory, SawlogConfig.defaults());
  }

  /**
   * Opens a store for writing.
   *
   * @param directory the store
   * @param config how to open it
   * @return the store, to be closed by the caller
   * @throws LogException as {@link #open(Path)}
   */
  public static Sawlog open(Path directory, SawlogConfig config) {
    StoreGuard.checkJvm();
    Background background = Background.acquire();
    try {
      return open(directory, config, DiskStorage.open(), background, Background::release);
    } catch (RuntimeException e) {
      Background.release();
      throw e;
    }
  }

  /** Opens a store for writing on any storage, with a background that somebody else drives. */
  static Sawlog open(Path directory, Storage storage, Background background) {
    return open(directory, SawlogConfig.defaults(), storage, background, () -> {});
  }

  private static Sawlog open(
      Path path,
      SawlogConfig config,
      Storage storage,
      Background background,
      Runnable releaseBackground) {
    Path directory = path.toAbsolutePath().normalize();
    StorageLock lock = null;
    Sawlog store = null;
    try {
      storage.createDirectory(directory);
      StoreGuard.checkFileSystem(storage, directory, config.unsafeFileSystemAllowed());
      lock = StoreGuard.lock(storage, directory);
      store = new Sawlog(directory, storage, config, background, releaseBackground, lock);
      store.openTopics();
      return store;
    } catch (IOException | RuntimeException e) {
      if (store != null) {
        store.closePartitions(suppressInto(e));
      }
      closeQuietly(lock, e);
      throw e instanceof LogException known ? known : opening(directory, e);
    }
  }

  private static RuntimeException opening(Path directory, Exception e) {
    return e instanceof IOException io
        ? new LogIoException("opening " + directory + " failed: " + io.getMessage(), io)
        : (RuntimeException) e;
  }

  private static void closeQuietly(@Nullable StorageLock lock, Exception cause) {
    if (lock != null) {
      try {
        lock.close();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }

  /**
   * Opens a store for reading. What another process appends is seen at once; if no process has it
   * open for writing, the records are shown that recovery would keep, and nothing is changed.
   *
   * @param directory an existing store
   * @return the store, to be closed by the caller
   * @throws LogException as {@link #open(Path)}, except for {@link StoreLockedException}
   */
  public static Sawlog openReadOnly(Path directory) {
    return openReadOnly(directory, SawlogConfig.defaults());
  }

  /**
   * Opens a store for reading.
   *
   * @param directory an existing store
   * @param config how to open it
   * @return the store, to be closed by the caller
   * @throws LogException as {@link #openReadOnly(Path)}
   */
  public static Sawlog openReadOnly(Path directory, SawlogConfig config) {
    StoreGuard.checkJvm();
    return openReadOnly(directory, config, DiskStorage.open());
  }

  static Sawlog openReadOnly(Path path, SawlogConfig config, Storage storage) {
    Path directory = path.toAbsolutePath().normalize();
    if (!storage.exists(directory)) {
      throw new LogIoException(
          "there is no store at " + directory + ": check the path, or open it for writing first");
    }
    try {
      StoreGuard.checkFileSystem(storage, directory, config.unsafeFileSystemAllowed());
    } catch (IOException e) {
      throw opening(directory, e);
    }
    Background idle = new Background(System::currentTimeMillis);
    return new Sawlog(directory, storage, config, idle, () -> {}, null);
  }

  private void openTopics() throws IOException {
    topicDirectory.deleteLeftovers();
    for (String name : topicDirectory.names()) {
      topics.put(name, openTopic(name));
    }
  }

  private OpenTopic openTopic(String name) throws IOException {
    TopicProperties properties = TopicProperties.read(storage, topicDirectory.path(name));
    List<OpenPartition> written = new ArrayList<>();
    List<PartitionFollower> followed = new ArrayList<>();
    List<Partition> partitions = new ArrayList<>();
    try {
      for (int number = 0; number < properties.config().partitions(); number++) {
        PartitionPlace place = topicDirectory.partition(name, properties.topicId(), number);
        if (lock != null) {
          OpenPartition opened = openPartition(place, properties.config());
          written.add(opened);
          partitions.add(new Partition(opened, opened, background));
        } else {
          PartitionFollower follower =
              PartitionFollower.open(
                  place,
                  properties.config(),
                  directory.resolve(Names.LOCK_FILE),
                  config.afterPowerLoss());
          followed.add(follower);
          partitions.add(new Partition(follower, null, background));
        }
      }
    } catch (IOException | RuntimeException e) {
      close(new OpenTopic(dummy(name, properties), written, followed), suppressInto(e));
      throw e;
    }
    Topic topic = new Topic(name, properties.topicId(), properties.config(), partitions);
    return new OpenTopic(topic, written, followed);
  }

  private static Topic dummy(String name, TopicProperties properties) {
    return new Topic(name, properties.topicId(), properties.config(), List.of());
  }

  private OpenPartition openPartition(PartitionPlace place, TopicConfig topicConfig)
      throws IOException {
    OpenPartition opened =
        OpenPartition.open(place, topicConfig, config, background.clock(), this::stopWriting);
    if (opened.recovery() != null) {
      recoveries.add(opened.recovery());
    }
    background.add(opened);
    return opened;
  }

  /** A store into a mapping was lost: memory that belongs to the store cannot be trusted. */
  private void stopWriting() {
    for (OpenTopic topic : topics.values()) {
      for (OpenPartition partition : topic.written()) {
        if (partition.writer().stopped() == null) {
          partition
              .writer()
              .fail(
                  "the store was stopped, another partition lost a store",
                  new IOException("see that partition"));
        }
      }
    }
  }

  /**
   * Finds a topic, creating it with the defaults if it does not exist and the store is open for
   * writing.
   *
   * @param name the name
   * @return the topic
   * @throws TopicNotFoundException if it does not exist and the store was opened read-only
   * @throws InvalidNameException if a topic cannot have this name
   */
  public Topic topic(String name) {
    checkOpen();
    OpenTopic known = topics.get(Names.check(name));
    if (known != null) {
      return known.topic();
    }
    synchronized (this) {
      if (lock != null && !hasTopic(name)) {
        return createTopic(name, TopicConfig.defaults());
      }
      return openExisting(name).topic();
    }
  }

  private synchronized OpenTopic openExisting(String name) {
    OpenTopic known = topics.get(name);
    if (known != null) {
      return known;
    }
    if (!topicDirectory.exists(name)) {
      throw new TopicNotFoundException(
          "there is no topic '" + name + "' in " + directory + ": create it, or check the name");
    }
    try {
      OpenTopic opened = openTopic(name);
      topics.put(name, opened);
      return opened;
    } catch (IOException e) {
      throw new LogIoException("opening topic " + name + " failed: " + e.getMessage(), e);
    }
  }

  /**
   * Creates a topic. When this returns, it survives the loss of power.
   *
   * @param name the name: 1 to 249 of {@code A-Z a-z 0-9 . _ -}, no leading dot
   * @param topicConfig how to store it
   * @return the topic
   * @throws TopicExistsException if it exists
   * @throws InvalidNameException if a topic cannot have this name
   * @throws LogFullException if the disk is full
   * @throws ReadOnlyLogException if the store was opened read-only
   */
  public synchronized Topic createTopic(String name, TopicConfig topicConfig) {
    checkWritable();
    if (topics.containsKey(Names.check(name))) {
      throw new TopicExistsException(
          "topic '" + name + "' exists already in " + directory + ": alter it, or delete it first");
    }
    try {
      topicDirectory.create(name, topicConfig);
      OpenTopic created = openTopic(name);
      topics.put(name, created);
      return created.topic();
    } catch (IOException e) {
      throw changing("creating topic " + name, e);
    }
  }

  /**
   * Changes how a topic is stored. Sizes hold for segments that are begun afterwards.
   *
   * @param name the topic
   * @param changed the new configuration, with at least as many partitions as the topic has. More
   *     of them change the partition that a key chooses
   * @return the topic, the same object as before
   * @throws TopicNotFoundException if it does not exist
   * @throws IllegalArgumentException if it would lose partitions
   * @throws ReadOnlyLogException if the store was opened read-only
   */
  public synchronized Topic alterTopic(String name, TopicConfig changed) {
    checkWritable();
    OpenTopic open = openExisting(Names.check(name));
    int count = open.topic().partitionCount();
    if (changed.partitions() < count) {
      throw new IllegalArgumentException(
          "topic '" + name + "' has " + count + " partitions, which cannot be taken away");
    }
    TopicProperties present = new TopicProperties(open.topic().id(), open.topic().config());
    try {
      topicDirectory.alter(name, present, changed);
      List<Partition> partitions = new ArrayList<>(open.topic().partitions());
      for (int number = count; number < changed.partitions(); number++) {
        OpenPartition added =
            openPartition(topicDirectory.partition(name, present.topicId(), number), changed);
        open.written().add(added);
        partitions.add(new Partition(added, added, background));
      }
      open.written().forEach(partition -> partition.writer().config(changed));
      open.topic().change(changed, partitions);
      return open.topic();
    } catch (IOException e) {
      throw changing("altering topic " + name, e);
    }
  }

  /**
   * Deletes a topic and its records. Tailers and appends that are under way fail.
   *
   * @param name the topic
   * @throws TopicNotFoundException if it does not exist
   * @throws ReadOnlyLogException if the store was opened read-only
   */
  public synchronized void deleteTopic(String name) {
    checkWritable();
    OpenTopic open = openExisting(Names.check(name));
    LogClosedException reason = new LogClosedException("topic '" + name + "' was deleted");
    for (OpenPartition partition : open.written()) {
      background.remove(partition);
      try {
        partition.close(reason, Hints.Life.DELETED);
      } catch (LogException e) {
        reason.addSuppressed(e);
      }
    }
    topics.remove(name);
    try {
      topicDirectory.delete(name);
    } catch (IOException e) {
      throw changing("deleting topic " + name, e);
    }
  }

  private static LogException changing(String what, IOException e) {
    return e instanceof io.sawlog.log.file.NoSpaceException
        ? new LogFullException(what + ": the disk is full: " + e.getMessage(), e)
        : new LogIoException(what + " failed: " + e.getMessage(), e);
  }

  /**
   * Tells whether a topic exists.
   *
   * @param name any text
   * @return whether it exists
   */
  public boolean hasTopic(String name) {
    checkOpen();
    return topics.containsKey(name) || topicDirectory.exists(name);
  }

  /**
   * Lists the topics.
   *
   * @return their names, sorted
   */
  public List<String> topicNames() {
    checkOpen();
    try {
      return topicDirectory.names();
    } catch (IOException e) {
      throw new LogIoException("listing " + directory + " failed: " + e.getMessage(), e);
    }
  }

  /**
   * Tells what opening found and did.
   *
   * @return the report, empty if the store had been closed cleanly or was opened read-only
   */
  public synchronized RecoveryReport recoveryReport() {
    return new RecoveryReport(recoveries);
  }

  /**
   * The store.
   *
   * @return its directory, absolute
   */
  public Path directory() {
    return directory;
  }

  /**
   * Tells how the store was opened.
   *
   * @return whether it was opened read-only
   */
  public boolean isReadOnly() {
    return lock == null;
  }

  /**
   * Makes all records of all topics durable that were appended before this call.
   *
   * @throws LogException as {@link Partition#flush}
   */
  public void flush() {
    checkWritable();
    topics.values().forEach(open -> open.topic().flush());
  }

  private void checkOpen() {
    if (closed) {
      throw new LogClosedException("the store " + directory + " is closed");
    }
  }

  private void checkWritable() {
    checkOpen();
    if (lock == null) {
      throw new ReadOnlyLogException(
          "the store " + directory + " was opened read-only: open it with Sawlog.open");
    }
  }

  /**
   * Makes everything durable and closes the store. Appends that are under way either finish first
   * or fail. Calling it again does nothing.
   *
   * @throws LogException if not everything became durable; the store is closed all the same, and
   *     the next opening recovers it
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    List<RuntimeException> failures = new ArrayList<>();
    closePartitions(failures::add);
    if (lock != null) {
      try {
        lock.close();
      } catch (IOException e) {
        failures.add(new LogIoException("releasing the lock of " + directory + " failed", e));
      }
    }
    releaseBackground.run();
    if (!failures.isEmpty()) {
      RuntimeException first = failures.get(0);
      failures.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }

  private void closePartitions(Consumer<RuntimeException> onFailure) {
    topics.values().forEach(topic -> close(topic, onFailure));
  }

  private void close(OpenTopic topic, Consumer<RuntimeException> onFailure) {
    LogClosedException reason = new LogClosedException("the store " + directory + " is closed");
    for (OpenPartition partition : topic.written()) {
      background.remove(partition);
      try {
        partition.close(reason, Hints.Life.CLOSED);
      } catch (RuntimeException e) {
        onFailure.accept(e);
      }
    }
    for (PartitionFollower follower : topic.followed()) {
      try {
        follower.close();
      } catch (IOException e) {
        onFailure.accept(new LogIoException("closing " + follower.place().name() + " failed", e));
      }
    }
  }

  private static Consumer<RuntimeException> suppressInto(Exception cause) {
    return cause::addSuppressed;
  }
}
