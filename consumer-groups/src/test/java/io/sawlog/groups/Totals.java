package io.sawlog.groups;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the tests of groups have tried in this build, added up in {@code target/totals.txt}, which
 * {@code mvn verify -Pcrash} shows at its end beside that of the log.
 */
final class Totals {
  private static final Path FILE = Path.of("target", "totals.txt");
  private static final Map<String, Long> COUNTS = new TreeMap<>();

  private Totals() {}

  /** Adds to a count of this build. */
  static synchronized void count(String what, long more) {
    COUNTS.merge(what, more, Long::sum);
    StringBuilder table = new StringBuilder();
    COUNTS.forEach((name, count) -> table.append(String.format("%,12d  %s%n", count, name)));
    try {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, table, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
