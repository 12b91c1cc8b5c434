package io.sawlog.log;

import io.sawlog.log.segment.ActiveSegment;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the flusher flushes a partition: for futures that wait, for segments that are
 * complete, and as the flush policy says; and completes the futures, never on its own thread.
 */
final class FlushSchedule {
  private final PartitionWriter writer;

  /** The common pool even where it has one thread only: a thread for each future is no choice. */
  private static final Executor COMPLETER =
      ForkJoinPool.getCommonPoolParallelism() > 0
          ? ForkJoinPool.commonPool()
          : task -> new Thread(task, "sawlog-futures").start();

  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

  /** Why no future is completed well any more, unless its record is durable already. */
  private volatile @Nullable LogException ended;

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
    LogException reason = ended;
    if (reason != null) {
      close(reason);
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
      long before = writer.commit().durableOffset();
      writer.commit().tryFlush();
      dirtySinceNs = 0;
      completeDurable();
      return writer.commit().durableOffset() > before;
    } catch (LogException e) {
      failAll();
      return false;
    }
  }

  private boolean isDue(long nowNs) {
    ActiveSegment active = writer.active();
    if (active != null && writer.frontier().isBehind(active)) {
      return true;
    }
    boolean dirty = writer.logEndOffset() > writer.commit().durableOffset();
    if (!dirty) {
      dirtySinceNs = 0;
      completeDurable();
      return false;
    }
    if (dirtySinceNs == 0) {
      dirtySinceNs = nowNs;
    }
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

  /** For how long the flusher need not look here unless it is woken; it may come earlier. */
  long restNs(long nowNs) {
    long since = dirtySinceNs;
    return since != 0 && writer.config().flushPolicy() instanceof FlushPolicy.Interval interval
        ? Math.max(0, since + interval.intervalMs() * 1_000_000 - nowNs)
        : Long.MAX_VALUE;
  }

  private void completeDurable() {
    long durable = writer.commit().durableOffset();
    waiting.removeIf(
        entry -> {
          boolean done = entry.offset() < durable;
          if (done) {
            entry.future().completeAsync(entry::result, COMPLETER);
          }
          return done;
        });
  }

  /** A partition that is being closed completes its futures when it has done its best for them. */
  private void failAll() {
    if (writer.stopped() instanceof FailedLogException reason) {
      close(reason);
    }
  }

  /** Completes the futures: with their result if they are durable, else with the reason. */
  void close(LogException reason) {
    ended = reason;
    completeDurable();
    Waiting entry;
    while ((entry = waiting.poll()) != null) {
      CompletableFuture<Long> future = entry.future();
      COMPLETER.execute(() -> future.completeExceptionally(reason));
    }
  }
}
