package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real terminal, which {@code script} makes, and beside one. */
class TerminalTest {
  private static final String ESCAPE = "\u001b[";
  private static final String CLEAR_LINE = "\r\u001b[K";

  @TempDir Path directory;
  private Cli cli;

  @BeforeEach
  void needATerminal() throws IOException {
    cli = Cli.processes(directory);
    assumeTrue(
        cli.shell("script -qec true /dev/null").exitCode() == 0,
        "skipped: no script(1) of util-linux, which makes terminals");
  }

  /** What a command shows on a terminal; with a redirection, what is left of it. */
  private String shown(String variables, String command, String redirection) throws IOException {
    String line = "$(printf '%q ' \"$@\" " + command + ")" + redirection;
    return cli.shell("TERM=xterm " + variables + " script -qec \"" + line + "\" /dev/null")
        .quiet()
        .text();
  }

  @Test
  void shouldColourTheHelpOnlyOnATerminalThatTakesIt() throws IOException {
    assertTrue(shown("", "topic --help", "").contains(ESCAPE));
    assertFalse(shown("NO_COLOR=1", "topic --help", "").contains(ESCAPE));
    assertTrue(shown("NO_COLOR=", "topic --help", "").contains(ESCAPE), "empty is not set");
    assertFalse(shown("TERM=dumb", "topic --help", "").contains(ESCAPE));
    assertFalse(shown("", "topic --help", " | cat").contains(ESCAPE));
    assertFalse(cli.run("topic", "--help").quiet().text().contains(ESCAPE));
  }

  @Test
  void shouldNotColourData() throws IOException {
    cli.feed("a\n", "produce", "events").quiet();

    for (String command : new String[] {"stats", "topic describe", "dump sawlog-data"}) {
      assertFalse(shown("", command, "").contains(ESCAPE), command);
      assertFalse(shown("", command + " --json", "").contains(ESCAPE), command);
    }
  }

  /** Held by its rate for longer than it takes until progress is shown. */
  @Test
  void shouldShowProgressOnATerminalAndTakeItAway() throws IOException {
    Files.write(directory.resolve("flights.tsv"), Flights.file(1, 700));
    String produce = "produce flights --file flights.tsv --rate 1000";

    String shown = shown("", produce, "");
    String besideData = shown("", produce + " --json", " > acknowledged");
    String amongData = shown("", produce + " --json", "");

    Pattern progress =
        Pattern.compile(
            "\r\u001b\\[Kproduce flights +\\d+%  \\d+ records  [\\d,]+/s  .*/s  \\d+:\\d\\d left");
    assertTrue(progress.matcher(shown).find(), shown);
    assertTrue(shown.endsWith(CLEAR_LINE), shown);
    assertTrue(progress.matcher(besideData).find(), besideData);
    assertEquals(700, Files.readAllLines(directory.resolve("acknowledged")).size());
    assertFalse(Files.readString(directory.resolve("acknowledged")).contains(ESCAPE));
    assertFalse(amongData.contains(ESCAPE), amongData);
    cli.run(produce.split(" ", -1)).quiet();
  }
}
