package io.sawlog.log;

import io.sawlog.log.segment.FrameBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One log of a topic: records in the order in which they were appended, numbered by offsets that
 * grow by one and are never reused.
 *
 * <p>{@code logStartOffset() <= durableOffset() <= logEndOffset()}. Thread-safe: any number of
 * threads may append and read at once. All methods throw {@link LogClosedException} after the store
 * was closed or the topic deleted.
 */
public final class Partition {
  private final PartitionView view;
  private final @Nullable OpenPartition own;

  Partition(PartitionView view, @Nullable OpenPartition own) {
    this.view = view;
    this.own = own;
  }

  /**
   * The topic.
   *
   * @return its name
   */
  public String topicName() {
    return view.place().topic();
  }

  /**
   * The partition.
   *
   * @return its number in the topic, from 0
   */
  public int number() {
    return view.place().number();
  }

  /**
   * Appends a record without a key. When this returns, the record is in the page cache and visible
   * to every reader: it survives the end of the process, not that of the machine. Does not
   * allocate.
   *
   * @param value holds the value; copied before this returns
   * @param offset where it starts
   * @param length how many bytes it has
   * @return the record's offset
   * @throws IndexOutOfBoundsException if the range lies outside the buffer
   * @throws RecordTooLargeException if it exceeds {@code maxFrameBytes}
   * @throws LogFullException if the disk is full; nothing was appended
   * @throws FailedLogException if a flush has failed
   * @throws ReadOnlyLogException if the store was opened read-only
   */
  public long append(DirectBuffer value, int offset, int length) {
    OpenPartition log = writable();
    FrameBuilder frame = FrameBuilder.ofThread();
    frame.add(null, 0, 0, value, offset, length);
    return log.writer().append(frame);
  }

  /**
   * Appends a record. Does not allocate.
   *
   * @param key holds the key
   * @param keyOffset where the key starts
   * @param keyLength its length in bytes
   * @param value holds the value
   * @param valueOffset where the value starts
   * @param valueLength its length in bytes
   * @return the record's offset
   * @throws LogException as {@link #append(DirectBuffer, int, int)}
   */
  public long append(
      DirectBuffer key,
      int keyOffset,
      int keyLength,
      DirectBuffer value,
      int valueOffset,
      int valueLength) {
    OpenPartition log = writable();
    FrameBuilder frame = FrameBuilder.ofThread();
    frame.add(key, keyOffset, keyLength, value, valueOffset, valueLength);
    return log.writer().append(frame);
  }

  /**
   * Appends a record.
   *
   * @param key the key, or null
   * @param value the value, or null
   * @return the record's offset
   * @throws LogException as {@link #append(DirectBuffer, int, int)}
   */
  public long append(byte @Nullable [] key, byte @Nullable [] value) {
    OpenPartition log = writable();
    return log.writer().append(frame(key, value));
  }

  /**
   * Appends a record without a key.
   *
   * @param value the bytes from its position to its limit, which do not move
   * @return the record's offset
   * @throws LogException as {@link #append(DirectBuffer, int, int)}
   */
  public long append(ByteBuffer value) {
    return append(
        new UnsafeBuffer(value, value.position(), value.remaining()), 0, value.remaining());
  }

  /**
   * Appends the records of a batch, all or none.
   *
   * @param batch at least one record; may be used again
   * @return the offset of the first record
   * @throws IllegalArgumentException if the batch is empty
   * @throws LogException as {@link #append(DirectBuffer, int, int)}
   */
  public long append(Batch batch) {
    return writable().writer().append(batch.frame());
  }

  /**
   * Appends a record, and returns when it survives the loss of power too.
   *
   * @param key the key, or null
   * @param value the value, or null
   * @return the record's offset
   * @throws LogException as {@link #append(DirectBuffer, int, int)}. After a {@link
   *     FailedLogException} the record may or may not be there when the store is opened again
   */
  public long appendSynced(byte @Nullable [] key, byte @Nullable [] value) {
    return await(append(key, value), 1);
  }

  /**
   * Appends a record without a key, and returns when it survives the loss of power too.
   *
   * @param value holds the value
   * @param offset where it starts
   * @param length how many bytes it has
   * @return the record's offset
   * @throws LogException as {@link #appendSynced(byte[], byte[])}
   */
  public long appendSynced(DirectBuffer value, int offset, int length) {
    return await(append(value, offset, length), 1);
  }

  /**
   * Appends the records of a batch, and returns when they survive the loss of power too.
   *
   * @param batch at least one record
   * @return the offset of the first record
   * @throws LogException as {@link #appendSynced(byte[], byte[])}
   */
  public long appendSynced(Batch batch) {
    return await(append(batch), batch.size());
  }

  private long await(long offset, int count) {
    writable().writer().commit().await(offset + count - 1);
    return offset;
  }

  /**
   * Appends a record, and completes a future when it survives the loss of power too. One thread can
   * have thousands in flight; they share flushes.
   *
   * @param key the key, or null
   * @param value the value, or null
   * @return the record's offset, or the exception that {@link #appendSynced(byte[], byte[])} would
   *     have thrown while waiting; completed on the common pool
   * @throws LogException as {@link #append(DirectBuffer, int, int)}
   */
  public CompletableFuture<Long> appendAsync(byte @Nullable [] key, byte @Nullable [] value) {
    return whenDurable(append(key, value), 1);
  }

  /**
   * Appends the records of a batch, and completes a future when they survive the loss of power too.
   *
   * @param batch at least one record
   * @return the offset of the first record, as {@link #appendAsync(byte[], byte[])}
   * @throws LogException as {@link #append(DirectBuffer, int, int)}
   */
  public CompletableFuture<Long> appendAsync(Batch batch) {
    return whenDurable(append(batch), batch.size());
  }

  private CompletableFuture<Long> whenDurable(long offset, int count) {
    return writable().whenDurable(offset + count - 1, offset);
  }

  private static FrameBuilder frame(byte @Nullable [] key, byte @Nullable [] value) {
    FrameBuilder frame = FrameBuilder.ofThread();
    frame.add(key, value);
    return frame;
  }

  private OpenPartition writable() {
    if (own == null) {
      view.checkOpen();
      throw new ReadOnlyLogException(
          view.place().name() + ": the store was opened read-only: open it with Sawlog.open");
    }
    return own;
  }

  /**
   * Opens a tailer that sees all published records.
   *
   * @param start where to begin
   * @return a tailer, to be closed by the caller
   * @throws OffsetOutOfRangeException if the position is outside the log
   */
  public Tailer tailer(Position start) {
    return tailer(start, TailerConfig.defaults());
  }

  /**
   * Opens a tailer.
   *
   * @param start where to begin
   * @param config what it sees and how it waits
   * @return a tailer, to be closed by the caller
   * @throws OffsetOutOfRangeException if the position is outside the log
   */
  public Tailer tailer(Position start, TailerConfig config) {
    view.checkOpen();
    return Tailer.open(view, start, config);
  }

  /**
   * Reads copies of the records that are there now. Each iterator is a new pass, opens a tailer
   * when it is made, and closes it at its end.
   *
   * @param start where to begin
   * @return the records up to the log end at the time of {@code iterator()}
   */
  public Iterable<Message> read(Position start) {
    return () -> new MessageIterator(List.of(this), start);
  }

  /**
   * The lowest offset that can be read.
   *
   * @return the log start offset
   */
  public long logStartOffset() {
    view.checkOpen();
    return view.logStartOffset();
  }

  /**
   * The offset behind the last record that would survive a power cut now.
   *
   * @return the durable offset
   */
  public long durableOffset() {
    return asked(PartitionView::durableOffset);
  }

  /**
   * The offset that the next record will get.
   *
   * @return the log end offset
   */
  public long logEndOffset() {
    return asked(PartitionView::logEndOffset);
  }

  /** A question that reads files where another process writes them. */
  private interface Question {
    long answer(PartitionView view) throws IOException;
  }

  private long asked(Question question) {
    view.checkOpen();
    try {
      return question.answer(view);
    } catch (IOException e) {
      view.checkOpen();
      throw new LogIoException(view.place().name() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Counts the records between the log start and the log end. Gaps count nothing; an append that
   * failed half-way counts as a record.
   *
   * @return how many records there are
   */
  public long recordCount() {
    return recordsFrom(logStartOffset());
  }

  /**
   * Counts the records from an offset to the log end: the lag of somebody who stands there.
   *
   * @param offset an offset; one in a gap stands for the next record
   * @return how many records there are at or above it
   */
  public long recordsFrom(long offset) {
    return asked(asker -> RecordCount.from(asker, Math.max(offset, asker.logStartOffset())));
  }

  /**
   * Finds the first record that is not older than a time.
   *
   * @param time compared with append times
   * @return its offset, or the log end offset if all records are older
   */
  public long offsetAtTime(Instant time) {
    try (Tailer tailer = tailer(Position.atTime(time))) {
      return tailer.position();
    }
  }

  /**
   * Finds where reading can go on behind damage. Whoever goes on there gives up the records that
   * lie between.
   *
   * @param offset where reading has failed with {@link CorruptLogException}
   * @return the first offset at or above it that a tailer can read from; the same one if nothing is
   *     damaged there
   * @throws OffsetOutOfRangeException if it is below the log start or above the log end
   * @throws LogIoException if the device cannot deliver the bytes
   */
  public long offsetBehindDamage(long offset) {
    return asked(damaged -> new BehindDamage(damaged).offsetFrom(offset));
  }

  /**
   * Deletes the records below an offset. The log start is exactly that offset afterwards; whole
   * segments below it are deleted.
   *
   * @param offset the new log start; one above the log end means the log end
   * @return the log start offset
   * @throws ReadOnlyLogException if the store was opened read-only
   */
  public long deleteBefore(long offset) {
    OpenPartition log = writable();
    view.checkOpen();
    try {
      log.deleteBefore(offset);
    } catch (IOException e) {
      view.checkOpen();
      throw new LogIoException(view.place().name() + ": deleting failed: " + e.getMessage(), e);
    }
    return log.logStartOffset();
  }

  /**
   * Makes all records durable that were appended before this call.
   *
   * @throws FailedLogException if this flush, or an earlier one, failed
   * @throws ReadOnlyLogException if the store was opened read-only
   */
  public void flush() {
    OpenPartition log = writable();
    view.checkOpen();
    log.writer().commit().await(log.logEndOffset() - 1);
  }

  /**
   * Makes the record of an offset durable, and all before it. Works in a read-only store too, on
   * the files themselves, whatever became of the writer.
   *
   * @param offset a record that was read
   * @throws LogIoException if the device reported an error
   */
  public void sync(long offset) {
    view.checkOpen();
    if (own != null) {
      own.writer().commit().await(Math.min(offset, own.logEndOffset() - 1));
    } else if (view instanceof PartitionFollower follower) {
      try {
        follower.sync(offset + 1);
      } catch (IOException e) {
        view.checkOpen();
        throw new LogIoException(view.place().name() + ": sync failed: " + e.getMessage(), e);
      }
    }
  }

  /**
   * Measures the partition.
   *
   * @return bytes that its segments hold, which may be less than their files are long
   */
  public long sizeBytes() {
    return asked(
        measured -> {
          measured.refresh();
          return new PartitionSize(measured.place().storage(), measured.segments()).bytes();
        });
  }

  /**
   * Lists the segments.
   *
   * @return a snapshot, by base offset
   * @throws LogIoException if another process writes them, and its files cannot be read
   * @throws LogClosedException if the store is closed
   */
  public List<SegmentInfo> segments() {
    List<SegmentInfo> infos = new ArrayList<>();
    asked(
        listed -> {
          listed.refresh();
          for (Segment segment : listed.segments().all()) {
            infos.add(
                new SegmentInfo(
                    segment.path(),
                    segment.baseOffset(),
                    segment.header().recordsBefore(),
                    segment.header().capacity()));
          }
          return infos.size();
        });
    return List.copyOf(infos);
  }

  PartitionView view() {
    return view;
  }

  @Override
  public String toString() {
    return view.place().name();
  }
}
