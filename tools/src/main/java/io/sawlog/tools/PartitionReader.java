package io.sawlog.tools;

import io.sawlog.log.Message;
import io.sawlog.log.MessageView;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Tailer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Reads one partition up to a bound, a few records ahead, so that the next record of each partition
 * can be compared with those of the others. For one thread.
 */
final class PartitionReader implements AutoCloseable {
  private static final int READ_AHEAD = 256;

  /** An append takes less than a microsecond, unless its thread died in the middle of it. */
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private final Tailer tailer;
  private final long endOffset;
  private final long endTime;
  private final Deque<Message> ahead = new ArrayDeque<>(READ_AHEAD);
  private boolean finished;
  private @Nullable RuntimeException failure;

  private PartitionReader(Tailer tailer, long endOffset, long endTime) {
    this.tailer = tailer;
    this.endOffset = endOffset;
    this.endTime = endTime;
  }

  /**
   * Starts to read.
   *
   * @param partition the partition
   * @param from where to start
   * @param to where to stop, or null to read for ever
   * @param followed whether to wait for records behind the present end of the log
   */
  static PartitionReader open(
      Partition partition, Bound from, @Nullable Bound to, boolean followed) {
    long endOffset = followed ? Long.MAX_VALUE : partition.logEndOffset();
    long endTime = Long.MAX_VALUE;
    if (to instanceof Bound.AtOffset bound) {
      endOffset = Math.min(endOffset, bound.offset());
    } else if (to instanceof Bound.AtTime bound) {
      endTime = bound.time().toEpochMilli();
    }
    return new PartitionReader(partition.tailer(position(from)), endOffset, endTime);
  }

  private static Position position(Bound from) {
    if (from instanceof Bound.AtOffset bound) {
      return Position.atOffset(bound.offset());
    }
    if (from instanceof Bound.AtTime bound) {
      return Position.atTime(bound.time());
    }
    return from instanceof Bound.Latest ? Position.latest() : Position.earliest();
  }

  /**
   * Returns the next record without taking it; null if there is none at the moment, or any more.
   *
   * @throws RuntimeException what the reading of that record has thrown, and not any sooner
   */
  @Nullable Message peek() {
    if (ahead.isEmpty() && !finished) {
      readAhead();
    }
    return ahead.peek();
  }

  private void readAhead() {
    if (failure != null) {
      throw failure;
    }
    if (tailer.position() >= endOffset) {
      finished = true;
      return;
    }
    try {
      tailer.poll(this::take, READ_AHEAD);
    } catch (RuntimeException e) {
      // The records before it are good.
      failure = e;
      if (ahead.isEmpty()) {
        throw e;
      }
    }
  }

  private void take(MessageView message) {
    finished |= message.offset() >= endOffset || message.appendTime() >= endTime;
    if (!finished) {
      ahead.add(message.copy());
    }
  }

  /** Takes the record that {@link #peek} returned. */
  void skip() {
    ahead.remove();
  }

  /**
   * Waits a moment for a record that was promised: the log end lies behind it, but its append had
   * not ended. At a gap before the log end there is none.
   *
   * @return whether one came
   */
  boolean await() {
    if (!finished && ahead.isEmpty() && tailer.position() < endOffset) {
      tailer.poll(this::take, READ_AHEAD, PATIENCE);
    }
    return !ahead.isEmpty();
  }

  /** Whether the bound is reached and everything before it taken. */
  boolean isFinished() {
    return finished && ahead.isEmpty();
  }

  /** The offset of the next record to be read from the log. */
  long position() {
    return tailer.position();
  }

  @Override
  public void close() {
    tailer.close();
  }
}
