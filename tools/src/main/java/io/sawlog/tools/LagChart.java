package io.sawlog.tools;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How far each service was behind, from one look to the next. */
final class LagChart {
  private static final int WIDTH = 60;
  private static final String BARS = "▁▂▃▄▅▆▇█";
  private static final String NOTHING = "·";

  private final Map<String, List<Long>> lags = new LinkedHashMap<>();
  private String mark = "";
  private int markedLook;

  /** Adds what a look has shown. */
  void add(String service, long lag) {
    lags.computeIfAbsent(service, name -> new ArrayList<>()).add(lag);
  }

  /** Says what happened after the last look. */
  void mark(String what) {
    mark = what;
    markedLook = Math.max(0, looks() - 1);
  }

  private int looks() {
    return lags.values().stream().mapToInt(List::size).max().orElse(0);
  }

  /**
   * Draws a row for each service, in which each column stands for as many looks.
   *
   * @param seconds how long it took altogether
   */
  void print(Output output, double seconds) {
    long highest = 1;
    for (List<Long> row : lags.values()) {
      highest = Math.max(highest, row.stream().mapToLong(Long::longValue).max().orElse(0));
    }
    int looksPerColumn = Math.max(1, (looks() + WIDTH - 1) / WIDTH);
    for (Map.Entry<String, List<Long>> row : lags.entrySet()) {
      output.line(label(row.getKey()) + bars(row.getValue(), looksPerColumn, highest));
    }
    if (!mark.isEmpty()) {
      output.line(label("") + " ".repeat(markedLook / looksPerColumn) + "^ " + mark);
    }
    output.line(
        String.format(
            Locale.ROOT,
            "     lag over %.1f s: █ is up to %,d orders behind, %s none",
            seconds,
            highest,
            NOTHING));
  }

  private static String label(String text) {
    return String.format(Locale.ROOT, "     %-18s", text);
  }

  private static String bars(List<Long> row, int looksPerColumn, long highest) {
    StringBuilder bars = new StringBuilder();
    for (int i = 0; i < row.size(); i += looksPerColumn) {
      long lag = row.get(i);
      int height = (int) ((lag * BARS.length() + highest - 1) / highest);
      bars.append(height == 0 ? NOTHING : BARS.substring(height - 1, height));
    }
    return bars.toString();
  }
}
