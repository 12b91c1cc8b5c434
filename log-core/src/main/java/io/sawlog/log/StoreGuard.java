package io.sawlog.log;

import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageLock;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** What is checked before a store is touched: the JVM, the file system, the lock. */
final class StoreGuard {
  static final String JVM_FLAG = "--add-opens java.base/jdk.internal.misc=ALL-UNNAMED";

  private static final System.Logger LOGGER = System.getLogger("io.sawlog");
  private static final Set<String> UNSAFE =
      Set.of(
          "nfs",
          "nfs4",
          "cifs",
          "smb",
          "smbfs",
          "smb3",
          "9p",
          "afs",
          "ceph",
          "fuse.sshfs",
          "fuse.glusterfs",
          "btrfs",
          "zfs");

  /** Asked once: a process that hosts groups opens a store for each. */
  private static final String THIS_PROCESS = describeThisProcess();

  private StoreGuard() {}

  /** Throws if Agrona cannot reach memory, or the processor stores numbers the other way round. */
  static void checkJvm() {
    try {
      new UnsafeBuffer(new byte[Long.BYTES]).putLong(0, 1);
    } catch (IllegalAccessError | ExceptionInInitializerError | NoClassDefFoundError e) {
      throw new MissingJvmFlagException(JVM_FLAG, e);
    }
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new UnsupportedFormatException("the format is little-endian, this processor is not");
    }
  }

  static void checkFileSystem(Storage storage, Path store, boolean unsafeAllowed)
      throws IOException {
    String type = storage.fileSystemType(store).toLowerCase(Locale.ROOT);
    if (UNSAFE.contains(type) && !unsafeAllowed) {
      throw new UnsafeFileSystemException(
          store
              + " is on "
              + type
              + ", where synced records can be lost and a full disk can end the process: use a"
              + " local ext4 or xfs, or open it with withUnsafeFileSystemAllowed"
              + " (--allow-unsafe-file-system)");
    }
    if (type.startsWith("overlay")) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "{0} is on {1}: what is written there is gone with the container",
          store,
          type);
    }
  }

  static StorageLock lock(Storage storage, Path store) throws IOException {
    Path file = store.resolve(Names.LOCK_FILE);
    StorageLock lock = storage.tryLock(file, THIS_PROCESS);
    if (lock == null) {
      throw new StoreLockedException(
          store
              + " is open for writing in "
              + holder(storage.lockHolder(file))
              + ": end that process, or open the store read-only");
    }
    return lock;
  }

  /** What a holder of the lock wrote about itself, in one line. */
  static String holder(@Nullable String text) {
    return text == null || text.isBlank() ? "another process" : text.strip().replace("\n", ", ");
  }

  private static String describeThisProcess() {
    ProcessHandle.Info info = ProcessHandle.current().info();
    return "process "
        + ProcessHandle.current().pid()
        + info.startInstant().map(start -> "\nstarted " + start).orElse("")
        + commandLine(info).map(line -> "\ncommand " + abbreviate(line)).orElse("");
  }

  /**
   * What was started in the JVM, rather than the JVM with its long class path, if that is known.
   */
  private static Optional<String> commandLine(ProcessHandle.Info info) {
    return Optional.ofNullable(System.getProperty("sun.java.command"))
        .filter(command -> !command.isBlank())
        .or(info::commandLine);
  }

  private static String abbreviate(String text) {
    int most = 500;
    return text.length() <= most ? text : text.substring(0, most) + "...";
  }
}
