package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL in the middle of a produce, again and again on one store. */
class ProduceCrashTest {
  private static final int LINES = 300_000;
  private static final String OFFSET = "\"offset\":";

  @TempDir Path directory;

  private static boolean isLong() {
    return "crash".equals(System.getProperty("sawlog.tests"));
  }

  @Test
  void shouldLoseNothingThatWasPrintedBeforeAKill() throws IOException {
    Cli cli = Cli.in(directory);
    List<String> printed = new ArrayList<>();
    int rounds = isLong() ? 30 : 4;
    for (int round = 0; round < rounds; round++) {
      Path input = directory.resolve("input");
      Files.write(input, numbered(round));
      String sync = round % 2 == 0 ? "--sync" : "--batch=1";

      List<String> acknowledged =
          killedAfter(
              cli,
              1000 + 3000 * round,
              "produce",
              "numbers",
              "--json",
              "--file",
              input.toString(),
              sync);

      for (String line : acknowledged) {
        int offset = offsetIn(line);
        while (printed.size() <= offset) {
          printed.add(null);
        }
        printed.set(offset, round + ":");
      }
      List<String> log = cli.run("consume", "numbers").quiet().lines();
      assertTrue(log.size() >= printed.size(), "round " + round + " lost the end of the log");
      for (int offset = 0; offset < printed.size(); offset++) {
        String prefix = printed.get(offset);
        assertTrue(
            prefix == null || log.get(offset).startsWith(prefix),
            "round " + round + ", offset " + offset + " is " + log.get(offset));
      }
      assertInOrder(log);
      // What was appended but not printed is no less in the log.
      printed.clear();
      log.forEach(line -> printed.add(line.substring(0, line.indexOf(':') + 1)));
    }
    cli.run("verify").quiet();
  }

  private static byte[] numbered(int round) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < LINES; i++) {
      lines.append(round).append(':').append(i).append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Each round's lines are there from the first to some last one. */
  private static void assertInOrder(List<String> log) {
    String round = "";
    int expected = 0;
    for (String line : log) {
      int colon = line.indexOf(':');
      if (!line.substring(0, colon).equals(round)) {
        round = line.substring(0, colon);
        expected = 0;
      }
      assertEquals(expected++, Integer.parseInt(line.substring(colon + 1)), line);
    }
  }

  private static int offsetIn(String line) {
    return Integer.parseInt(
        line.substring(line.indexOf(OFFSET) + OFFSET.length(), line.length() - 1));
  }

  /** Reads so many acknowledgements, kills, and reads those that were on their way. */
  private static List<String> killedAfter(Cli cli, int count, String... arguments)
      throws IOException {
    List<String> acknowledged = new ArrayList<>();
    try (RunningCli produce = cli.start(arguments)) {
      for (int i = 0; i < count; i++) {
        String line = produce.readLine();
        assertNotNull(line, produce::stderr);
        acknowledged.add(line);
      }
      produce.kill();
      String line = produce.readLine();
      while (line != null) {
        if (line.endsWith("}")) {
          acknowledged.add(line);
        }
        line = produce.readLine();
      }
    }
    return acknowledged;
  }

  @Test
  void shouldPrintAnAcknowledgementBeforeItWaitsForTheNextLine() throws IOException {
    Cli cli = Cli.in(directory);
    try (RunningCli produce =
        cli.start("produce", "events", "--json", "--sync", "--batch", "100")) {
      produce.writeLine("one");
      assertEquals("{\"topic\":\"events\",\"partition\":0,\"offset\":0}", produce.readLine());

      produce.kill();
    }
    assertEquals(List.of("one"), cli.run("consume", "events").quiet().lines());
  }
}
