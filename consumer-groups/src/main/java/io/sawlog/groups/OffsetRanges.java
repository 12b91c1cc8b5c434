package io.sawlog.groups;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A set of offsets, as sorted ranges that neither overlap nor touch. Groups acknowledge mostly in
 * runs, so there are few of them, however many offsets they hold.
 *
 * <p>Not thread-safe.
 */
final class OffsetRanges {
  private static final int FIRST_BOUNDS = 4;
  private static final int PART_RANGES = 4096;

  /** Range i is bounds[2 i] (inclusive) to bounds[2 i + 1] (exclusive). */
  private long[] bounds = new long[FIRST_BOUNDS];

  private int size;

  /** One range. */
  static OffsetRanges of(long from, long to) {
    OffsetRanges ranges = new OffsetRanges();
    ranges.add(from, to);
    return ranges;
  }

  static OffsetRanges copyOf(OffsetRanges other) {
    OffsetRanges copy = new OffsetRanges();
    copy.bounds = other.bounds.clone();
    copy.size = other.size;
    return copy;
  }

  /** Copies of it in parts, each small enough to be written at once; none if it is empty. */
  List<OffsetRanges> parts() {
    List<OffsetRanges> parts = new ArrayList<>();
    for (int first = 0; first < size; first += PART_RANGES) {
      OffsetRanges part = new OffsetRanges();
      part.size = Math.min(PART_RANGES, size - first);
      part.bounds = Arrays.copyOfRange(bounds, 2 * first, 2 * (first + part.size));
      parts.add(part);
    }
    return parts;
  }

  int rangeCount() {
    return size;
  }

  long from(int range) {
    return bounds[2 * range];
  }

  long to(int range) {
    return bounds[2 * range + 1];
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** How many offsets there are. */
  long count() {
    long count = 0;
    for (int i = 0; i < size; i++) {
      count += to(i) - from(i);
    }
    return count;
  }

  /** How many of the offsets lie in a range. */
  long count(long from, long to) {
    long count = 0;
    for (int i = firstEndingAtOrAfter(from); i < size && from(i) < to; i++) {
      count += Math.max(0, Math.min(to, to(i)) - Math.max(from, from(i)));
    }
    return count;
  }

  /** The lowest offset; only if there is one. */
  long first() {
    return from(0);
  }

  /** The offset behind the highest one, 0 if there is none. */
  long end() {
    return size == 0 ? 0 : to(size - 1);
  }

  boolean contains(long offset) {
    int range = firstEndingAtOrAfter(offset + 1);
    return range < size && from(range) <= offset;
  }

  /** The lowest offset at or above this one that is not in the set. */
  long firstMissing(long offset) {
    int range = firstEndingAtOrAfter(offset + 1);
    return range < size && from(range) <= offset ? to(range) : offset;
  }

  /** The lowest offset at or above this one that is in the set; -1 if there is none. */
  long firstPresent(long offset) {
    int range = firstEndingAtOrAfter(offset + 1);
    return range < size ? Math.max(offset, from(range)) : -1;
  }

  void add(long from, long to) {
    if (from >= to) {
      return;
    }
    int low = firstEndingAtOrAfter(from);
    int high = low;
    long start = from;
    long end = to;
    while (high < size && from(high) <= to) {
      start = Math.min(start, from(high));
      end = Math.max(end, to(high));
      high++;
    }
    replace(low, high, 1);
    bounds[2 * low] = start;
    bounds[2 * low + 1] = end;
  }

  void addAll(OffsetRanges other) {
    for (int i = 0; i < other.size; i++) {
      add(other.from(i), other.to(i));
    }
  }

  void remove(long from, long to) {
    if (from >= to || size == 0) {
      return;
    }
    int low = firstEndingAtOrAfter(from + 1);
    int high = low;
    while (high < size && from(high) < to) {
      high++;
    }
    if (low == high) {
      return;
    }
    long left = from(low);
    long right = to(high - 1);
    boolean keepsLeft = left < from;
    boolean keepsRight = right > to;
    replace(low, high, (keepsLeft ? 1 : 0) + (keepsRight ? 1 : 0));
    int at = low;
    if (keepsLeft) {
      bounds[2 * at] = left;
      bounds[2 * at + 1] = from;
      at++;
    }
    if (keepsRight) {
      bounds[2 * at] = to;
      bounds[2 * at + 1] = right;
    }
  }

  void removeAll(OffsetRanges other) {
    for (int i = 0; i < other.size; i++) {
      remove(other.from(i), other.to(i));
    }
  }

  void clear() {
    size = 0;
  }

  /** The first range that ends at an offset or behind it: from binary search over the ends. */
  private int firstEndingAtOrAfter(long offset) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (to(middle) < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Makes room for so many ranges in the place of the ranges low to high (exclusive). */
  private void replace(int low, int high, int count) {
    int newSize = size - (high - low) + count;
    if (2 * newSize > bounds.length) {
      bounds = Arrays.copyOf(bounds, Math.max(2 * newSize, 2 * bounds.length));
    }
    System.arraycopy(bounds, 2 * high, bounds, 2 * (low + count), 2 * (size - high));
    size = newSize;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OffsetRanges that
        && Arrays.equals(bounds, 0, 2 * size, that.bounds, 0, 2 * that.size);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = 0; i < 2 * size; i++) {
      hash = 31 * hash + Long.hashCode(bounds[i]);
    }
    return hash;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < size; i++) {
      text.append(i == 0 ? "" : " ").append(from(i));
      if (to(i) > from(i) + 1) {
        text.append('-').append(to(i) - 1);
      }
    }
    return text.toString();
  }
}
