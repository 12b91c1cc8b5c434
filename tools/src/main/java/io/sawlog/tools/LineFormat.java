package io.sawlog.tools;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How a line becomes a record. */
sealed interface LineFormat permits LineFormat.WholeLine, LineFormat.Separated, JsonKey {

  /**
   * Splits a line into key and value.
   *
   * @return the parts; without a key if the line has none
   */
  LineRecord split(byte[] line);

  /** Whether a line without a key is worth mentioning. */
  boolean expectsKeys();

  /** The line is the value, and there is no key. */
  record WholeLine() implements LineFormat {
    @Override
    public LineRecord split(byte[] line) {
      return new LineRecord(null, line);
    }

    @Override
    public boolean expectsKeys() {
      return false;
    }
  }

  /** The key ends where the separator stands for the first time. */
  final class Separated implements LineFormat {
    private final byte[] separator;

    Separated(String separator) {
      this.separator = separator.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public LineRecord split(byte[] line) {
      int last = line.length - separator.length;
      for (int i = 0; i <= last; i++) {
        if (Arrays.equals(line, i, i + separator.length, separator, 0, separator.length)) {
          return new LineRecord(
              Arrays.copyOf(line, i), Arrays.copyOfRange(line, i + separator.length, line.length));
        }
      }
      return new LineRecord(null, line);
    }

    @Override
    public boolean expectsKeys() {
      return true;
    }
  }
}
