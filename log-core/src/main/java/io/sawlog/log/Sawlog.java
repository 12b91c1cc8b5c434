package io.sawlog.log;

import io.sawlog.log.file.DiskStorage;
import io.sawlog.log.file.NoSpaceException;
import io.sawlog.log.file.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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
  private final TopicDirectory topics;
  private final OpenStore store;
  private final boolean jmx;
  private final Runnable releaseBackground;
  private volatile boolean closed;

  private Sawlog(
      Path directory,
      TopicDirectory topics,
      OpenStore store,
      boolean jmx,
      Runnable releaseBackground) {
    this.directory = directory;
    this.topics = topics;
    this.store = store;
    this.jmx = jmx;
    this.releaseBackground = releaseBackground;
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

  /** Opens a store for writing in any way there is. */
  static Sawlog open(
      Path path,
      SawlogConfig config,
      Storage storage,
      Background background,
      Runnable releaseBackground) {
    Path directory = path.toAbsolutePath().normalize();
    try {
      new TopicDirectory(storage, directory).createStore();
      StoreGuard.checkFileSystem(storage, directory, config.unsafeFileSystemAllowed());
      WrittenStore store = WrittenStore.open(directory, storage, config, background);
      return new Sawlog(
          directory,
          new TopicDirectory(storage, directory),
          store,
          config.jmx(),
          releaseBackground);
    } catch (IOException e) {
      throw failure("opening " + directory, directory, e);
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
      // a directory that can be listed: said here, for later everything would merely be missing
      storage.list(directory);
      StoreGuard.checkFileSystem(storage, directory, config.unsafeFileSystemAllowed());
    } catch (IOException e) {
      throw failure("opening " + directory, directory, e);
    }
    TopicDirectory topics = new TopicDirectory(storage, directory);
    Path lockFile = directory.resolve(Names.LOCK_FILE);
    OpenStore store = new FollowedStore(topics, lockFile, config.afterPowerLoss());
    return new Sawlog(directory, topics, store, config.jmx(), () -> {});
  }

  /**
   * Finds a topic, creating it with the defaults if it does not exist and the store is open for
   * writing. In a store that is open read-only, a topic that was deleted and created again is
   * another object; the one of before throws {@link LogClosedException}.
   *
   * @param name the name
   * @return the topic
   * @throws TopicNotFoundException if it does not exist and the store was opened read-only
   * @throws InvalidNameException if a topic cannot have this name
   */
  public Topic topic(String name) {
    checkOpen();
    Names.check(name);
    try {
      Topic found = store.find(name);
      if (found != null) {
        return found;
      }
      if (store instanceof WrittenStore written) {
        return written.findOrCreate(name);
      }
      throw notFound(name, directory);
    } catch (IOException e) {
      throw failure("opening topic " + name, directory, e);
    }
  }

  static TopicNotFoundException notFound(String name, Path directory) {
    return new TopicNotFoundException(
        "there is no topic '" + name + "' in " + directory + ": create it, or check the name");
  }

  /**
   * Creates a topic. When this returns, it survives the loss of power. If it fails, the topic may
   * exist all the same; {@link #topic} opens it then.
   *
   * @param name the name: 1 to 249 of {@code A-Z a-z 0-9 . _ -}, no leading dot
   * @param topicConfig how to store it
   * @return the topic
   * @throws TopicExistsException if it exists
   * @throws InvalidNameException if a topic cannot have this name
   * @throws LogFullException if the disk is full
   * @throws ReadOnlyLogException if the store was opened read-only
   */
  public Topic createTopic(String name, TopicConfig topicConfig) {
    WrittenStore written = writable();
    Names.check(name);
    try {
      return written.create(name, topicConfig);
    } catch (IOException e) {
      throw failure("creating topic " + name, directory, e);
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
  public Topic alterTopic(String name, TopicConfig changed) {
    WrittenStore written = writable();
    Names.check(name);
    try {
      return written.alter(name, changed);
    } catch (IOException e) {
      throw failure("altering topic " + name, directory, e);
    }
  }

  /**
   * Deletes a topic and its records. Tailers and appends that are under way fail.
   *
   * @param name the topic
   * @throws TopicNotFoundException if it does not exist
   * @throws ReadOnlyLogException if the store was opened read-only
   */
  public void deleteTopic(String name) {
    WrittenStore written = writable();
    Names.check(name);
    try {
      written.delete(name);
    } catch (IOException e) {
      throw failure("deleting topic " + name, directory, e);
    }
  }

  private static LogException failure(String what, Path directory, IOException e) {
    return e instanceof NoSpaceException full
        ? new LogFullException(what + " failed", directory, full)
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
    return topics.exists(name);
  }

  /**
   * Lists the topics.
   *
   * @return their names, sorted
   */
  public List<String> topicNames() {
    checkOpen();
    try {
      return topics.names();
    } catch (IOException e) {
      throw failure("listing " + directory, directory, e);
    }
  }

  /**
   * Tells what opening found and did.
   *
   * @return the report, empty if the store had been closed cleanly or was opened read-only
   */
  public RecoveryReport recoveryReport() {
    return store instanceof WrittenStore written
        ? written.recoveryReport()
        : new RecoveryReport(List.of());
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
    return store instanceof FollowedStore;
  }

  /**
   * Tells whether the store was opened with {@link SawlogConfig#withJmx}.
   *
   * @return whether its figures, and those of the groups hosted through it, are shown as MBeans
   */
  public boolean hasMBeans() {
    return jmx;
  }

  /**
   * Tells who has the store open for writing now.
   *
   * @return the process in words, which may be this one; empty if nobody has
   * @throws LogIoException if the lock file cannot be looked at
   */
  public Optional<String> writer() {
    checkOpen();
    try {
      return Optional.ofNullable(topics.lockHolder()).map(StoreGuard::holder);
    } catch (IOException e) {
      throw failure("looking at the lock of " + directory, directory, e);
    }
  }

  /**
   * Makes all records of all topics durable that were appended before this call. Topics that are
   * deleted meanwhile do not count.
   *
   * @throws LogException as {@link Partition#flush}
   */
  public void flush() {
    writable().flush();
  }

  private void checkOpen() {
    if (closed) {
      throw new LogClosedException("the store " + directory + " is closed");
    }
  }

  private WrittenStore writable() {
    checkOpen();
    if (store instanceof WrittenStore written) {
      return written;
    }
    throw new ReadOnlyLogException(
        "the store " + directory + " was opened read-only: open it with Sawlog.open");
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
    try {
      store.close();
    } finally {
      releaseBackground.run();
    }
  }
}
