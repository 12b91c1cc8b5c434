package io.sawlog.log;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sawlog.log.file.Shell;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What the rigs need of the machine. */
public final class Rigs {
  private Rigs() {}

  /** Skips the test where a command is missing. */
  public static void assumeTools(String... commands) {
    assumeTrue(Shell.isLinux(), "skipped: needs Linux");
    for (String command : commands) {
      assumeTrue(isThere(command), "skipped: needs the command " + command);
    }
  }

  private static boolean isThere(String command) {
    String path = System.getenv().getOrDefault("PATH", "");
    Stream<String> places =
        Stream.concat(
            Arrays.stream(path.split(File.pathSeparator, -1)), Stream.of("/usr/sbin", "/sbin"));
    return places.anyMatch(place -> Files.isExecutable(Path.of(place, command)));
  }

  /** Deletes a directory and all that is in it. */
  public static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      List<Path> paths;
      try (Stream<Path> found = Files.walk(directory)) {
        paths = found.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path path : paths) {
        Files.delete(path);
      }
    }
  }
}
