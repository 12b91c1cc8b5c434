package io.sawlog.log;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Reads the figures of a partition when somebody asks for them. Thread-safe. */
final class PartitionFigures implements PartitionMXBean {
  private final OpenPartition partition;
  private final PartitionCounters counters;

  PartitionFigures(OpenPartition partition) {
    this.partition = partition;
    this.counters = partition.writer().counters();
  }

  @Override
  public String getTopic() {
    return partition.place().topic();
  }

  @Override
  public int getPartition() {
    return partition.place().number();
  }

  @Override
  public long getLogStartOffset() {
    return partition.logStartOffset();
  }

  @Override
  public long getDurableOffset() {
    return partition.durableOffset();
  }

  @Override
  public long getLogEndOffset() {
    return partition.logEndOffset();
  }

  @Override
  public long getSizeBytes() {
    try {
      return new PartitionSize(partition.place().storage(), partition.segments()).bytes();
    } catch (IOException e) {
      throw new LogIoException(partition.place().name() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public int getSegmentCount() {
    return partition.segments().all().size();
  }

  @Override
  public boolean isFailed() {
    return partition.writer().stopped() instanceof FailedLogException;
  }

  @Override
  public String getFailure() {
    return partition.writer().stopped() instanceof FailedLogException failure
        ? String.valueOf(failure.getMessage())
        : "";
  }

  @Override
  public long getRefusedAppends() {
    return counters.refusals.get();
  }

  @Override
  public long getStalledAppends() {
    return counters.stalls.get();
  }

  @Override
  public long getStalledMs() {
    return TimeUnit.NANOSECONDS.toMillis(counters.stalledNs.get());
  }

  @Override
  public long getRolls() {
    return counters.rolls.get();
  }

  @Override
  public long getFlushes() {
    return counters.flushes.get();
  }

  @Override
  public long getFlushedBytes() {
    return counters.flushedBytes.get();
  }

  @Override
  public long getFlushMs() {
    return TimeUnit.NANOSECONDS.toMillis(counters.flushedNs.get());
  }

  @Override
  public String getRecovery() {
    RecoveryReport.PartitionRecovery recovery = partition.recovery();
    return recovery == null ? "" : recovery.cause() + ": " + String.join(" ", recovery.details());
  }
}
