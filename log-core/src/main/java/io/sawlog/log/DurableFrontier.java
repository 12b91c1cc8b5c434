package io.sawlog.log;

import io.sawlog.log.file.MappedRegion;
import io.sawlog.log.file.Pause;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.ActiveSegment;
import io.sawlog.log.segment.ActiveSegment.PublishedEnd;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The boundary in the log below which everything is on the device, and the work of moving it:
 * follow what is published, flush exactly that range, then say so.
 *
 * <p>Belongs to whoever leads the {@link GroupCommit}. Segments come in the order of the log, so a
 * flush that spans a roll does the older one first.
 */
final class DurableFrontier implements GroupCommit.Flush {
  /** What one flush takes at most, so that nobody waits behind a whole segment. */
  private static final int SLICE = 8 << 20;

  private static final long UNFINISHED_NS = TimeUnit.SECONDS.toNanos(30);
  private static final long POLL_NS = 20_000;

  private final PartitionWriter writer;
  private final Segments segments;
  private final GroupCommit commit;
  private final Queue<Segment> completed = new ConcurrentLinkedQueue<>();

  /** Written by the leader only. */
  private volatile @Nullable Segment segment;

  /** Written by the leader only, and replaced as a whole. */
  private volatile PublishedEnd end;

  /** How much was made durable in all; for the leader only. */
  private long flushedBytes;

  /** Written by the leader only. */
  private volatile long lastFlushBytes = Long.MAX_VALUE;

  /** Since when leaders have found nothing published before what they wait for; 0 if they have. */
  private long stuckSinceNs;

  DurableFrontier(PartitionWriter writer, Segments segments, LogTail tail) {
    this.writer = writer;
    this.segments = segments;
    this.segment = segments.last();
    this.end = new PublishedEnd(tail.position(), tail.nextOffset(), tail.lastTime());
    this.end.ended = tail.sealed();
    this.commit = new GroupCommit(this, tail.nextOffset());
  }

  GroupCommit commit() {
    return commit;
  }

  /** Whether a segment before this one still has an END or more to flush. */
  boolean isBehind(ActiveSegment active) {
    Segment now = segment;
    return now != null && now.active() != active && !end.ended;
  }

  /** How much the last flush has made durable, all slices together; very much if there was none. */
  long lastFlushBytes() {
    return lastFlushBytes;
  }

  /** The next segment that is durable up to its END and still mapped; null if there is none. */
  @Nullable Segment pollCompleted() {
    return completed.poll();
  }

  /** Takes back a segment from {@link #pollCompleted}, to hand it out again later. */
  void putBack(Segment complete) {
    completed.add(complete);
  }

  @Override
  public void flushPast(long offset) {
    FlushEvent event = FlightEvents.PRESENT ? FlushEvent.begun() : null;
    long sinceNs = System.nanoTime();
    long before = flushedBytes;
    flush(offset);
    if (flushedBytes > before) {
      lastFlushBytes = flushedBytes - before;
      writer.counters().flushed(lastFlushBytes, System.nanoTime() - sinceNs);
      if (event != null) {
        event.bytes = lastFlushBytes;
        event.durableOffset = commit.durableOffset();
        event.commitFor(writer.place());
      }
    }
  }

  private void flush(long offset) {
    try {
      if (offset < 0) {
        flushPublished();
      } else {
        flushUntil(offset);
      }
    } catch (LogException e) {
      throw e;
    } catch (FileSystemException e) {
      // a file could not even be opened: no flush was tried, so none has failed for good
      throw new LogIoException(
          writer.place().name() + ": flushing failed, and may be tried again: " + e.getMessage(),
          e);
    } catch (IOException | RuntimeException | InternalError e) {
      throw writer.fail("a flush failed", e);
    }
  }

  private void flushPublished() throws IOException {
    long target = writer.logEndOffset();
    // one slice at a time, and at least one: an END may be left although all records are durable
    while (flushSlice() && commit.durableOffset() < target) {
      // go on
    }
  }

  /**
   * A frame behind an unfinished claim is durable only with it, and publishing wakes nobody: poll.
   * The patience for that is one for all leaders, or they would lose theirs one after the other.
   */
  private void flushUntil(long offset) throws IOException {
    while (commit.durableOffset() <= offset) {
      LogException ended = commit.ended();
      if (flushSlice()) {
        continue;
      }
      if (ended != null) {
        throw ended;
      }
      if (stuckSinceNs == 0) {
        stuckSinceNs = System.nanoTime();
      } else if (System.nanoTime() - stuckSinceNs > UNFINISHED_NS) {
        throw new LogTimeoutException(
            writer.place().name()
                + ": offset "
                + offset
                + " cannot become durable, an append before it has not finished for 30 s");
      } else {
        Pause.nanos(POLL_NS);
      }
    }
  }

  /** Flushes the next piece; false if nothing was published. */
  private boolean flushSlice() throws IOException {
    Segment current = current();
    ActiveSegment active = current == null ? null : current.active();
    if (current == null || active == null || !active.pinned().tryPin()) {
      return false;
    }
    PublishedEnd next = new PublishedEnd(end.position, end.nextOffset, end.time);
    try {
      active.followPublished(next, end.position + SLICE);
      if (next.position == end.position) {
        return false;
      }
      MappedRegion region = active.pinned().region();
      if (end.position == SegmentHeader.LENGTH) {
        forceNewSegment(current);
      } else {
        region.force(end.position, next.position - end.position);
      }
      writer.throwIfFailed();
      active.durableUpTo(next.position);
    } finally {
      active.pinned().unpin();
    }
    flushedBytes += next.position - end.position;
    end = next;
    stuckSinceNs = 0;
    // END is the last thing that recovery wants to see of a segment: the hint points before it
    int hinted = next.ended ? next.position - FrameFormat.HEADER_LENGTH : next.position;
    // first the hint: if the process is killed, its readers still know what it has acknowledged
    writer.life().recoveryPoint(current.baseOffset(), hinted, next.nextOffset, next.time);
    commit.durableUpTo(next.nextOffset);
    if (next.ended) {
      current.lastTime(next.time);
      completed.add(current);
    }
    return true;
  }

  /** The first flush of a segment: its header, its length and its name too have to be durable. */
  private void forceNewSegment(Segment segment) throws IOException {
    try (StorageFile file = writer.place().storage().open(segment.path(), Storage.Access.WRITE)) {
      file.force();
    }
    writer.entries().ensureDurable(segment.baseOffset());
  }

  private @Nullable Segment current() {
    Segment now = segment;
    if (now == null || end.ended) {
      Segment next = now == null ? segments.first() : segments.after(now);
      if (next == null) {
        return null;
      }
      segment = next;
      end = new PublishedEnd(SegmentHeader.LENGTH, end.nextOffset, end.time);
      return next;
    }
    return now;
  }

  /** The append time of the last durable record, epoch ms. */
  long lastTime() {
    return end.time;
  }
}
