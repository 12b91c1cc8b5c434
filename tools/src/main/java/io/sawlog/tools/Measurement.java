package io.sawlog.tools;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Counts operations and their latencies, and prints them in the form of {@code
 * kafka-producer-perf-test}: a line every five seconds, and one at the end with percentiles. For
 * one thread.
 */
final class Measurement {
  private static final long LONGEST_NS = TimeUnit.HOURS.toNanos(1);
  private static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(5);
  private static final int DIGITS = 3;
  private static final double MEGABYTE = 1 << 20;

  private final Output output;
  private final @Nullable JsonLines json;
  private final String verb;
  private final Histogram total = new Histogram(LONGEST_NS, DIGITS);
  private final Histogram window = new Histogram(LONGEST_NS, DIGITS);
  private long begin = System.nanoTime();
  private long windowBegin = begin;
  private long records;
  private long windowRecords;
  private long bytes;
  private long windowBytes;

  /**
   * Begins now.
   *
   * @param verb what is done to the records, as {@code sent}
   */
  Measurement(Output output, boolean asJson, String verb) {
    this.output = output;
    this.json = asJson ? JsonLines.on(output) : null;
    this.verb = verb;
  }

  /** Forgets what was counted so far, which was the warm-up, and begins now. */
  void restart() {
    begin = System.nanoTime();
    total.reset();
    records = 0;
    bytes = 0;
    closeWindow(begin);
  }

  long records() {
    return records;
  }

  /**
   * Counts an operation that has ended.
   *
   * @param meant when it was meant to start, on the clock of {@link System#nanoTime}
   */
  void add(long meant, long endNs, int operationRecords, long operationBytes) {
    long latency = Math.max(0, Math.min(LONGEST_NS, endNs - meant));
    total.recordValue(latency);
    window.recordValue(latency);
    records += operationRecords;
    windowRecords += operationRecords;
    bytes += operationBytes;
    windowBytes += operationBytes;
    if (endNs - windowBegin >= WINDOW_NS) {
      printWindow(endNs);
    }
  }

  private void printWindow(long now) {
    if (json == null) {
      output.line(rates(windowRecords, windowBytes, now - windowBegin) + averages(window) + ".");
      output.flush();
    }
    closeWindow(now);
  }

  private void closeWindow(long now) {
    window.reset();
    windowBegin = now;
    windowRecords = 0;
    windowBytes = 0;
  }

  /** Prints everything since the warm-up. */
  void print() {
    long elapsedNs = Math.max(1, System.nanoTime() - begin);
    if (json == null) {
      output.line(
          rates(records, bytes, elapsedNs)
              + averages(total)
              + percentile(50, "50th")
              + percentile(95, "95th")
              + percentile(99, "99th")
              + percentile(99.9, "99.9th")
              + ".");
    } else {
      printJson(json, elapsedNs);
    }
    output.flush();
  }

  private String rates(long count, long amount, long elapsedNs) {
    double seconds = elapsedNs / 1e9;
    return String.format(
        Locale.ROOT,
        "%d records %s, %.1f records/sec (%.2f MB/sec)",
        count,
        verb,
        count / seconds,
        amount / MEGABYTE / seconds);
  }

  private static String averages(Histogram latencies) {
    return String.format(
        Locale.ROOT,
        ", %.5f ms avg latency, %.5f ms max latency",
        latencies.getMean() / 1e6,
        latencies.getMaxValue() / 1e6);
  }

  private String percentile(double percent, String name) {
    return String.format(
        Locale.ROOT, ", %.5f ms %s", total.getValueAtPercentile(percent) / 1e6, name);
  }

  private void printJson(JsonLines lines, long elapsedNs) {
    double seconds = elapsedNs / 1e9;
    lines
        .begin()
        .number("records", records)
        .number("bytes", bytes)
        .number("elapsed_ns", elapsedNs)
        .number("records_per_second", Math.round(records / seconds))
        .number("bytes_per_second", Math.round(bytes / seconds))
        .number("latency_avg_ns", Math.round(total.getMean()))
        .number("latency_max_ns", total.getMaxValue())
        .number("latency_p50_ns", total.getValueAtPercentile(50))
        .number("latency_p95_ns", total.getValueAtPercentile(95))
        .number("latency_p99_ns", total.getValueAtPercentile(99))
        .number("latency_p99_9_ns", total.getValueAtPercentile(99.9))
        .end();
  }
}
