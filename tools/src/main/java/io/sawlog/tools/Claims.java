package io.sawlog.tools;

import java.util.ArrayList;
import java.util.List;

/** What the demo says that it has shown, and whether it is so. */
final class Claims {
  private final List<String> lines = new ArrayList<>();
  private boolean allHold = true;

  void add(boolean holds, String claim) {
    allHold &= holds;
    lines.add((holds ? "  yes  " : "  NO   ") + claim);
  }

  boolean allHold() {
    return allHold;
  }

  void print(Output output) {
    output.line(allHold ? "Counted, not assumed:" : "NOT as it must be:");
    lines.forEach(output::line);
  }
}
