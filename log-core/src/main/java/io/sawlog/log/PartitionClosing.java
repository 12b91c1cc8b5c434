package io.sawlog.log;

import io.sawlog.log.file.Pause;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.ActiveSegment;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.PinnedRegion;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.TimeUnit;

/**
 * Ends the life of a partition that accepts no appends any more: waits for those under way, makes
 * everything durable, marks the partition CLEAN, and releases its mappings.
 */
final class PartitionClosing {
  private static final long UNFINISHED_NS = TimeUnit.SECONDS.toNanos(10);
  private static final long POLL_NS = 50_000;

  private final PartitionWriter writer;
  private final Segments segments;
  private final long deadlineNs = System.nanoTime() + UNFINISHED_NS;
  private boolean unfinishedAppend;

  PartitionClosing(PartitionWriter writer, Segments segments) {
    this.writer = writer;
    this.segments = segments;
  }

  void run(LogException reason, Hints.Life finalLife) {
    try {
      ActiveSegment last = writer.active();
      if (writer.stopped() == reason && last != null) {
        closeClean(last);
      }
    } finally {
      writer.commit().endAndWait(reason);
      if (writer.stopped() == reason || finalLife == Hints.Life.DELETED) {
        writer.life().announce(finalLife);
      }
      releaseAll();
    }
    LogException failure = writer.stopped();
    if (failure instanceof FailedLogException && finalLife != Hints.Life.DELETED) {
      // a new exception, since the caller may be about to add it to the one that it has
      throw new FailedLogException(
          writer.place().name()
              + ": closed, and not everything is durable: "
              + failure.getMessage(),
          failure);
    }
  }

  /** Whether a thread may still write to the files. */
  boolean hasUnfinishedAppend() {
    return unfinishedAppend;
  }

  private void closeClean(ActiveSegment last) {
    for (Segment segment : segments.all()) {
      ActiveSegment mapped = segment.active();
      if (mapped != null && !awaitPublished(mapped)) {
        throw unfinished();
      }
    }
    GroupCommit commit = writer.commit();
    commit.await(last.nextOffset() - 1);
    while (commit.ended() == null && writer.frontier().isBehind(last) && !commit.tryFlush()) {
      // somebody else is flushing: an END may still be left then
      Pause.nanos(POLL_NS);
    }
    try {
      writer.entries().ensureDurable(segments.newest().baseOffset());
      writer.life().end(forceTail(last));
    } catch (FileSystemException e) {
      // a file could not even be opened: no flush has failed
      throw new LogIoException(writer.place().name() + ": closing failed: " + e.getMessage(), e);
    } catch (IOException e) {
      throw writer.fail("the last flush failed", e);
    }
  }

  /** Forces what no commit had to: an empty segment and its length, an END, the index. */
  private LogTail forceTail(ActiveSegment last) throws IOException {
    Storage storage = writer.place().storage();
    int position = last.tailPosition();
    try (StorageFile log = storage.open(segments.newest().path(), Storage.Access.WRITE)) {
      log.force();
    }
    boolean sealed = writer.hasEnd(last);
    if (sealed) {
      position += FrameFormat.HEADER_LENGTH;
    }
    PinnedRegion index = last.pinnedIndex();
    force(index, 0, index.region().buffer().capacity());
    return new LogTail(
        last.header().baseOffset(),
        position,
        last.nextOffset(),
        writer.frontier().lastTime(),
        writer.recordCount(),
        sealed);
  }

  /** Forces a range of a mapping; one that was retired after a failed roll is durable already. */
  private static void force(PinnedRegion pinned, int position, int length) throws IOException {
    if (pinned.tryPin()) {
      try {
        pinned.region().force(position, length);
      } finally {
        pinned.unpin();
      }
    }
  }

  /** Waits until the claims that were made before the segment was closed are published. */
  private boolean awaitPublished(ActiveSegment closed) {
    while (!closed.isPublished()) {
      if (System.nanoTime() - deadlineNs > 0) {
        return false;
      }
      Pause.nanos(POLL_NS);
    }
    return true;
  }

  private LogTimeoutException unfinished() {
    return new LogTimeoutException(
        writer.place().name()
            + ": an append has not finished, and its thread may still write; the store stays locked"
            + " until this process ends, and is recovered by the next opening");
  }

  /** Releases every mapping that no producer can still be writing to. */
  private void releaseAll() {
    for (Segment segment : segments.all()) {
      ActiveSegment mapped = segment.active();
      if (mapped == null) {
        continue;
      }
      if (awaitPublished(mapped)) {
        segment.release();
      } else {
        unfinishedAppend = true;
      }
    }
    try {
      writer.preparer().discard();
      writer.life().close();
    } catch (IOException e) {
      throw new LogIoException(writer.place().name() + ": closing failed: " + e.getMessage(), e);
    }
    if (unfinishedAppend) {
      throw unfinished();
    }
  }
}
