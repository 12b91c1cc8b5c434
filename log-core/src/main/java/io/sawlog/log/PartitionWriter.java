package io.sawlog.log;

import io.sawlog.log.file.NoSpaceException;
import io.sawlog.log.segment.ActiveSegment;
import io.sawlog.log.segment.AppendClock;
import io.sawlog.log.segment.FrameBuilder;
import io.sawlog.log.segment.LostStoreException;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The writing side of a partition: appends go to the active segment without a lock; everything
 * rarer (the first append, a roll, a failure, closing) happens here under the roll lock.
 *
 * <p>Thread-safe.
 */
final class PartitionWriter {
  private final PartitionPlace place;
  private final PartitionLife life;
  private final Segments segments;
  private final LogTail openingTail;
  private final AppendClock clock;
  private final Runnable stopStore;
  private final SegmentPreparer preparer;
  private final DirectoryEntries entries;
  private final DurableFrontier frontier;
  private final PartitionCounters counters = new PartitionCounters();

  /** Taken to change {@link #active}; never held during a device flush once a segment is active. */
  private final ReentrantLock rollLock = new ReentrantLock();

  private volatile TopicConfig config;
  private volatile @Nullable ActiveSegment active;

  /** Why nothing can be appended any more. */
  private volatile @Nullable LogException stopped;

  /** Why nothing can be done at all any more. */
  private volatile @Nullable LogException closed;

  private volatile boolean unfinishedAppend;

  /** The base of the last segment that has its END, guarded by the roll lock. */
  private long endedBase = LogTail.NO_SEGMENT;

  PartitionWriter(
      PartitionPlace place,
      PartitionMeta meta,
      Segments segments,
      LogTail tail,
      TopicConfig config,
      AppendClock clock,
      Runnable stopStore) {
    this.place = place;
    this.life = new PartitionLife(place, meta, tail);
    this.segments = segments;
    this.openingTail = tail;
    this.config = config;
    this.clock = clock;
    this.stopStore = stopStore;
    this.preparer = new SegmentPreparer(place, segments, tail);
    this.frontier = new DurableFrontier(this, segments, tail);
    this.entries = new DirectoryEntries(this, segments, tail.segmentBase());
  }

  PartitionPlace place() {
    return place;
  }

  TopicConfig config() {
    return config;
  }

  void config(TopicConfig changed) {
    config = changed;
  }

  GroupCommit commit() {
    return frontier.commit();
  }

  DurableFrontier frontier() {
    return frontier;
  }

  @Nullable ActiveSegment active() {
    return active;
  }

  @Nullable LogException stopped() {
    return stopped;
  }

  /**
   * Appends a frame.
   *
   * @return the offset of its first record
   */
  long append(FrameBuilder frame) {
    checkFrame(frame);
    ActiveSegment current = active;
    while (true) {
      if (current != null) {
        long offset = appendTo(current, frame);
        if (offset != ActiveSegment.REFUSED) {
          return offset;
        }
      }
      current = awaitSegment(current, frame.length());
    }
  }

  private long appendTo(ActiveSegment segment, FrameBuilder frame) {
    try {
      return segment.append(frame);
    } catch (LostStoreException | InternalError e) {
      throw storeLost(e);
    }
  }

  private LogException storeLost(Throwable cause) {
    LogException failure = fail("a store into the log was lost", cause);
    stopStore.run();
    return failure;
  }

  private void checkFrame(FrameBuilder frame) {
    if (frame.length() > config.maxFrameBytes()) {
      throw new RecordTooLargeException(
          place.name()
              + ": a record or batch of "
              + frame.length()
              + " bytes exceeds maxFrameBytes "
              + config.maxFrameBytes()
              + ": split it, or alter the topic");
    }
    if (frame.recordCount() == 0) {
      throw new IllegalArgumentException("a batch without records cannot be appended");
    }
  }

  /** The slow path of an append: counted, and recorded if it takes long. */
  private ActiveSegment awaitSegment(@Nullable ActiveSegment seen, int frameLength) {
    AppendStallEvent event = FlightEvents.PRESENT ? AppendStallEvent.begun() : null;
    long sinceNs = System.nanoTime();
    try {
      return replace(seen, frameLength);
    } catch (LogFullException e) {
      counters.refusals.incrementAndGet();
      if (!e.isHeldByGroups()) {
        FlightEvents.diskFull(place, true, frameLength);
      }
      throw e;
    } finally {
      counters.stalled(System.nanoTime() - sinceNs);
      if (event != null) {
        event.frameBytes = frameLength;
        event.commitFor(place);
      }
    }
  }

  /** Finds or makes the segment that follows one that refused a frame. */
  private ActiveSegment replace(@Nullable ActiveSegment seen, int frameLength) {
    try {
      while (true) {
        if (seen == null && openingTail.hasSegment() && !openingTail.sealed()) {
          return continueLastSegment();
        }
        prepareNext(seen, frameLength, 0);
        if (seen != null) {
          entries.ensureDurable(seen.header().baseOffset());
        }
        ActiveSegment next = tryRoll(seen, frameLength);
        if (next != null) {
          return next;
        }
      }
    } catch (NoSpaceException e) {
      throw new LogFullException(place.name() + ": no new segment", place.directory(), e);
    } catch (IOException e) {
      throw new LogIoException(place.name() + ": no new segment: " + e.getMessage(), e);
    } catch (LostStoreException | InternalError e) {
      throw storeLost(e);
    }
  }

  /**
   * Makes the segment that follows one ready, on the assumption that it fills up, unless it was
   * followed already.
   *
   * @param seen the active segment, null if there is none yet
   * @param frameLength there will be room for a frame of this length
   * @param populatedBytes how many bytes of it to touch ahead of its use
   */
  void prepareNext(@Nullable ActiveSegment seen, int frameLength, int populatedBytes)
      throws IOException {
    synchronized (preparer) {
      if (active == seen && stopped == null) {
        preparer.prepare(config, seen, frameLength).populate(populatedBytes);
      }
    }
  }

  SegmentPreparer preparer() {
    return preparer;
  }

  private @Nullable ActiveSegment tryRoll(@Nullable ActiveSegment seen, int frameLength)
      throws IOException {
    rollLock.lock();
    try {
      throwIfStopped();
      ActiveSegment now = active;
      if (now != seen) {
        return now;
      }
      // the keeper must not prepare the one after while this one still has its temporary name
      synchronized (preparer) {
        PreparedSegment prepared = preparer.take(frameLength);
        if (prepared == null) {
          return null;
        }
        try {
          active = rollTo(prepared, seen);
        } catch (Throwable t) {
          prepared.discard();
          throw t;
        }
      }
      return openUnlessStopped(active);
    } finally {
      rollLock.unlock();
    }
  }

  /** Whoever stopped the partition just before did not see this segment, and could not close it. */
  private ActiveSegment openUnlessStopped(ActiveSegment activated) {
    if (stopped != null) {
      activated.close();
      throwIfStopped();
    }
    return activated;
  }

  private ActiveSegment rollTo(PreparedSegment prepared, @Nullable ActiveSegment previous)
      throws IOException {
    RollEvent event = FlightEvents.PRESENT ? RollEvent.begun() : null;
    ActiveSegment next = activate(prepared, previous);
    counters.rolls.incrementAndGet();
    if (event != null) {
      event.baseOffset = next.header().baseOffset();
      event.segmentBytes = next.header().capacity();
      event.previousUsedBytes = previous == null ? 0 : previous.tailPosition();
      event.commitFor(place);
    }
    return next;
  }

  private ActiveSegment activate(PreparedSegment prepared, @Nullable ActiveSegment previous)
      throws IOException {
    long baseOffset = openingTail.nextOffset();
    long recordsBefore = openingTail.recordCount();
    if (previous == null) {
      life.begin();
    } else {
      baseOffset = end(previous);
      recordsBefore =
          previous.header().recordsBefore() + baseOffset - previous.header().baseOffset();
    }
    ActiveSegment next =
        prepared.activate(baseOffset, recordsBefore, clock, openingTail.lastTime());
    Segment segment = new Segment(prepared.path(baseOffset), next.header());
    segment.activate(next);
    segments.add(segment);
    return next;
  }

  /** Closes a segment and writes its END, unless an earlier attempt to roll has done so. */
  private long end(ActiveSegment segment) {
    if (segment.nextOffset() == segment.header().baseOffset()) {
      segment.append(FrameBuilder.aborted());
    }
    long nextBaseOffset = segment.close();
    if (!hasEnd(segment)) {
      segment.writeEnd(nextBaseOffset);
      endedBase = segment.header().baseOffset();
    }
    return nextBaseOffset;
  }

  /** The first append of this life goes on in the last segment of the life before. */
  private ActiveSegment continueLastSegment() throws IOException {
    rollLock.lock();
    try {
      throwIfStopped();
      ActiveSegment now = active;
      if (now != null) {
        return now;
      }
      life.begin();
      Segment last = segments.newest();
      ActiveSegment mapped =
          new LastSegment(place.storage(), last, openingTail, config.indexIntervalBytes())
              .map(clock);
      last.activate(mapped);
      active = mapped;
      return openUnlessStopped(mapped);
    } finally {
      rollLock.unlock();
    }
  }

  /** What makes the names of segments durable. */
  DirectoryEntries entries() {
    return entries;
  }

  /**
   * Throws if a flush has failed. The kernel tells of an error once: from then on no other flush of
   * this partition proves anything, even if it ends well.
   */
  void throwIfFailed() {
    if (stopped instanceof FailedLogException failed) {
      throw failed;
    }
  }

  /** The offset that the next record gets. */
  long logEndOffset() {
    ActiveSegment current = active;
    return current == null ? openingTail.nextOffset() : current.nextOffset();
  }

  /** How many records were appended in the life of the partition, deleted ones included. */
  long recordCount() {
    ActiveSegment current = active;
    return current == null
        ? openingTail.recordCount()
        : current.header().recordsBefore() + current.nextOffset() - current.header().baseOffset();
  }

  /**
   * Stops the partition for good, and says so on disk if that is possible.
   *
   * @return the exception to throw
   */
  LogException fail(String what, Throwable cause) {
    FailedLogException failure =
        new FailedLogException(
            place.name()
                + ": "
                + what
                + " ("
                + cause.getMessage()
                + "); everything below offset "
                + commit().durableOffset()
                + " is durable and readable, close and open the store to recover the rest",
            cause);
    synchronized (this) {
      if (stopped instanceof FailedLogException) {
        return failure;
      }
      stopped = failure;
    }
    ActiveSegment current = active;
    if (current != null) {
      current.close();
    }
    life.fail(failure);
    commit().end(failure);
    FlightEvents.failed(place, commit().durableOffset(), failure);
    return failure;
  }

  /** What has happened in this life. */
  PartitionCounters counters() {
    return counters;
  }

  /** The record of this life in the meta file. */
  PartitionLife life() {
    return life;
  }

  @Nullable LogException closed() {
    return closed;
  }

  private void throwIfStopped() {
    LogException reason = closed != null ? closed : stopped;
    if (reason != null) {
      throw reason;
    }
  }

  /**
   * Rolls a segment that holds records before it is full. If nothing was appended in this life, the
   * last segment of the life before is taken up first, to be rolled the next time.
   */
  void rollEarly(@Nullable ActiveSegment seen) throws IOException {
    if (seen == null) {
      replace(null, 0);
    } else if (seen.nextOffset() > seen.header().baseOffset()) {
      prepareNext(seen, 0, 0);
      entries.ensureDurable(seen.header().baseOffset());
      tryRoll(seen, 0);
    }
  }

  /**
   * Refuses further appends, makes everything durable and marks the partition CLEAN. After a
   * failure, or if an append never finished, it stays as it is, to be recovered.
   *
   * @param reason what later callers are told
   * @param finalLife what readers in other processes are told
   * @throws LogException if not everything became durable
   */
  void close(LogException reason, Hints.Life finalLife) {
    PartitionClosing closing = new PartitionClosing(this, segments);
    refuse(reason);
    try {
      closing.run(reason, finalLife);
    } finally {
      unfinishedAppend = closing.hasUnfinishedAppend();
    }
  }

  private void refuse(LogException reason) {
    rollLock.lock();
    try {
      closed = reason;
      synchronized (this) {
        if (stopped == null) {
          stopped = reason;
        }
      }
      ActiveSegment current = active;
      if (current != null) {
        current.close();
      }
    } finally {
      rollLock.unlock();
    }
  }

  /** Whether a segment has its END; under the roll lock, or after closing. */
  boolean hasEnd(ActiveSegment segment) {
    return endedBase == segment.header().baseOffset();
  }

  /** Whether a thread may still write to the files, although the partition was closed. */
  boolean hasUnfinishedAppend() {
    return unfinishedAppend;
  }
}
