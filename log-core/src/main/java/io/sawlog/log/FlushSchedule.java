package io.sawlog.log;

import io.sawlog.log.segment.ActiveSegment;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the flusher flushes a partition: for futures that wait, for segments that are
 * complete, and as the flush policy says; and completes the futures, never on its own thread.
 */
final class FlushSchedule {
  private final PartitionWriter writer;
  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

  /** When the flusher first saw records that are not durable; 0 if all are. */
  private long dirtySinceNs;

  private record Waiting(long offset, long result, CompletableFuture<Long> future) {}

  FlushSchedule(PartitionWriter writer) {
    this.writer = writer;
  }

  /** A future that is completed with {@code result} when the record of an offset is durable. */
  CompletableFuture<Long> whenDurable(long offset, long result) {
    Waiting entry = new Waiting(offset, result, new CompletableFuture<>());
    waiting.add(entry);
    LogException stopped = writer.stopped();
    if (stopped != null) {
      close(stopped);
    }
    return entry.future();
  }

  /**
   * Flushes if that is due. Only the flusher calls it.
   *
   * @return whether something was flushed
   */
  boolean work(long nowNs) {
    if (writer.stopped() != null) {
      failAll();
      return false;
    }
    if (!isDue(nowNs)) {
      return false;
    }
    try {
      boolean flushed = writer.commit().tryFlush();
      dirtySinceNs = 0;
      completeDurable();
      return flushed;
    } catch (LogException e) {
      failAll();
      return false;
    }
  }

  private boolean isDue(long nowNs) {
    boolean dirty = writer.logEndOffset() > writer.commit().durableOffset();
    if (!dirty) {
      dirtySinceNs = 0;
      completeDurable();
      return false;
    }
    if (dirtySinceNs == 0) {
      dirtySinceNs = nowNs;
    }
    ActiveSegment active = writer.active();
    boolean rolled =
        active != null && writer.commit().durableOffset() < active.header().baseOffset();
    return rolled || !waiting.isEmpty() || isDueByPolicy(nowNs, active);
  }

  private boolean isDueByPolicy(long nowNs, @Nullable ActiveSegment active) {
    FlushPolicy policy = writer.config().flushPolicy();
    if (policy instanceof FlushPolicy.Interval interval) {
      return nowNs - dirtySinceNs >= interval.intervalMs() * 1_000_000;
    }
    return policy instanceof FlushPolicy.Bytes bytes
        && active != null
        && OpenPartition.dirtyBytes(active) >= bytes.bytes();
  }

  private void completeDurable() {
    long durable = writer.commit().durableOffset();
    waiting.removeIf(
        entry -> {
          boolean done = entry.offset() < durable;
          if (done) {
            entry.future().completeAsync(entry::result);
          }
          return done;
        });
  }

  private void failAll() {
    LogException reason = writer.stopped();
    if (reason != null) {
      close(reason);
    }
  }

  /** Completes the futures: with their result if they are durable, else with the reason. */
  void close(LogException reason) {
    completeDurable();
    Waiting entry;
    while ((entry = waiting.poll()) != null) {
      CompletableFuture<Long> future = entry.future();
      future.defaultExecutor().execute(() -> future.completeExceptionally(reason));
    }
  }
}
