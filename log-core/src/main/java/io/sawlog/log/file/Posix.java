package io.sawlog.log.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import net.openhft.posix.PosixAPI;
import net.openhft.posix.internal.noop.NoOpPosixAPI;
import org.jspecify.annotations.Nullable;

/**
 * The system calls of Linux that the JDK does not offer. All of them are optional: whoever calls
 * them has another, slower way.
 *
 * <p>Loading takes a third of a second, so it happens beside the opening of a store, not in it.
 */
final class Posix {
  /** Memory is taken in folios that grow with sequential use. */
  static final int MADV_NORMAL = 0;

  /** Pages are read and written one by one, in small folios. */
  static final int MADV_RANDOM = 1;

  /** Takes the write faults of a range now; since Linux 5.14. */
  static final int MADV_POPULATE_WRITE = 23;

  static final int ENXIO = 6;
  static final int EINVAL = 22;
  static final int ENOSPC = 28;
  static final int EDQUOT = 122;

  private static final int EINTR = 4;
  private static final int ENOSYS = 38;
  private static final int MAX_TRIES = 100;
  private static final int O_RDONLY = 0;
  private static final int O_RDWR = 2;
  private static final int O_CLOEXEC = 0x80000;
  private static final long LOADING_MS = 5000;

  private static final AtomicBoolean PRELOADING = new AtomicBoolean();
  private static volatile @Nullable Posix loaded;
  private static boolean tried;

  private final PosixAPI api;

  private Posix(PosixAPI api) {
    this.api = api;
  }

  /** Starts loading in the background, unless that has happened before. */
  static void preload() {
    if (PRELOADING.compareAndSet(false, true)) {
      Thread loader = new Thread(Posix::load, "sawlog-posix-loader");
      loader.setDaemon(true);
      try {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> await(loader), "sawlog-posix-end"));
      } catch (IllegalStateException e) {
        // the JVM is ending
        return;
      }
      loader.start();
    }
  }

  /** A JVM that ended in the middle of it would leave the binding's temporary files behind. */
  private static void await(Thread loader) {
    try {
      loader.join(LOADING_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the system calls if they are loaded already; never waits. */
  static @Nullable Posix loaded() {
    return loaded;
  }

  /** Loads the system calls, which takes a while; null where there are none. */
  static synchronized @Nullable Posix load() {
    if (!tried) {
      tried = true;
      // Flags and error numbers below are those of Linux.
      if (System.getProperty("os.name", "").startsWith("Linux")) {
        loaded = silently();
      }
    }
    return loaded;
  }

  /** The binding logs with SLF4J, whose first use prints three lines if nobody listens. */
  private static @Nullable Posix silently() {
    String verbosity = "slf4j.internal.verbosity";
    boolean silence = System.getProperty(verbosity) == null;
    try {
      if (silence) {
        System.setProperty(verbosity, "ERROR");
      }
      PosixAPI api = PosixAPI.posix();
      // Its fallocate claims to have succeeded.
      return api instanceof NoOpPosixAPI ? null : new Posix(api);
    } catch (RuntimeException | LinkageError e) {
      return null;
    } finally {
      if (silence) {
        System.getProperties().remove(verbosity, "ERROR");
      }
    }
  }

  /**
   * Opens a descriptor of its own for these calls.
   *
   * @return the descriptor, or null if the file of this name cannot be opened, or is another one
   */
  @Nullable PosixFile open(Path path, boolean writable, Storage.FileId expected) {
    int flags = O_CLOEXEC | (writable ? O_RDWR : O_RDONLY);
    int fd = (int) call(() -> api.open(path.toString(), flags, 0));
    if (fd < 0) {
      return null;
    }
    try {
      // The name may have moved to another file since ours was opened: ask the descriptor itself.
      if (DiskIdentity.of(Path.of("/proc/self/fd/" + fd)).equals(expected)) {
        return new PosixFile(this, fd);
      }
    } catch (IOException e) {
      // Without /proc nothing vouches for the descriptor.
    }
    close(fd);
    return null;
  }

  /** Returns 0, or the negative error number. */
  int fallocate(int fd, int mode, long position, long length) {
    return (int) call(() -> api.fallocate(fd, mode, position, length));
  }

  /** Returns the position found, or the negative error number. */
  long lseek(int fd, long position, int whence) {
    return call(() -> api.lseek(fd, position, whence));
  }

  /** Returns 0, or the negative error number. */
  int madvise(long address, long length, int advice) {
    return (int) call(() -> api.madvise(address, length, advice));
  }

  void close(int fd) {
    try {
      // Never repeated: Linux frees the number even if it reports an error.
      api.close(fd);
    } catch (RuntimeException | LinkageError e) {
      // As good as a failed close, which changes nothing either.
    }
  }

  private long call(SystemCall call) {
    try {
      int error = EINTR;
      for (int tries = 0; error == EINTR && tries < MAX_TRIES; tries++) {
        long result = call.run();
        if (result >= 0) {
          return result;
        }
        error = api.lastError();
      }
      return -Math.max(1, error);
    } catch (RuntimeException | LinkageError e) {
      // The binding may lack a single function, which shows only when it is called.
      return -ENOSYS;
    }
  }

  private interface SystemCall {
    long run();
  }
}
