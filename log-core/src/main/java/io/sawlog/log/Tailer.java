package io.sawlog.log;

import io.sawlog.log.segment.FrameBuffer;
import io.sawlog.log.segment.MalformedRecordException;
import io.sawlog.log.segment.RecordCursor;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A cursor on one partition. It copies whole frames into its own buffer, checks them there, and
 * shows their records one by one: reading costs producers nothing and allocates nothing.
 *
 * <p>For one thread at a time, {@link #close} included; its handler may close it. It stays where it
 * is when anything is thrown, so damage is reported by every call until the tailer is moved. Damage
 * that lies wholly before its position is passed over.
 */
public final class Tailer implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  private final PartitionView partition;
  private final TailerConfig config;
  private final FrameCursor frames;
  private final RecordCursor record = new RecordCursor();
  private final MessageView view;

  /** The offset of the next record to show; those before it are skipped. */
  private long nextOffset;

  private boolean closed;

  private Tailer(PartitionView partition, TailerConfig config) {
    this.partition = partition;
    this.config = config;
    this.frames = new FrameCursor(partition);
    this.view =
        new MessageView(
            partition.place().topic(), partition.place().number(), record, new UnsafeBuffer(0, 0));
  }

  static Tailer open(PartitionView partition, Position start, TailerConfig config) {
    Tailer tailer = new Tailer(partition, config);
    try {
      tailer.seek(start);
      return tailer;
    } catch (RuntimeException e) {
      tailer.close();
      throw e;
    }
  }

  /**
   * Shows the records that are there, without waiting.
   *
   * @param handler receives each record; if it throws, the tailer stays before that record
   * @param limit how many records to show at most
   * @return how many were shown; 0 at the end of what is visible
   * @throws CorruptLogException if bytes are damaged
   * @throws OffsetOutOfRangeException if the position was deleted
   * @throws LogIoException if the device cannot deliver the bytes
   * @throws LogClosedException if the tailer or the store is closed
   */
  public int poll(MessageHandler handler, int limit) {
    checkOpen();
    int shown = 0;
    try {
      frames.checkNotDeleted(nextOffset);
      while (shown < limit && (record.hasNext() || nextFrame())) {
        record.next();
        if (record.offset() >= nextOffset) {
          show(handler);
          shown++;
        }
      }
      if (shown == 0 && limit > 0) {
        partition.stalled();
      }
      return shown;
    } catch (MalformedRecordException e) {
      rewind();
      throw frames.malformed(e);
    } catch (IOException e) {
      rewind();
      throw ioFailure(e);
    } catch (Throwable t) {
      rewind();
      throw t;
    }
  }

  private boolean nextFrame() throws IOException {
    record.clear();
    if (closed || !frames.next(config.visibility(), nextOffset)) {
      return false;
    }
    FrameBuffer copy = frames.frames();
    record.reset(copy);
    view.wrap(copy.buffer());
    return true;
  }

  private void show(MessageHandler handler) {
    long offset = record.offset();
    nextOffset = offset + 1;
    boolean handled = false;
    try {
      handler.onMessage(view);
      handled = true;
    } finally {
      if (!handled && nextOffset == offset + 1) {
        nextOffset = offset;
      }
    }
  }

  /**
   * Shows the records that are there, and waits for the first one if there is none, as the idle
   * strategy of the configuration says.
   *
   * @param handler receives each record; if it throws, the tailer stays before that record
   * @param limit how many records to show at most
   * @param timeout how long to wait
   * @return how many were shown; 0 if the time is over, or the thread was interrupted
   * @throws LogException as {@link #poll(MessageHandler, int)}
   */
  public int poll(MessageHandler handler, int limit, Duration timeout) {
    long timeoutNs = timeout.compareTo(LONGEST) < 0 ? timeout.toNanos() : Long.MAX_VALUE;
    int shown = poll(handler, limit);
    long start = System.nanoTime();
    while (shown == 0
        && limit > 0
        && System.nanoTime() - start < timeoutNs
        && !Thread.currentThread().isInterrupted()) {
      config.idleStrategy().idle();
      shown = poll(handler, limit);
    }
    config.idleStrategy().reset();
    return shown;
  }

  /**
   * The offset of the next record that would be shown, if it is not in a gap.
   *
   * @return an offset
   */
  public long position() {
    return nextOffset;
  }

  /**
   * Moves the tailer.
   *
   * @param target where to
   * @throws OffsetOutOfRangeException if the offset is below the log start or above the log end
   * @throws LogException as {@link #poll(MessageHandler, int)}
   */
  public void seek(Position target) {
    checkOpen();
    long before = nextOffset;
    boolean moved = false;
    record.clear();
    try {
      nextOffset = new FrameSearch(partition, frames).seek(target);
      moved = true;
    } catch (IOException e) {
      throw ioFailure(e);
    } finally {
      if (!moved) {
        frames.close();
        nextOffset = before;
      }
    }
  }

  private LogException ioFailure(IOException e) {
    try {
      partition.checkOpen();
      partition.refresh();
      frames.checkNotDeleted(nextOffset);
    } catch (IOException | LogException better) {
      if (better instanceof LogException known) {
        return known;
      }
    }
    String what = partition.place().name() + ": reading at offset " + nextOffset + " failed: ";
    return e instanceof NoSuchFileException
        ? new CorruptLogException(what + e.getMessage(), e)
        : new LogIoException(what + e.getMessage(), e);
  }

  /** Goes back to the frame under way, so that the record that was not handled is shown again. */
  private void rewind() {
    if (record.isInFrame()) {
      record.clear();
      frames.back();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new LogClosedException(partition.place().name() + ": the tailer is closed");
    }
    partition.checkOpen();
  }

  /** Closes the file until it is needed again, for a tailer that may never be closed. */
  void rest() {
    frames.rest();
  }

  /**
   * Closes the tailer and its file. Calling it again does nothing.
   *
   * <p>Not while another thread uses it: interrupt that thread, which ends its waiting, and let it
   * close the tailer; or close the store, whereupon it gets a {@link LogClosedException}.
   */
  @Override
  public void close() {
    closed = true;
    record.clear();
    frames.close();
  }
}
