package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command, with nobody who reads what it prints. */
class BrokenPipeTest {
  /** How to run each of them; those that need a process of their own have tests of their own. */
  private static final Map<String, String> ARGUMENTS = new TreeMap<>();

  private static final List<String> OF_THEIR_OWN = List.of("demo", "demo-email-service");

  /** They print nothing, so there is nothing to break. */
  private static final List<String> SILENT =
      List.of(
          "group create",
          "group delete",
          "group delete-offsets",
          "group copy",
          "group pause",
          "group resume");

  static {
    ARGUMENTS.put("topic create", "others");
    ARGUMENTS.put("topic list", "");
    ARGUMENTS.put("topic describe", "");
    ARGUMENTS.put("topic alter", "orders --partitions 2");
    ARGUMENTS.put("topic delete", "orders");
    ARGUMENTS.put("topic trim", "orders --before 3");
    ARGUMENTS.put("produce", "orders --json");
    ARGUMENTS.put("consume", "orders --group g");
    ARGUMENTS.put("dump", "sawlog-data");
    ARGUMENTS.put("verify", "");
    ARGUMENTS.put("repair", "sawlog-data --execute");
    ARGUMENTS.put("reindex", "sawlog-data");
    ARGUMENTS.put("stats", "");
    ARGUMENTS.put("perf produce", "--num-records 10 --warmup-records 0");
    ARGUMENTS.put("perf consume", "--topic orders");
    ARGUMENTS.put("perf end-to-end", "--num-records 10 --throughput 1000 --warmup-records 0");
    ARGUMENTS.put("backup", "backups");
    ARGUMENTS.put("restore", "backups --dir restored");
    ARGUMENTS.put("group list", "");
    ARGUMENTS.put("group describe", "");
    ARGUMENTS.put("group create", "new orders");
    ARGUMENTS.put("group reset", "g --to-earliest --execute");
    ARGUMENTS.put("group delete", "g");
    ARGUMENTS.put("group delete-offsets", "g --topic orders");
    ARGUMENTS.put("group copy", "g h");
    ARGUMENTS.put("group pause", "g");
    ARGUMENTS.put("group resume", "g");
    ARGUMENTS.put("group pending", "email");
    ARGUMENTS.put("group dead", "email");
    ARGUMENTS.put("group redrive", "email --execute");
    ARGUMENTS.put("report", "-o report.html");
  }

  private static final class BrokenPipe extends OutputStream {
    @Override
    public void write(int oneByte) throws IOException {
      throw new IOException("Broken pipe");
    }
  }

  @TempDir Path directory;
  private Cli cli;

  @BeforeEach
  void makeAStore() {
    cli = Cli.in(directory);
    SmallStore.make(directory.resolve("sawlog-data"));
  }

  @Test
  void shouldLeaveOutNoCommand() {
    TreeSet<String> tried = new TreeSet<>(ARGUMENTS.keySet());
    tried.addAll(OF_THEIR_OWN);

    assertEquals(new TreeSet<>(SmallStore.commands()), tried);
  }

  private static List<String> commands() {
    return List.copyOf(ARGUMENTS.keySet());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void shouldEndQuietlyWhenNobodyReads(String command) throws IOException {
    if (command.equals("restore")) {
      cli.run("backup", "backups").quiet();
    }

    Cli.Result result =
        new InProcess(directory)
            .feed(
                "eleventh\n".getBytes(StandardCharsets.UTF_8),
                new BrokenPipe(),
                (command + " " + ARGUMENTS.get(command)).strip().split(" ", -1));

    assertEquals("", result.stderr());
    assertEquals(SILENT.contains(command) ? 0 : ErrorReport.BROKEN_PIPE, result.exitCode());
    cli.run("verify").quiet();
    int left = command.equals("topic delete") ? 0 : SmallStore.RECORDS;
    assertTrue(cli.run("dump", "sawlog-data", "--records").quiet().lines().size() > left);
    assertTrue(noneIsHalfMade(), "something half-made is left");
  }

  private boolean noneIsHalfMade() throws IOException {
    try (var files = Files.walk(directory)) {
      return files.noneMatch(
          file ->
              file.toString().endsWith(".tmp")
                  || file.toString().endsWith(".building")
                  || file.toString().endsWith(RestoreCommand.RESTORING));
    }
  }
}
