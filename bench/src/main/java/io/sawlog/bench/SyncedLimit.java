package io.sawlog.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.posix.PosixAPI;

/**
 * What the device demands of a durable append: a positional write into an allocated file, and
 * {@code fdatasync}. It begins anew at the end of the file.
 */
final class SyncedLimit implements AutoCloseable {
  private static final int FILE_BYTES = 64 << 20;
  private static final int O_RDWR_CREAT = 0x42;

  private final Path directory = Directory.create();
  private final ByteBuffer frame = ByteBuffer.allocateDirect(Payload.FRAME_LENGTH);
  private final FileChannel channel;
  private long position;

  SyncedLimit() {
    Path path = directory.resolve("limit");
    PosixAPI posix = PosixAPI.posix();
    int fd = posix.open(path.toString(), O_RDWR_CREAT, 0600);
    posix.fallocate(fd, 0, 0, FILE_BYTES);
    posix.close(fd);
    try {
      channel = FileChannel.open(path, StandardOpenOption.WRITE);
      channel.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    frame.put(Payload.bytes());
  }

  long append() {
    try {
      channel.write(frame.clear(), position);
      channel.force(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    position += Payload.FRAME_LENGTH;
    if (position > FILE_BYTES - Payload.FRAME_LENGTH) {
      position = 0;
    }
    return position;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Directory.delete(directory);
  }
}
