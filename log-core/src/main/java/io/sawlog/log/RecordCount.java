package io.sawlog.log;

import java.io.IOException;

/**
 * Counts records, exactly, although offsets have gaps: each segment knows how many records precede
 * it, so only the segment of the offset may have to be looked into.
 */
final class RecordCount {
  private RecordCount() {}

  /** How many records lie at or above an offset. */
  static long from(PartitionView view, long offset) throws IOException {
    long end = view.logEndOffset();
    Segment last = view.segments().last();
    Segment first = view.segments().first();
    Segment segment = view.segments().floor(offset);
    if (last == null || first == null || offset >= end) {
      return 0;
    }
    // below the first segment there is nothing left, or never was anything
    long below = segment == null ? first.header().recordsBefore() : before(view, segment, offset);
    return before(view, last, end) - below;
  }

  /** How many records lie below an offset that is at or above the base of the segment. */
  private static long before(PartitionView view, Segment segment, long offset) throws IOException {
    long inside = offset - segment.baseOffset();
    long recordsBefore = segment.header().recordsBefore();
    return recordsBefore + Math.min(inside, in(view, segment));
  }

  /**
   * How many records a segment holds; frames behind its END do not count, whatever they look like.
   */
  static long in(PartitionView view, Segment segment) throws IOException {
    Segment next = view.segments().after(segment);
    long end = next == null ? view.totalRecordCount() : next.header().recordsBefore();
    return end - segment.header().recordsBefore();
  }
}
