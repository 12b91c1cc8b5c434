package io.sawlog.tools;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How far a long command has come: rate, percent and time left, rewritten in place on stderr.
 * Silent unless stderr is a terminal. For one thread.
 */
final class Progress implements AutoCloseable {
  /** The total is not known. */
  static final long UNKNOWN = -1;

  private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final String what;
  private final long total;
  private final boolean shown;
  private final long started = System.nanoTime();
  private long next = started + INTERVAL_NS;
  private boolean drawn;

  private Progress(String what, long total, boolean shown) {
    this.what = what;
    this.total = total;
    this.shown = shown;
  }

  /** A command that prints nothing else while it runs. */
  static Progress of(String what, long totalBytes) {
    return new Progress(what, totalBytes, Terminal.isStderr());
  }

  /** A command that prints data, which must not be mixed with this on one terminal. */
  static Progress beside(String what, long totalBytes) {
    return new Progress(what, totalBytes, Terminal.isStderr() && !Terminal.isStdout());
  }

  /**
   * Tells how far it has come.
   *
   * @param bytes done of the total, 0 if nobody counts them
   * @param records done
   */
  void update(long bytes, long records) {
    if (!shown) {
      return;
    }
    long now = System.nanoTime();
    if (now - next >= 0) {
      next = now + INTERVAL_NS;
      drawn = true;
      System.err.print(CLEAR_LINE + describe(bytes, records, now - started));
      System.err.flush();
    }
  }

  private String describe(long bytes, long records, long elapsedNs) {
    double seconds = Math.max(elapsedNs, 1) / 1e9;
    StringBuilder text = new StringBuilder(what);
    if (total > 0) {
      text.append(String.format(Locale.ROOT, " %3d%%", Math.min(100, 100 * bytes / total)));
    }
    text.append(String.format(Locale.ROOT, "  %,d records  %,.0f/s", records, records / seconds));
    if (bytes > 0) {
      text.append("  ").append(ByteSize.inWords((long) (bytes / seconds))).append("/s");
    }
    if (total > 0 && bytes > 0) {
      long left = (long) (seconds * (total - bytes) / bytes);
      text.append(String.format(Locale.ROOT, "  %d:%02d left", left / 60, left % 60));
    }
    return text.toString();
  }

  /** Takes the line away. */
  @Override
  public void close() {
    if (drawn) {
      System.err.print(CLEAR_LINE);
      System.err.flush();
    }
  }
}
