package io.sawlog.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What all the tests of the build have tried, added up in {@code target/totals.txt}, which {@code
 * mvn verify -Pcrash} shows at its end.
 */
public final class Totals {
  private static final Path FILE = Path.of("target", "totals.txt");

  /** What the file begins with: the counts of an earlier build don't belong to this one. */
  private static final String BUILD =
      "of the build " + System.getProperty("sawlog.build", "by hand");

  private static final String SEPARATOR = "  ";

  private Totals() {}

  /** Adds to a count of this build, which runs more than one JVM. */
  public static synchronized void count(String what, long more) {
    try {
      Files.createDirectories(FILE.getParent());
      try (FileChannel file =
          FileChannel.open(
              FILE, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        file.lock();
        Map<String, Long> counts = read(file);
        counts.merge(what, more, Long::sum);
        write(file, counts);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Long> read(FileChannel file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
    while (bytes.hasRemaining() && file.read(bytes) >= 0) {
      // the rest
    }
    List<String> lines = new String(bytes.array(), UTF_8).lines().toList();
    Map<String, Long> counts = new TreeMap<>();
    if (!lines.isEmpty() && lines.get(0).equals(BUILD)) {
      for (String line : lines.subList(1, lines.size())) {
        String[] parts = line.strip().split(SEPARATOR, 2);
        counts.put(parts[1], Long.parseLong(parts[0].replace(",", "")));
      }
    }
    return counts;
  }

  private static void write(FileChannel file, Map<String, Long> counts) throws IOException {
    StringBuilder table = new StringBuilder(BUILD).append('\n');
    counts.forEach(
        (name, count) ->
            table.append(String.format(Locale.ROOT, "%,14d%s%s\n", count, SEPARATOR, name)));
    file.truncate(0);
    file.write(ByteBuffer.wrap(table.toString().getBytes(UTF_8)), 0);
  }
}
