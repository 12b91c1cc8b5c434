package io.sawlog.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was appended when: bytes and records in intervals of equal width, which begin at multiples
 * of it. The width grows through lengths that people count in, so that there are never many
 * intervals, however long the log. For one thread.
 */
final class TimeBins {
  /** Each divides the next, so that intervals can be joined. In ms: 1 ms to 28 days. */
  private static final List<Long> WIDTHS =
      List.of(
          1L,
          10L,
          100L,
          1_000L,
          10_000L,
          60_000L,
          300_000L,
          900_000L,
          3_600_000L,
          21_600_000L,
          86_400_000L,
          604_800_000L,
          2_419_200_000L);

  private static final int MOST_BINS = 120;

  private final TreeMap<Long, Bin> bins = new TreeMap<>();
  private int step;

  /**
   * An interval.
   *
   * @param start when it begins, epoch ms
   * @param bytes appended in it, with the headers of the frames
   * @param records appended in it
   */
  record Bin(long start, long bytes, long records) {
    private Bin plus(Bin other) {
      return new Bin(start, bytes + other.bytes, records + other.records);
    }
  }

  /** Adds a frame. */
  void add(long time, long bytes, long records) {
    put(new Bin(time, bytes, records));
    while (isTooFine()) {
      widenTo(widthMs() == last() ? widthMs() : WIDTHS.get(step + 1));
    }
  }

  private static long last() {
    return WIDTHS.get(WIDTHS.size() - 1);
  }

  private boolean isTooFine() {
    return widthMs() < last()
        && !bins.isEmpty()
        && (bins.lastKey() - bins.firstKey()) / widthMs() >= MOST_BINS;
  }

  private void put(Bin bin) {
    long start = Math.floorDiv(bin.start(), widthMs()) * widthMs();
    bins.merge(start, new Bin(start, bin.bytes(), bin.records()), Bin::plus);
  }

  /** Makes the intervals at least this wide: one of another {@link #widthMs}. */
  void widenTo(long width) {
    if (width > widthMs()) {
      step = WIDTHS.indexOf(width);
      List<Bin> finer = new ArrayList<>(bins.values());
      bins.clear();
      finer.forEach(this::put);
    }
  }

  /** How wide an interval is, in ms. */
  long widthMs() {
    return WIDTHS.get(step);
  }

  /** The intervals in which something was appended, in order. */
  List<Bin> bins() {
    return List.copyOf(bins.values());
  }

  /** Brings several to the width of the widest, which fits the span of all of them. */
  static void align(Map<String, TimeBins> all) {
    TimeBins span = new TimeBins();
    for (TimeBins each : all.values()) {
      each.bins.values().forEach(bin -> span.add(bin.start(), 0, 0));
      span.widenTo(each.widthMs());
    }
    all.values().forEach(each -> each.widenTo(span.widthMs()));
  }
}
