package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Sawlog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several processes on one store, and their ends. */
class LiveTest {
  private static final int SIGTERM_EXIT_CODE = 143;
  private static final int SIGINT_EXIT_CODE = 130;

  @TempDir Path directory;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = Cli.in(directory);
  }

  @Test
  void shouldFollowWhatAnotherProcessProduces() throws IOException {
    cli.run("topic", "create", "events", "--partitions", "2").quiet();
    try (RunningCli follower = cli.startInterruptible("consume", "events", "--follow");
        RunningCli producer = cli.start("produce", "events", "--json")) {
      for (int i = 0; i < 5; i++) {
        producer.writeLine("event " + i);
        assertEquals("event " + i, follower.readLine());
      }
      producer.closeInput();
      assertEquals(0, producer.await());

      // A later writer is followed as well.
      cli.feed("event 5\n", "produce", "events").quiet();
      assertEquals("event 5", follower.readLine());

      follower.interrupt();
      assertEquals(SIGINT_EXIT_CODE, follower.await());
      assertEquals("", follower.stderr());
    }
  }

  @Test
  void shouldEndFollowingWhenNothingComesAnyMore() throws IOException {
    cli.feed("a\nb\n", "produce", "events").quiet();

    Cli.Result result = cli.run("consume", "events", "--timeout", "300ms");

    assertEquals(List.of("a", "b"), result.quiet().lines());
    assertEquals(
        List.of("b"),
        cli.run("consume", "events", "--follow", "--from", "1", "--to", "2").quiet().lines());
  }

  @ParameterizedTest
  @ValueSource(ints = {SIGTERM_EXIT_CODE, SIGINT_EXIT_CODE})
  void shouldCloseTheStoreWhenItIsInterrupted(int exitCode) throws IOException {
    try (RunningCli producer = cli.startInterruptible("produce", "events", "--json")) {
      producer.writeLine("kept");
      assertEquals("{\"topic\":\"events\",\"partition\":0,\"offset\":0}", producer.readLine());

      if (exitCode == SIGINT_EXIT_CODE) {
        producer.interrupt();
      } else {
        producer.terminate();
      }

      assertEquals(exitCode, producer.await());
      assertNull(producer.readLine());
      assertEquals("", producer.stderr());
    }
    assertEquals(List.of("kept"), cli.run("consume", "events").quiet().lines());
    // Closed means clean: there is nothing to recover, and so no doubt about what verify checks.
    cli.run("verify").quiet();
  }

  @Test
  void shouldNameTheProcessThatOwnsTheStore() throws IOException {
    try (RunningCli producer = cli.start("produce", "events", "--json")) {
      producer.writeLine("first");
      producer.readLine();

      cli.feed("second\n", "produce", "events").failed(ErrorReport.FAILED, producer.pid());
      cli.run("topic", "create", "others").failed(ErrorReport.FAILED, producer.pid());
      assertEquals(List.of("first"), cli.run("consume", "events").quiet().lines());
      assertEquals(List.of("events"), cli.run("topic", "list").quiet().lines());
      cli.run("verify").quiet();
      cli.run("dump", "sawlog-data", "--records").quiet();

      producer.closeInput();
      assertEquals(0, producer.await());
    }
    assertEquals(List.of("first"), cli.run("consume", "events").quiet().lines());
  }

  /** Twice what the topic may hold, while its group keeps up. */
  @Test
  void shouldGoOnAtTheCapWhenTheGroupsHaveConsumed() throws IOException {
    makeATopicThatKeepsAll();
    String line = "x".repeat(1000);
    try (RunningCli producer = cli.start("produce", "kept", "--json")) {
      // Less than a segment each, so that none needs two.
      for (int round = 0; round < 13; round++) {
        for (int i = 0; i < 40; i++) {
          producer.writeLine(line);
          assertNotNull(producer.readLine(), "refused in round " + round);
        }
        assertEquals(40, cli.run("consume", "kept", "--group", "g").quiet().lines().size());
        awaitRoomForASegment("kept", (256 - 64) << 10);
      }
      producer.closeInput();
      assertEquals(0, producer.await(), producer.stderr());
    }
  }

  private void makeATopicThatKeepsAll() throws IOException {
    cli.run(
            "topic create kept --segment-bytes 64KiB --keep-all-unconsumed 256KiB --flush 10ms"
                .split(" ", -1))
        .quiet();
    cli.run("group", "create", "g", "kept").quiet();
  }

  @Test
  void shouldWaitAtTheCapUntilTheGroupsHaveConsumed() throws IOException {
    makeATopicThatKeepsAll();
    Files.write(directory.resolve("flights.tsv"), Flights.file(3, 5_000));
    List<String> consumed = new ArrayList<>();
    try (RunningCli producer = cli.start("produce", "kept", "--file", "flights.tsv")) {
      producer.awaitSaid("waiting for room: kept-0: ");
      while (producer.isAlive()) {
        consumed.addAll(cli.run("consume", "kept", "--group", "g").quiet().lines());
      }

      assertEquals(0, producer.await(), producer.stderr());
      assertEquals(1, producer.stderr().lines().count(), producer.stderr());
    }
    consumed.addAll(cli.run("consume", "kept", "--group", "g").quiet().lines());
    assertEquals(Flights.text(3, 5_000).lines().toList(), consumed);
  }

  @ParameterizedTest
  @ValueSource(ints = {SIGTERM_EXIT_CODE, SIGINT_EXIT_CODE})
  void shouldSayHowManyItHasAcknowledgedWhenItIsInterruptedAtTheCap(int exitCode)
      throws IOException {
    makeATopicThatKeepsAll();
    Files.write(directory.resolve("flights.tsv"), Flights.file(4, 5_000));
    String said;
    try (RunningCli producer =
        cli.startInterruptible("produce", "kept", "--file", "flights.tsv", "--sync")) {
      producer.awaitSaid("waiting for room: kept-0: ");
      if (exitCode == SIGINT_EXIT_CODE) {
        producer.interrupt();
      } else {
        producer.terminate();
      }

      assertEquals(exitCode, producer.await());
      said = producer.stderr().lines().skip(1).findFirst().orElse("");
      assertEquals(2, producer.stderr().lines().count(), producer.stderr());
    }
    int kept = cli.run("consume", "kept").quiet().lines().size();
    assertTrue(kept > 0 && kept < 5_000, kept + " records");
    assertEquals(
        "sawlog: kept: interrupted while it waited (" + kept + " records were acknowledged)", said);
    cli.run("verify").quiet();
  }

  /** Retention comes by about once a second. */
  private void awaitRoomForASegment(String topic, long bytes) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Cli.PATIENCE_SECONDS);
    long size = Long.MAX_VALUE;
    while (size > bytes) {
      assertTrue(System.nanoTime() < deadline, size + " bytes: what was consumed is not deleted");
      try (Sawlog log = Sawlog.openReadOnly(directory.resolve("sawlog-data"))) {
        size = log.topic(topic).partition(0).sizeBytes();
      }
    }
  }

  @Test
  void shouldNotTakeTheWorkOfAWriterForDamage() throws IOException {
    cli.run("topic", "create", "flights", "--segment-bytes", "64k", "--retention-bytes", "1m")
        .quiet();
    Files.write(directory.resolve("flights.tsv"), Flights.file(29, 400_000));
    try (RunningCli producer =
        cli.start("produce", "flights", "--file", "flights.tsv", "--rate", "50000")) {
      cli.run("consume", "flights", "--follow", "--max", "1").quiet();

      for (int round = 0; round < 3; round++) {
        cli.run("verify").quiet();
        cli.run("dump", "sawlog-data").quiet();
      }
      producer.kill();
    }
    assertEquals(0, cli.run("verify").exitCode());
  }

  @Test
  void shouldEndQuietlyWhenNobodyReads() throws IOException {
    Files.write(directory.resolve("flights.tsv"), Flights.file(5, 50_000));

    Cli.Result consumed =
        cli.shell(
            "\"$@\" produce flights --file flights.tsv"
                + " && \"$@\" consume flights | head -n 3; echo ${PIPESTATUS[0]} >&2");
    Cli.Result dumped =
        cli.shell("\"$@\" dump sawlog-data --json | head -n 2; echo ${PIPESTATUS[0]} >&2");
    Cli.Result produced =
        cli.shell(
            "\"$@\" produce flights --file flights.tsv --json | head -n 1;"
                + " echo ${PIPESTATUS[0]} >&2");

    assertEquals(Flights.text(5, 3).lines().toList(), consumed.lines());
    assertEquals("141\n", consumed.stderr());
    assertEquals(2, dumped.lines().size());
    assertEquals("141\n", dumped.stderr());
    assertEquals(1, produced.lines().size());
    assertEquals("141\n", produced.stderr());
    cli.run("verify").quiet();
  }

  @Test
  void shouldSayThatStandardOutputIsFull() throws IOException {
    cli.feed("a\n", "produce", "events").quiet();

    if (Files.exists(Path.of("/dev/full"))) {
      cli.shell("\"$@\" consume events > /dev/full")
          .failed(ErrorReport.FAILED, "standard output", "No space left");
    }
    assertTrue(cli.run("consume", "events").quiet().text().startsWith("a"));
  }
}
