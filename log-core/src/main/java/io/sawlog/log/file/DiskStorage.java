package io.sawlog.log.file;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The file system of the machine. It holds nothing that needs closing. */
public final class DiskStorage implements Storage {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final boolean DIRECTORIES_CAN_BE_FORCED = File.separatorChar != '\\';

  private final Supplier<@Nullable Posix> posix;

  private DiskStorage(Supplier<@Nullable Posix> posix) {
    this.posix = posix;
  }

  /**
   * Gives access to the file system. The first call starts to load the system calls that the JDK
   * lacks in the background; until they are there, or where they are missing, slower ways are used.
   *
   * @return the storage
   */
  public static DiskStorage open() {
    Posix.preload();
    return new DiskStorage(Posix::loaded);
  }

  /** The file system of a machine without those system calls. */
  static DiskStorage withoutPosix() {
    return new DiskStorage(() -> null);
  }

  @Override
  public StorageFile open(Path file, Access access) throws IOException {
    return switch (access) {
      case READ -> DiskFile.open(file, false, posix, StandardOpenOption.READ);
      case WRITE ->
          DiskFile.open(file, true, posix, StandardOpenOption.READ, StandardOpenOption.WRITE);
    };
  }

  @Override
  public StorageFile create(Path file) throws IOException {
    return DiskFile.open(
        file,
        true,
        posix,
        StandardOpenOption.CREATE_NEW,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  @Override
  public boolean exists(Path path) {
    return Files.exists(path);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        names.add(String.valueOf(entry.getFileName()));
      }
    } catch (DirectoryIteratorException e) {
      throw DiskErrors.naming("list", directory, Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw DiskErrors.naming("list", directory, e);
    }
    return names;
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    // Asked first, because up to Java 19 a link to a directory does not count as one below.
    if (Files.isDirectory(directory)) {
      return;
    }
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw DiskErrors.naming("create", directory, e);
    }
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    if (DIRECTORIES_CAN_BE_FORCED) {
      try (UninterruptibleChannel channel =
          UninterruptibleChannel.open(directory, StandardOpenOption.READ)) {
        channel.force();
      }
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw DiskErrors.naming("rename", from, e);
    }
  }

  @Override
  public void delete(Path path) throws IOException {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw DiskErrors.naming("delete", path, e);
    }
  }

  @Override
  public FileId identity(Path file) throws IOException {
    return DiskIdentity.of(file);
  }

  @Override
  public String bootId() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public String fileSystemType(Path path) throws IOException {
    try {
      return Files.getFileStore(path).type();
    } catch (IOException e) {
      throw DiskErrors.naming("find the file system of", path, e);
    }
  }

  @Override
  public @Nullable StorageLock tryLock(Path lockFile, String holder) throws IOException {
    return DiskLock.tryTake(lockFile, holder);
  }

  @Override
  public @Nullable String lockHolder(Path lockFile) throws IOException {
    return DiskLock.holder(lockFile);
  }
}
