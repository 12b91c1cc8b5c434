package io.sawlog.log;

import io.sawlog.log.file.NoSpaceException;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.ActiveSegment;
import io.sawlog.log.segment.AppendClock;
import java.io.IOException;
import java.nio.file.FileSystemException;

/**
 * What the keeper does for one partition, so that producers need not: prepare the next segment,
 * take page faults ahead of the tail, force the directory after a roll, let go of segments that are
 * complete, and retention.
 *
 * <p>Only one thread at a time, guarded by itself.
 */
final class PartitionUpkeep {
  private static final int PAGE = 4096;

  private final PartitionWriter writer;
  private final Segments segments;
  private final RetentionSweep retention;
  private final AppendClock clock;
  private final PagesAhead pages;

  private boolean preparationFailed;
  private boolean closed;

  PartitionUpkeep(
      PartitionWriter writer, Segments segments, RetentionSweep retention, AppendClock clock) {
    this.writer = writer;
    this.segments = segments;
    this.retention = retention;
    this.clock = clock;
    this.pages = new PagesAhead(writer);
  }

  /**
   * Does what is due.
   *
   * @return whether there was something to do
   */
  synchronized boolean work() {
    ActiveSegment active = writer.active();
    if (closed || active == null || writer.stopped() != null) {
      return false;
    }
    try {
      boolean worked = pages.work(active);
      writer.entries().ensureDurable(segments.newest().baseOffset());
      worked |= prepare(active);
      worked |= retireNext();
      return worked;
    } catch (LogException e) {
      // the partition has stopped; whoever uses it is told
      return false;
    } catch (FileSystemException e) {
      // a file could not even be opened, for want of descriptors perhaps: it is tried again
      return false;
    } catch (IOException | RuntimeException | InternalError e) {
      writer.fail("background work failed", e);
      return false;
    }
  }

  /** Applies retention, which is worth doing about once a second. */
  synchronized void retain() {
    if (closed || writer.stopped() instanceof LogClosedException) {
      return;
    }
    try {
      retention.run(clock.time());
    } catch (IOException | RuntimeException e) {
      System.getLogger("io.sawlog")
          .log(System.Logger.Level.WARNING, writer.place().name() + ": retention failed", e);
    }
  }

  /** Ends the work; returns when none is under way. */
  synchronized void close() {
    closed = true;
  }

  private boolean prepare(ActiveSegment active) throws IOException {
    boolean halfFull = active.tailPosition() >= active.header().capacity() / 2;
    if (!halfFull || writer.preparer().isReady()) {
      preparationFailed = false;
      return false;
    }
    if (preparationFailed) {
      return false;
    }
    try {
      writer.prepareNext(active, 0, PagesAhead.AHEAD / 4);
      return true;
    } catch (NoSpaceException e) {
      // the producer that needs the segment tries again, and says so
      FlightEvents.diskFull(writer.place(), false, 0);
      preparationFailed = true;
      return false;
    } catch (LogFullException | FileSystemException e) {
      preparationFailed = true;
      return false;
    }
  }

  /** A segment that is durable to its end gives back its unused blocks and its mappings. */
  private boolean retireNext() throws IOException {
    Segment complete = writer.frontier().pollCompleted();
    ActiveSegment mapped = complete == null ? null : complete.active();
    if (complete == null || mapped == null) {
      return false;
    }
    mapped.pinnedIndex().region().force(0, mapped.pinnedIndex().region().buffer().capacity());
    int used = (mapped.durablePosition() + PAGE - 1) & -PAGE;
    // opened while it is mapped: afterwards anybody may delete it
    try (StorageFile file = writer.place().storage().open(complete.path(), Storage.Access.WRITE)) {
      complete.release();
      file.punchHole(used, complete.header().capacity() - used);
    } catch (FileSystemException e) {
      writer.frontier().putBack(complete);
      throw e;
    }
    return true;
  }
}
