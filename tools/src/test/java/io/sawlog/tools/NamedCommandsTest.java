package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** A message that sends people to a command sends them to one that exists. */
class NamedCommandsTest {
  private static final Path PROJECT = Path.of("..");
  private static final Pattern NAMED = Pattern.compile("'sawlog((?: [a-z][a-z-]*)+)");

  @Test
  void shouldNameOnlyCommandsThatExist() throws IOException {
    List<String> named = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (String module : List.of("log-index", "log-core", "consumer-groups", "tools")) {
      try (Stream<Path> sources = Files.walk(PROJECT.resolve(module).resolve("src/main/java"))) {
        sources
            .filter(path -> path.toString().endsWith(".java"))
            .forEach(
                source -> {
                  Matcher matcher = NAMED.matcher(joinedLiterals(source));
                  while (matcher.find()) {
                    named.add(matcher.group(1));
                    if (!exists(matcher.group(1).strip())) {
                      unknown.add(source.getFileName() + ":" + matcher.group(1));
                    }
                  }
                });
      }
    }

    assertEquals(List.of(), unknown);
    assertTrue(named.contains(" repair") && named.contains(" topic list"), named.toString());
  }

  /** A command's name may be broken between two literals. */
  private static String joinedLiterals(Path source) {
    try {
      return Files.readString(source).replaceAll("\"\\s*\\+\\s*\"", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean exists(String words) {
    CommandLine command = Main.commandLine(new GeneralOptions(Invocation.ofThisProcess()));
    for (String word : words.split(" ", -1)) {
      CommandLine next = command.getSubcommands().get(word);
      if (next == null) {
        // what follows the name of a command are its arguments
        return command.getParent() != null && command.getSubcommands().isEmpty();
      }
      command = next;
    }
    return true;
  }
}
