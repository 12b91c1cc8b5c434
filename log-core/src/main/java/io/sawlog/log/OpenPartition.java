package io.sawlog.log;

import io.sawlog.log.file.Storage;
import io.sawlog.log.segment.ActiveSegment;
import io.sawlog.log.segment.AppendClock;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A partition in the process that writes it: what it is made of, its opening and its closing, and
 * what its readers see.
 */
final class OpenPartition implements PartitionView {
  private final PartitionPlace place;
  private final Segments segments;
  private final PartitionWriter writer;
  private final LogStart logStart;
  private final PartitionUpkeep upkeep;
  private final FlushSchedule flushSchedule;
  private final Background background;
  private final RecoveryReport.@Nullable PartitionRecovery recovery;

  private OpenPartition(
      PartitionPlace place,
      PartitionMeta meta,
      RecoveryPlan plan,
      TopicConfig config,
      @Nullable RetentionFloors floors,
      Background background,
      Runnable stopStore) {
    AppendClock clock = background.clock();
    this.place = place;
    this.background = background;
    this.recovery = plan.report();
    this.segments = new Segments();
    segments.set(plan.segments());
    this.writer = new PartitionWriter(place, meta, segments, plan.tail(), config, clock, stopStore);
    this.logStart = new LogStart(place, writer.life(), segments);
    RetentionSweep retention = new RetentionSweep(place, writer, segments, logStart, floors);
    this.upkeep = new PartitionUpkeep(writer, segments, retention, clock);
    this.flushSchedule = new FlushSchedule(writer);
  }

  /** Recovers a partition, if that is needed, and opens it for writing. */
  static OpenPartition open(
      PartitionPlace place,
      TopicConfig config,
      SawlogConfig storeConfig,
      Background background,
      Runnable stopStore)
      throws IOException {
    PartitionMeta meta =
        PartitionMeta.open(place.storage(), place.directory(), Storage.Access.WRITE);
    RecoveryEvent event = FlightEvents.PRESENT ? RecoveryEvent.begun() : null;
    try {
      RecoveryPlan plan = RecoveryAnalysis.analyse(place, meta, storeConfig.afterPowerLoss());
      new Recovery(place, meta, plan).apply();
      if (event != null && plan.report() != null) {
        event.commitFor(plan.report());
      }
      return new OpenPartition(
          place, meta, plan, config, storeConfig.retentionFloors(), background, stopStore);
    } catch (IOException | RuntimeException e) {
      meta.close();
      throw e;
    }
  }

  PartitionWriter writer() {
    return writer;
  }

  PartitionUpkeep upkeep() {
    return upkeep;
  }

  FlushSchedule flushSchedule() {
    return flushSchedule;
  }

  RecoveryReport.@Nullable PartitionRecovery recovery() {
    return recovery;
  }

  /** A future that is completed with {@code result} when the record of an offset is durable. */
  CompletableFuture<Long> whenDurable(long offset, long result) {
    CompletableFuture<Long> future = flushSchedule.whenDurable(offset, result);
    background.wakeFlusher();
    return future;
  }

  /** Moves the log start and deletes what lies wholly below it. */
  void deleteBefore(long offset) throws IOException {
    long newStart = Math.min(offset, logEndOffset());
    writer.commit().await(newStart - 1);
    logStart.moveTo(newStart);
  }

  /** Ends everything; see {@link PartitionWriter#close}. */
  void close(LogException reason, Hints.Life life) {
    upkeep.close();
    try {
      writer.close(reason, life);
    } finally {
      logStart.close();
      flushSchedule.close(reason);
    }
  }

  @Override
  public PartitionPlace place() {
    return place;
  }

  @Override
  public int indexIntervalBytes() {
    return writer.config().indexIntervalBytes();
  }

  @Override
  public Segments segments() {
    return segments;
  }

  @Override
  public @Nullable Segment segmentStartingAt(long baseOffset) {
    return segments.startingAt(baseOffset);
  }

  @Override
  public long logStartOffset() {
    return logStart.offset();
  }

  @Override
  public long logEndOffset() {
    return writer.logEndOffset();
  }

  @Override
  public long totalRecordCount() {
    return writer.recordCount();
  }

  @Override
  public long durableOffset() {
    return writer.commit().durableOffset();
  }

  @Override
  public boolean isVisible(long offset, Visibility visibility) {
    boolean durableOnly =
        visibility == Visibility.DURABLE || writer.stopped() instanceof FailedLogException;
    return !durableOnly || offset < durableOffset();
  }

  @Override
  public long knownEnd() {
    return durableOffset();
  }

  @Override
  public RecoveryPlan.@Nullable Abort abortAt(Segment segment, int position) {
    return null;
  }

  @Override
  public void refresh() {
    // nobody but this process changes anything
  }

  @Override
  public void stalled() {
    // this process is the writer, and it is alive
  }

  @Override
  public void checkOpen() {
    LogException closed = writer.closed();
    if (closed != null) {
      throw closed;
    }
  }

  /** How much of the active segment is not durable, in bytes. */
  static int dirtyBytes(ActiveSegment active) {
    return active.tailPosition() - active.durablePosition();
  }
}
