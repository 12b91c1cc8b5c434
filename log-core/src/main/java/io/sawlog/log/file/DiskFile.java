package io.sawlog.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A file on the disk. */
final class DiskFile implements StorageFile {
  private final Path path;
  private final UninterruptibleChannel channel;
  private final Storage.FileId identity;
  private final boolean writable;
  private final Supplier<@Nullable Posix> posix;
  private @Nullable PosixFile descriptor;
  private boolean closed;

  private DiskFile(
      Path path,
      UninterruptibleChannel channel,
      Storage.FileId identity,
      boolean writable,
      Supplier<@Nullable Posix> posix) {
    this.path = path;
    this.channel = channel;
    this.identity = identity;
    this.writable = writable;
    this.posix = posix;
  }

  static DiskFile open(
      Path path, boolean writable, Supplier<@Nullable Posix> posix, OpenOption... options)
      throws IOException {
    UninterruptibleChannel channel = UninterruptibleChannel.open(path, options);
    try {
      return new DiskFile(path, channel, DiskIdentity.of(path), writable, posix);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return channel.read(target, position);
  }

  @Override
  public void write(ByteBuffer source, long position) throws IOException {
    channel.write(source, position);
  }

  @Override
  public synchronized void allocate(long size) throws IOException {
    PosixFile calls = size > 0 ? descriptor() : null;
    int error = calls == null ? 0 : calls.allocate(size);
    if (error == -Posix.ENOSPC || error == -Posix.EDQUOT) {
      throw new NoSpaceException(
          "cannot allocate " + size + " bytes for " + path + ": no space left", null);
    }
    if (calls == null || error != 0 || channel.size() < size) {
      // Whatever kept the kernel from it, plain writes either succeed or say why not.
      new ZeroFill(channel, size).run();
    }
  }

  @Override
  public synchronized void punchHole(long position, long length) {
    PosixFile calls = length > 0 ? descriptor() : null;
    if (calls != null) {
      calls.punchHole(position, length);
    }
  }

  @Override
  public synchronized long nextData(long position) throws IOException {
    long size = channel.size();
    if (position >= size) {
      return size;
    }
    PosixFile calls = descriptor();
    long found = calls == null ? position : calls.nextData(position);
    if (found == -Posix.ENXIO) {
      return size;
    }
    return found < 0 ? position : found;
  }

  @Override
  public MappedRegion map(int length) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        // An interrupt that is pending, or comes, closes the channel: it is put off, not lost.
        interrupted |= Thread.interrupted();
        try {
          return mapOnce(length);
        } catch (ClosedByInterruptException e) {
          interrupted = true;
        } catch (IOException e) {
          throw DiskErrors.naming("map", path, e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private MappedRegion mapOnce(int length) throws IOException {
    try (FileChannel own =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (!DiskIdentity.of(path).equals(identity)) {
        throw new IOException("another file has taken its name");
      }
      // Mapping more than there is would extend the file by a hole.
      if (length > own.size()) {
        throw new IOException("it has " + own.size() + " bytes, not " + length);
      }
      DiskMapping mapping =
          new DiskMapping(path, own.map(FileChannel.MapMode.READ_WRITE, 0, length), posix);
      mapping.adviseSmallFolios();
      return mapping;
    }
  }

  @Override
  public void force() throws IOException {
    channel.force();
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    PosixFile open = descriptor;
    descriptor = null;
    if (open != null) {
      open.close();
    }
    channel.close();
  }

  /** Opened late, since most files never need it, and kept, since a file may be renamed. */
  private @Nullable PosixFile descriptor() {
    Posix calls = posix.get();
    if (descriptor == null && calls != null && !closed) {
      descriptor = calls.open(path, writable, identity);
    }
    return descriptor;
  }
}
