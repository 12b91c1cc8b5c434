package io.sawlog.tools;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * Keeps a second copy away from a place where one is being built. The operating system ends it with
 * the process that holds it; the file stays, and says who that was.
 */
final class CopyLock implements AutoCloseable {
  /**
   * Far behind the text, which others can read also where a lock keeps them from what it covers.
   */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  private final FileChannel channel;

  private CopyLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @param file created if missing
   * @param what the place that it guards
   * @throws CommandException if another process holds it, which is named
   */
  static CopyLock acquire(Path file, Path what) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean ours = false;
    try {
      ours = tryLock(channel);
      if (!ours) {
        throw new CommandException(
            what
                + " is being written by "
                + Files.readString(file).strip()
                + ": wait until it has ended, or end it, and run this again");
      }
      String owner =
          "process " + ProcessHandle.current().pid() + ", which began at " + Instant.now() + "\n";
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)));
      return new CopyLock(channel);
    } finally {
      if (!ours) {
        channel.close();
      }
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
