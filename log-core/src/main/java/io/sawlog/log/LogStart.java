package io.sawlog.log;

import java.io.IOException;

/**
 * The lower end of a partition, and its moving up. The new start is durable before a file goes, so
 * that unlinks which survive a power cut out of order are merely finished later.
 *
 * <p>Thread-safe.
 */
final class LogStart {
  private final PartitionPlace place;
  private final PartitionLife life;
  private final Segments segments;
  private volatile long offset;
  private boolean closed;

  LogStart(PartitionPlace place, PartitionLife life, Segments segments) {
    this.place = place;
    this.life = life;
    this.segments = segments;
    this.offset = life.logStartOffset();
  }

  /** The lowest offset that may be read. */
  long offset() {
    return offset;
  }

  /** Ends the deleting; returns when none is under way, so that the names may be used again. */
  synchronized void close() {
    closed = true;
  }

  /** Moves the start up to an offset; a lower one changes nothing. */
  synchronized void moveTo(long newOffset) throws IOException {
    if (newOffset > offset) {
      life.moveLogStart(newOffset);
      offset = newOffset;
    }
    removeSegmentsBelow();
  }

  /**
   * Deletes the segments that lie wholly below the start, except those that are still mapped: these
   * go the next time.
   */
  synchronized void removeSegmentsBelow() throws IOException {
    while (!closed) {
      Segment first = segments.first();
      Segment second = first == null ? null : segments.after(first);
      if (first == null
          || second == null
          || second.baseOffset() > offset
          || first.active() != null) {
        return;
      }
      segments.removeFirst(1);
      place.storage().delete(IndexFile.beside(first.path()));
      place.storage().delete(first.path());
    }
  }
}
