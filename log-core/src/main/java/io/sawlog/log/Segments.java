package io.sawlog.log;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a partition in the order of their base offsets. A snapshot that is replaced as a
 * whole: readers take one volatile read, writers take turns.
 */
final class Segments {
  private volatile Segment[] sorted = {};

  /** Replaces all segments by these, in ascending order. */
  synchronized void set(List<Segment> segments) {
    sorted = segments.toArray(new Segment[0]);
  }

  /** Adds a segment, nearly always behind all others. */
  synchronized void add(Segment segment) {
    int at = search(sorted, segment.baseOffset()) + 1;
    Segment[] next = Arrays.copyOf(sorted, sorted.length + 1);
    System.arraycopy(sorted, at, next, at + 1, sorted.length - at);
    next[at] = segment;
    sorted = next;
  }

  synchronized void removeFirst(int count) {
    sorted = Arrays.copyOfRange(sorted, count, sorted.length);
  }

  List<Segment> all() {
    return List.of(sorted);
  }

  @Nullable Segment first() {
    Segment[] now = sorted;
    return now.length == 0 ? null : now[0];
  }

  @Nullable Segment last() {
    Segment[] now = sorted;
    return now.length == 0 ? null : now[now.length - 1];
  }

  /** The last segment of a partition that is known to have one. */
  Segment newest() {
    Segment[] now = sorted;
    return now[now.length - 1];
  }

  /** The segment that holds an offset: the last one with a base at or below it. */
  @Nullable Segment floor(long offset) {
    Segment[] now = sorted;
    int at = search(now, offset);
    return at < 0 ? null : now[at];
  }

  /** The segment that begins exactly at an offset. */
  @Nullable Segment startingAt(long baseOffset) {
    Segment found = floor(baseOffset);
    return found != null && found.baseOffset() == baseOffset ? found : null;
  }

  /** The segment behind another one. */
  @Nullable Segment after(Segment segment) {
    Segment[] now = sorted;
    int next = search(now, segment.baseOffset()) + 1;
    return next < now.length ? now[next] : null;
  }

  private static int search(Segment[] sorted, long offset) {
    int low = 0;
    int high = sorted.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle].baseOffset() <= offset) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }
}
