package io.sawlog.log.file;

import java.io.Closeable;

/**
 * A descriptor for the system calls that need one. It stays with its file when that is renamed.
 *
 * <p>Used by one thread at a time, as the owner sees to.
 */
final class PosixFile implements Closeable {
  private static final int FALLOC_FL_PUNCH_HOLE_KEEP_SIZE = 3;
  private static final int SEEK_DATA = 3;

  private final Posix posix;
  private final int fd;

  PosixFile(Posix posix, int fd) {
    this.posix = posix;
    this.fd = fd;
  }

  /** Allocates the bytes up to {@code size}; returns 0 or the negative error number. */
  int allocate(long size) {
    return posix.fallocate(fd, 0, 0, size);
  }

  /** Returns blocks to the file system where it can take them. */
  void punchHole(long position, long length) {
    posix.fallocate(fd, FALLOC_FL_PUNCH_HOLE_KEEP_SIZE, position, length);
  }

  /** Returns the next position that holds data, or the negative error number. */
  long nextData(long position) {
    return posix.lseek(fd, position, SEEK_DATA);
  }

  @Override
  public void close() {
    posix.close(fd);
  }
}
