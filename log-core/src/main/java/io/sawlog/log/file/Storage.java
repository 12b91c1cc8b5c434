package io.sawlog.log.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file system as the engine sees it: named files in directories, whose creation, renaming and
 * removal become durable only when their directory is forced.
 *
 * <p>All methods may be called by any thread. None is broken by an interrupt: an interrupted caller
 * gets its result, and its interrupt flag stays set. Any method that needs space throws {@link
 * NoSpaceException} when there is none; every other failure is a plain {@link IOException}.
 */
public interface Storage {

  /**
   * Opens an existing file.
   *
   * @param file the file to open
   * @param access whether it may be written
   * @return the open file, to be closed by the caller
   * @throws java.nio.file.NoSuchFileException if there is no such file
   * @throws IOException if it cannot be opened
   */
  StorageFile open(Path file, Access access) throws IOException;

  /**
   * Creates an empty file and opens it for writing. The name is durable after {@link
   * #forceDirectory}.
   *
   * @param file the file to create
   * @return the open file, to be closed by the caller
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken
   * @throws NoSpaceException if the disk is full
   * @throws IOException if it cannot be created
   */
  StorageFile create(Path file) throws IOException;

  /**
   * Tells whether a file or a directory of this name exists.
   *
   * @param path the name to look up
   * @return whether it exists
   */
  boolean exists(Path path);

  /**
   * Lists the names in a directory, in no particular order.
   *
   * @param directory the directory
   * @return the names, without the directory's path
   * @throws java.nio.file.NoSuchFileException if there is no such directory
   * @throws IOException if it cannot be read
   */
  List<String> list(Path directory) throws IOException;

  /**
   * Creates a directory, and its missing parents, unless it exists. Every directory that was
   * created is durable after {@link #forceDirectory} of its parent.
   *
   * @param directory the directory
   * @throws IOException if it cannot be created, or is not a directory
   */
  void createDirectory(Path directory) throws IOException;

  /**
   * Makes the creations, renames and deletions in a directory durable.
   *
   * @param directory the directory
   * @throws IOException if the device reported an error; what is durable is then unknown
   */
  void forceDirectory(Path directory) throws IOException;

  /**
   * Renames a file or a directory in one step; a file of the new name is replaced.
   *
   * @param from the present name
   * @param to the new name, on the same file system
   * @throws IOException if it cannot be renamed
   */
  void rename(Path from, Path to) throws IOException;

  /**
   * Deletes a file or an empty directory, if it exists.
   *
   * @param path the name to delete
   * @throws IOException if it exists and cannot be deleted
   */
  void delete(Path path) throws IOException;

  /**
   * Identifies a file across renames, and tells a copy from the original.
   *
   * @param file an existing file
   * @return its device and inode
   * @throws IOException if it cannot be determined
   */
  FileId identity(Path file) throws IOException;

  /**
   * Identifies the running operating system from its boot on. Two lives of a process with equal
   * boot ids shared one page cache.
   *
   * @return a text that differs after every boot; empty where the system has none
   */
  String bootId();

  /**
   * Names the type of the file system that holds a path.
   *
   * @param path an existing path
   * @return the type as the operating system spells it, for example {@code ext4}
   * @throws IOException if it cannot be determined
   */
  String fileSystemType(Path path) throws IOException;

  /**
   * Takes the exclusive lock of a store for this process, creating the lock file if needed, and
   * writes {@code holder} into it. Only this method and {@link #lockHolder} ever open a lock file,
   * since closing another descriptor of it would silently drop the lock.
   *
   * @param lockFile the lock file
   * @param holder who takes the lock, in words, for the error message of the next one
   * @return the lock, or null if somebody (this process included) holds it
   * @throws IOException if the lock file cannot be created, opened or locked
   */
  @Nullable StorageLock tryLock(Path lockFile, String holder) throws IOException;

  /**
   * Probes who holds the lock of a store.
   *
   * @param lockFile the lock file
   * @return what the living holder wrote about itself (perhaps empty), or null if nobody holds it
   * @throws IOException if the lock file exists and cannot be probed
   */
  @Nullable String lockHolder(Path lockFile) throws IOException;

  /** Whether an opened file may be written. */
  enum Access {
    /** Reading only. */
    READ,
    /** Reading and writing. */
    WRITE
  }

  /**
   * Device and inode of a file.
   *
   * @param device the device number
   * @param inode the inode number
   */
  record FileId(long device, long inode) {}
}
