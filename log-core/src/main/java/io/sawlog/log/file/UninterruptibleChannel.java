package io.sawlog.log.file;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileLock;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file channel that an interrupt does not close.
 *
 * <p>A {@code FileChannel} is closed under all of its users when one of them is interrupted, and
 * opening it again fails once the name is gone. An asynchronous channel has neither flaw, and one
 * whose "other thread" is the caller costs no hand-over.
 */
final class UninterruptibleChannel implements Closeable {
  // On Windows the executor's threads wait for completions, so the caller cannot be one of them.
  private static final @Nullable ExecutorService EXECUTOR =
      File.separatorChar == '\\' ? null : new CallerRuns();

  private final Path path;
  private final AsynchronousFileChannel channel;

  private UninterruptibleChannel(Path path, AsynchronousFileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  static UninterruptibleChannel open(Path path, OpenOption... options) throws IOException {
    try {
      return new UninterruptibleChannel(
          path, AsynchronousFileChannel.open(path, Set.of(options), EXECUTOR));
    } catch (IOException e) {
      throw DiskErrors.naming("open", path, e);
    }
  }

  long size() throws IOException {
    return channel.size();
  }

  /** Reads until the target is full or the file ends. */
  int read(ByteBuffer target, long position) throws IOException {
    int total = 0;
    while (target.hasRemaining()) {
      int count = await("read", channel.read(target, position + total));
      if (count < 0) {
        break;
      }
      total += count;
    }
    return total;
  }

  /** Writes everything that remains in the source. */
  void write(ByteBuffer source, long position) throws IOException {
    long at = position;
    while (source.hasRemaining()) {
      at += await("write", channel.write(source, at));
    }
  }

  void truncate(long size) throws IOException {
    channel.truncate(size);
  }

  void force() throws IOException {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw DiskErrors.naming("flush", path, e);
    }
  }

  @Nullable FileLock tryLock(long position, boolean shared) throws IOException {
    try {
      return channel.tryLock(position, 1, shared);
    } catch (IOException e) {
      throw DiskErrors.naming("lock", path, e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private int await(String action, Future<Integer> transfer) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return transfer.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof IOException failure) {
            throw DiskErrors.naming(action, path, failure);
          }
          throw new IOException("cannot " + action + " " + path, e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Does the transfer before the channel's method returns. Never shut down. */
  private static final class CallerRuns extends AbstractExecutorService {
    @Override
    public void execute(Runnable transfer) {
      transfer.run();
    }

    @Override
    public void shutdown() {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Runnable> shutdownNow() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return false;
    }
  }
}
