package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ctrl-C, and SIGTERM, in the middle of commands that do not handle it: each leaves the store as it
 * was, or has done its work, and can be run again.
 */
class InterruptionTest {
  private static final int SIGTERM_EXIT_CODE = 143;
  private static final int SIGINT_EXIT_CODE = 130;

  @TempDir Path directory;
  private Path store;
  private Cli cli;

  @BeforeEach
  void makeAStore() {
    store = directory.resolve("sawlog-data");
    cli = Cli.in(directory);
    SmallStore.make(store);
  }

  /** Sends the signal when the command is at it, unless it is done by then. */
  private void interruptWhen(BooleanSupplier atIt, int exitCode, RunningCli running)
      throws IOException {
    while (running.isAlive() && !atIt.getAsBoolean()) {
      Thread.onSpinWait();
    }
    if (exitCode == SIGINT_EXIT_CODE) {
      running.interrupt();
    } else {
      running.terminate();
    }
    int ended = running.await();
    assertTrue(List.of(0, exitCode).contains(ended), "exit code " + ended + running.stderr());
    assertEquals("", running.stderr());
  }

  /** Whether a lock in the store names the process, which then is about to change something. */
  private boolean isLockedBy(String pid) {
    try (var files = Files.walk(store, 3)) {
      for (Path lock : files.filter(path -> path.endsWith(LogPath.LOCK_FILE)).toList()) {
        if (Files.readString(lock).contains("process " + pid)) {
          return true;
        }
      }
      return false;
    } catch (IOException | UncheckedIOException e) {
      // a group is being deleted
      return true;
    }
  }

  /** What people see of the store, but for what changes by itself. */
  private List<String> seen() throws IOException {
    List<String> seen = new ArrayList<>(cli.run("topic", "list").quiet().lines());
    if (seen.contains("orders")) {
      seen.addAll(cli.run("consume", "orders").quiet().lines());
    }
    for (String group : cli.run("group", "list").quiet().lines()) {
      String described = cli.run("group", "describe", group, "--json").quiet().text();
      seen.add(described.replaceAll("\"lag_age_ms\":\\d+", ""));
      seen.addAll(cli.run("group", "pending", group).quiet().lines());
      seen.addAll(cli.run("group", "dead", group).quiet().lines());
    }
    return seen;
  }

  @ParameterizedTest
  @CsvSource({
    "group reset g --to-earliest --execute, 130",
    "group reset g --to-earliest --execute, 143",
    "group copy g h, 130",
    "group create new orders, 130",
    "group delete email, 130",
    "group delete email, 143",
    "group delete-offsets g --topic orders, 130",
    "group pause g, 130",
    "group redrive email --execute, 130",
    "topic create others --partitions 8, 130",
    "topic alter orders --partitions 8, 130",
    "topic trim orders --before 4, 130",
    "topic delete orders, 130",
  })
  void shouldHaveDoneAllOrNothing(String command, int exitCode) throws IOException {
    String[] words = command.split(" ", -1);
    List<String> before = seen();

    try (RunningCli running = cli.startInterruptible(words)) {
      interruptWhen(() -> isLockedBy(running.pid()), exitCode, running);
    }
    List<String> left = seen();
    Cli.Result again = cli.run(words);

    boolean done = !left.equals(before);
    // what is there already, or is gone already, is no reason to do nothing for a script
    assertTrue(done || again.exitCode() == 0, again.stderr());
    List<String> after = seen();
    assertFalse(after.equals(before), "not done by the second run: " + after);
    assertTrue(!done || left.equals(after), () -> "half done: " + left + "\nnot " + after);
    cli.run("verify").quiet();
  }

  /** An append and an event, in this order: between them a letter may go to its topic twice. */
  @ParameterizedTest
  @ValueSource(ints = {SIGTERM_EXIT_CODE, SIGINT_EXIT_CODE})
  void shouldRedriveToTheTopicAtLeastOnce(int exitCode) throws IOException {
    String[] words = "group redrive email --to-topic --execute".split(" ", -1);

    try (RunningCli running = cli.startInterruptible(words)) {
      interruptWhen(() -> isLockedBy(running.pid()), exitCode, running);
    }
    int left = cli.run("consume", "orders").quiet().lines().size();
    cli.run(words).quiet();

    int after = cli.run("consume", "orders").quiet().lines().size();
    assertTrue(after >= SmallStore.RECORDS + 1 && after <= left + 1, left + " then " + after);
    assertEquals(1, cli.run(words).quiet().lines().size(), "only the header: none is left");
    cli.run("verify").quiet();
  }

  @ParameterizedTest
  @ValueSource(ints = {SIGTERM_EXIT_CODE, SIGINT_EXIT_CODE})
  void shouldMakeTheIndexesThatAreLeftWhenReindexRunsAgain(int exitCode) throws IOException {
    cli.run("topic", "create", "flights", "--segment-bytes", "64KiB", "--partitions", "4").quiet();
    Files.write(directory.resolve("flights.tsv"), Flights.file(11, 40_000));
    cli.run("produce", "flights", "--file", "flights.tsv").quiet();
    Path last = store.resolve("flights/3");
    List<Path> indexes = LogPath.segments(last).stream().map(IndexCopy::pathBeside).toList();
    for (Path index : indexes) {
      Files.delete(index);
    }

    try (RunningCli running = cli.startInterruptible("reindex", "sawlog-data")) {
      interruptWhen(() -> Files.exists(indexes.get(0)), exitCode, running);
    }
    List<String> read = cli.run("consume", "flights", "--partition", "3").lines();
    cli.run("reindex", "sawlog-data").quiet();

    assertTrue(indexes.stream().allMatch(Files::exists));
    try (var files = Files.list(last)) {
      assertFalse(files.anyMatch(file -> file.toString().endsWith(".tmp")));
    }
    assertEquals(read, cli.run("consume", "flights", "--partition", "3").quiet().lines());
    cli.run("verify").quiet();
  }

  /** More than any pipe holds: it cannot have ended when its first line is read. */
  @ParameterizedTest
  @ValueSource(strings = {"dump sawlog-data --records", "dump sawlog-data --hex"})
  void shouldEndInTheMiddleOfWhatItPrints(String command) throws IOException {
    Files.write(directory.resolve("flights.tsv"), Flights.file(12, 20_000));
    cli.run("produce", "orders", "--file", "flights.tsv").quiet();
    List<String> before = seen();

    try (RunningCli running = cli.startInterruptible(command.split(" ", -1))) {
      running.readLine();
      running.interrupt();

      assertEquals(SIGINT_EXIT_CODE, running.await());
      assertEquals("", running.stderr());
    }

    assertEquals(before, seen());
  }
}
