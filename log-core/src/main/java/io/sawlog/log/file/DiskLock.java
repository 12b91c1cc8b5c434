package io.sawlog.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a store, and the register of all that this process holds.
 *
 * <p>A POSIX lock belongs to the process, and is lost when the process closes <i>any</i> descriptor
 * of the file. So a lock file is opened only here, by one thread at a time, and not at all while
 * this process holds it. Files are told apart by inode, whatever path leads to them. Deleting or
 * replacing a lock file that is held breaks the lock: the next process then locks another file.
 *
 * <pre>
 *   byte 0   '#'    locked by the writer
 *   byte 1   LF     locked by the writer; tried for a moment by whoever asks if a writer lives
 *   byte 2.. UTF-8  what the writer says about itself (kept when it ends)
 * </pre>
 *
 * The text keeps clear of the locked bytes, because locks are mandatory on Windows.
 */
final class DiskLock implements StorageLock {
  private static final int WRITER = 0;
  private static final int LIVENESS = 1;
  private static final int TEXT = 2;
  private static final int MAX_TEXT_BYTES = 64 << 10;
  private static final long PROBE_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long PROBE_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private static final Map<Object, DiskLock> HELD = new HashMap<>();

  // A second class loader may bring a second copy of this class. Its descriptors count too: those
  // opened here before that was noticed stay open as long as it holds the lock, and a string is the
  // same object for both.
  private static final Map<Object, UninterruptibleChannel> FOREIGN = new HashMap<>();
  private static final Object ONE_AT_A_TIME = "io.sawlog.log.file.DiskLock".intern();

  private final Object key;
  private final UninterruptibleChannel channel;
  private final String holder;

  // The JDK forgets a lock that nobody refers to, though the system keeps it.
  @SuppressWarnings("unused")
  private final List<FileLock> locks;

  private DiskLock(
      Object key, UninterruptibleChannel channel, List<FileLock> locks, String holder) {
    this.key = key;
    this.channel = channel;
    this.locks = locks;
    this.holder = holder;
  }

  static @Nullable DiskLock tryTake(Path file, String holder) throws IOException {
    synchronized (ONE_AT_A_TIME) {
      try {
        Files.createFile(file);
      } catch (FileAlreadyExistsException e) {
        // The usual case: a lock file is never deleted.
      } catch (IOException e) {
        throw DiskErrors.naming("create", file, e);
      }
      Object key = keyOf(file);
      if (HELD.containsKey(key) || foreign(key) != null) {
        return null;
      }
      UninterruptibleChannel channel =
          UninterruptibleChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
      boolean keep = false;
      try {
        List<FileLock> locks = lock(file, channel);
        if (locks.isEmpty()) {
          return null;
        }
        introduce(channel, holder);
        DiskLock lock = new DiskLock(key, channel, locks, holder);
        HELD.put(key, lock);
        keep = true;
        return lock;
      } catch (OverlappingFileLockException e) {
        FOREIGN.put(key, channel);
        keep = true;
        return null;
      } finally {
        if (!keep) {
          channel.close();
        }
      }
    }
  }

  static @Nullable String holder(Path file) throws IOException {
    synchronized (ONE_AT_A_TIME) {
      Object key;
      try {
        key = keyOf(file);
      } catch (NoSuchFileException e) {
        return null;
      }
      DiskLock own = HELD.get(key);
      if (own != null) {
        return own.holder;
      }
      UninterruptibleChannel foreign = foreign(key);
      if (foreign != null) {
        return text(foreign);
      }
      // A shared lock needs no right to write, so a store can be probed by who may only read it.
      UninterruptibleChannel channel = UninterruptibleChannel.open(file, StandardOpenOption.READ);
      boolean keep = false;
      try {
        return channel.tryLock(LIVENESS, true) == null ? text(channel) : null;
      } catch (OverlappingFileLockException e) {
        FOREIGN.put(key, channel);
        keep = true;
        return text(channel);
      } finally {
        if (!keep) {
          channel.close();
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (ONE_AT_A_TIME) {
      if (HELD.remove(key, this)) {
        channel.close();
      }
    }
  }

  /** Returns the open channel of a file that another copy of this class holds, or null. */
  private static @Nullable UninterruptibleChannel foreign(Object key) throws IOException {
    UninterruptibleChannel channel = FOREIGN.get(key);
    if (channel == null) {
      return null;
    }
    try {
      channel.tryLock(LIVENESS, true);
      FOREIGN.remove(key);
      channel.close();
      return null;
    } catch (OverlappingFileLockException e) {
      return channel;
    }
  }

  /** Takes both bytes; returns none if there is another writer. */
  private static List<FileLock> lock(Path file, UninterruptibleChannel channel) throws IOException {
    FileLock writer = channel.tryLock(WRITER, false);
    if (writer == null) {
      return List.of();
    }
    long start = System.nanoTime();
    FileLock liveness = channel.tryLock(LIVENESS, false);
    while (liveness == null) {
      if (System.nanoTime() - start > PROBE_PATIENCE_NANOS) {
        throw new IOException(
            "cannot lock " + file + ": its second byte, meant for short probes, stays locked");
      }
      Pause.nanos(PROBE_PAUSE_NANOS);
      liveness = channel.tryLock(LIVENESS, false);
    }
    return List.of(writer, liveness);
  }

  private static void introduce(UninterruptibleChannel channel, String holder) throws IOException {
    byte[] text = ("#\n" + holder).getBytes(StandardCharsets.UTF_8);
    try {
      // Written over the old text before that is cut: its block serves again on a full disk.
      channel.write(ByteBuffer.wrap(text), 0);
      channel.truncate(text.length);
    } catch (NoSpaceException e) {
      // The text is a courtesy; a full disk must not keep a store from being opened.
    }
  }

  private static String text(UninterruptibleChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_TEXT_BYTES);
    int count = channel.read(bytes, TEXT);
    return new String(bytes.array(), 0, count, StandardCharsets.UTF_8);
  }

  private static Object keyOf(Path file) throws IOException {
    try {
      Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      return key != null ? key : file.toRealPath();
    } catch (IOException e) {
      throw DiskErrors.naming("look at", file, e);
    }
  }
}
