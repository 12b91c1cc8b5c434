package io.sawlog.log;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What has happened to a partition since it was opened. Counted where a thread waits for the disk
 * or for a lock anyway, never in an append that finds room.
 */
final class PartitionCounters {
  final AtomicLong stalls = new AtomicLong();
  final AtomicLong stalledNs = new AtomicLong();
  final AtomicLong refusals = new AtomicLong();
  final AtomicLong rolls = new AtomicLong();
  final AtomicLong flushes = new AtomicLong();
  final AtomicLong flushedBytes = new AtomicLong();
  final AtomicLong flushedNs = new AtomicLong();

  void stalled(long ns) {
    stalls.incrementAndGet();
    stalledNs.addAndGet(ns);
  }

  void flushed(long bytes, long ns) {
    flushes.incrementAndGet();
    flushedBytes.addAndGet(bytes);
    flushedNs.addAndGet(ns);
  }
}
