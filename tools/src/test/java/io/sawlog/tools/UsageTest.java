package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
  @TempDir Path directory;

  @Test
  void shouldNameAllCommandsInItsHelp() throws IOException {
    Cli.Result help = Cli.in(directory).run("--help").quiet();

    for (String command :
        List.of(
            "demo", "topic", "produce", "consume", "group", "dump", "verify", "repair", "reindex",
            "backup", "restore", "stats", "perf")) {
      assertTrue(help.text().contains("\n  " + command + " "), help.text());
    }
    assertTrue(help.text().contains("--dir=DIR"), help.text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"produce", "topic create", "group reset"})
  void shouldHelpWithEachCommand(String command) throws IOException {
    String[] arguments = (command + " --help").split(" ", -1);

    String help = Cli.in(directory).run(arguments).quiet().text();

    assertTrue(help.contains("Usage: sawlog " + command), help);
    assertTrue(help.contains("--dir"), help);
  }

  @Test
  void shouldTellItsVersion() throws IOException {
    assertTrue(Cli.in(directory).run("--version").quiet().text().startsWith("sawlog "));
  }

  @Test
  void shouldGenerateACompletionScript() throws IOException {
    String script = Cli.in(directory).run("generate-completion").quiet().text();

    assertTrue(script.contains("complete -F _complete_sawlog"), script);
    assertTrue(script.contains("--key-separator"), script);
    Files.writeString(directory.resolve("completion"), script);
    assertEquals(List.of("group"), complete("sawlog gr"));
    assertEquals(List.of("reset", "resume"), complete("sawlog group res"));
    assertEquals(List.of("--key-separator"), complete("sawlog produce --key"));
  }

  /** What bash offers for the last word of a line, with the script that was generated. */
  private List<String> complete(String line) throws IOException {
    return Cli.in(directory)
        .shell(
            "compopt() { :; }; source ./completion && COMP_WORDS=("
                + line
                + ") && COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) && _complete_sawlog sawlog "
                + "${COMP_WORDS[COMP_CWORD]} && printf '%s\\n' \"${COMPREPLY[@]}\" | sort")
        .quiet()
        .lines();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "consume flights --nonsense",
        "consume flights --from yesterday",
        "produce flights --batch 0",
        "produce flights --key-separator : --json-key a",
        "topic create flights --partitions 0",
        "dump",
        "dump x --hex --json",
        "fly"
      })
  void shouldExitWithTwoOnBadUsage(String arguments) throws IOException {
    Cli.Result result = Cli.in(directory).run(arguments.split(" ", -1));

    result.failed(ErrorReport.BAD_USAGE);
    assertEquals("", result.text());
    try (var children = Files.list(directory)) {
      assertEquals(0, children.count(), "bad usage must leave nothing behind");
    }
  }

  @Test
  void shouldShowTheUsageWithoutACommand() throws IOException {
    Cli.Result result = Cli.in(directory).run();

    assertEquals(ErrorReport.BAD_USAGE, result.exitCode());
    assertTrue(result.stderr().contains("--help"), result.stderr());
  }

  @Test
  void shouldTakeTheStoreBeforeAndAfterTheCommandAndFromTheEnvironment() throws IOException {
    Cli cli = Cli.in(directory);
    cli.run("--dir", "a", "topic", "create", "one").quiet();
    cli.run("topic", "create", "two", "--dir", "a").quiet();

    assertEquals(List.of("one", "two"), cli.run("topic", "list", "--dir=a").quiet().lines());
    Cli.Result fromEnvironment =
        cli.shell("SAWLOG_DIR=a \"$@\" topic list && SAWLOG_DIR=b \"$@\" --dir a topic list");
    assertEquals(List.of("one", "two", "one", "two"), fromEnvironment.quiet().lines());
    assertFalse(Files.exists(directory.resolve("sawlog-data")));
  }

  @Test
  void shouldNameAMissingStoreAndTheWayOut() throws IOException {
    for (String arguments : List.of("topic list", "consume flights", "verify")) {
      Cli.in(directory)
          .run(arguments.split(" ", -1))
          .failed(ErrorReport.FAILED, "no store", "sawlog-data", "--dir");
    }
  }

  @Test
  void shouldSayThatTheDirectoryOfTheStoreIsAFile() throws IOException {
    Files.writeString(directory.resolve("notes.txt"), "not a store");

    for (String arguments : List.of("topic list", "topic create flights", "consume flights")) {
      Cli.in(directory)
          .run(("--dir notes.txt " + arguments).split(" ", -1))
          .failed(ErrorReport.FAILED, "notes.txt", "not a directory");
    }
  }

  @Test
  void shouldShowAStackTraceOnlyWhenAsked() throws IOException {
    Cli cli = Cli.in(directory);
    cli.run("topic", "create", "flights").quiet();

    cli.run("consume", "trains").failed(ErrorReport.FAILED, "trains");
    Cli.Result traced = cli.run("consume", "trains", "--stacktrace");

    assertEquals(ErrorReport.FAILED, traced.exitCode());
    assertTrue(traced.stderr().contains("\tat io.sawlog."), traced.stderr());
  }
}
