package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sawlog.groups.Consumer;
import io.sawlog.groups.Delivery;
import io.sawlog.groups.Groups;
import io.sawlog.groups.Queue;
import io.sawlog.groups.Worker;
import io.sawlog.log.Sawlog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sawlog group ...} and {@code sawlog consume --group}. */
class GroupTest {
  private static final String PLAN_ONLY = "sawlog: nothing was changed: add --execute to do it\n";

  private final ObjectMapper json = new ObjectMapper();

  @TempDir Path directory;
  private Cli cli;

  @BeforeEach
  void appendTenOrders() {
    cli = Cli.in(directory);
    produce(0, 10);
  }

  private void produce(int from, int to) {
    try (Sawlog log = Sawlog.open(store())) {
      for (int i = from; i < to; i++) {
        log.topic("orders").append("k" + i % 3, Integer.toString(i));
      }
    }
  }

  private Path store() {
    return directory.resolve("sawlog-data");
  }

  private static List<String> numbers(int from, int to) {
    return java.util.stream.IntStream.range(from, to).mapToObj(Integer::toString).toList();
  }

  private List<String> consume(String group, String... more) throws IOException {
    List<String> command = new java.util.ArrayList<>();
    command.addAll(List.of("consume", "orders", "--group", group));
    command.addAll(List.of(more));
    return cli.run(command.toArray(String[]::new)).quiet().lines();
  }

  private JsonNode describe(String group) throws IOException {
    return json.readTree(cli.run("group", "describe", group, "--json").quiet().text());
  }

  private void planned(List<String> lines, Cli.Result result) {
    assertEquals(0, result.exitCode());
    assertEquals(PLAN_ONLY, result.stderr());
    assertEquals(lines, result.lines());
  }

  /** A shared group in which one record is dead and one has failed. */
  private void work() {
    try (Sawlog log = Sawlog.openReadOnly(store());
        Worker worker = Groups.of(log).worker("email", "orders", Queue.keyOrdered())) {
      List<Delivery> deliveries = worker.receive(3, Duration.ZERO);
      deliveries.get(0).reject("no such\naddress");
      deliveries.get(1).retry("busy");
      deliveries.get(2).ack();
    }
  }

  @Test
  void shouldConsumeFromWhereTheGroupStands() throws IOException {
    assertEquals(numbers(0, 4), consume("g", "--max", "4"));
    assertEquals(numbers(4, 10), consume("g"));
    assertEquals(List.of(), consume("g"));
    produce(10, 12);
    assertEquals(List.of("10"), consume("g", "--grep", "10"));
    assertEquals(List.of(), consume("g"), "what did not match counts as consumed");
    assertEquals(numbers(0, 12), consume("h", "--follow", "--timeout", "100ms"));
    JsonNode first = json.readTree(consume("j", "--max", "1", "--json").get(0));
    assertEquals("k0", first.get("key").asText());
  }

  @Test
  void shouldCommitWhatWasPrintedAndNothingElse() throws IOException {
    Cli.Result cut = cli.shell("\"$@\" consume orders --group g > /dev/full");

    cut.failed(ErrorReport.FAILED, "standard output");
    assertEquals(numbers(0, 10), consume("g"));
  }

  @Test
  void shouldConsumeAllPartitionsUpToTheirEnds() throws IOException {
    cli.run("topic", "alter", "orders", "--partitions", "3").quiet();
    produce(10, 40);

    List<String> lines = consume("g");

    assertEquals(
        numbers(0, 40),
        lines.stream().sorted(java.util.Comparator.comparing(Integer::valueOf)).toList());
    assertEquals(0, describe("g").get("lag").asLong());
  }

  @Test
  void shouldRefuseOptionsThatContradictAGroup() throws IOException {
    for (String[] more :
        List.of(
            new String[] {"--from", "latest"},
            new String[] {"--to", "5"},
            new String[] {"--partition", "0"})) {
      cli.run("consume", "orders", "--group", "g", more[0], more[1])
          .failed(ErrorReport.BAD_USAGE, "group reset");
    }
    cli.run("consume", "nothing", "--group", "g").failed(ErrorReport.FAILED, "no topic 'nothing'");
    cli.run("consume", "orders", "--group", "a.b").failed(ErrorReport.FAILED, "group name");
    assertEquals(List.of(), cli.run("group", "list").quiet().lines(), "no group was made");
    work();
    cli.run("consume", "orders", "--group", "email").failed(ErrorReport.FAILED, "shared group");
  }

  @Test
  void shouldListAndDescribeGroups() throws IOException {
    assertEquals(List.of(), cli.run("group", "list").quiet().lines());
    consume("g", "--max", "4");
    work();

    assertEquals(List.of("email", "g"), cli.run("group", "list").quiet().lines());
    assertEquals(
        List.of(
            "{\"group\":\"email\",\"type\":\"shared\",\"status\":\"idle\"}",
            "{\"group\":\"g\",\"type\":\"partition\",\"status\":\"idle\"}"),
        cli.run("group", "list", "--json").quiet().lines());
    List<String> text = cli.run("group", "describe", "g").quiet().lines();
    assertEquals("group g  idle  partition group  commits written  reads published", text.get(0));
    assertEquals("  lag 6 records  0 dead letters, 0 never redriven", text.get(1));
    assertTrue(
        text.get(2).matches("  TOPIC +PARTITION +COMMITTED +END +LAG +AGE +IN-FLIGHT +FAILING"));
    assertTrue(text.get(3).matches("  orders +0 +4 +10 +6 +\\d+s +0 +0"), text.get(3));
    assertEquals(4, text.size());
    assertEquals(
        List.of(
            "group email  idle  shared group, key order  commits written  reads published",
            "  lag 8 records  1 dead letter, 1 never redriven"),
        cli.run("group", "describe", "email", "--state").quiet().lines());
    JsonNode described = describe("email");
    JsonNode partition = described.get("partitions").get(0);
    assertEquals("key", described.get("order").asText());
    assertTrue(described.get("host").isNull());
    assertEquals(1, partition.get("committed").asLong());
    assertEquals(8, partition.get("lag").asLong());
    assertEquals(1, partition.get("failing").asLong());
    assertTrue(partition.get("lag_age_ms").asLong() >= 0);
    assertEquals(8, cli.run("group", "describe").quiet().lines().size());
    cli.run("group", "describe", "none")
        .failed(ErrorReport.FAILED, "no group 'none'", "[email, g]");
  }

  @Test
  void shouldCreateGroups() throws IOException {
    cli.run("group", "create", "late", "orders", "--to-latest", "--synced", "--durable").quiet();
    cli.run("group", "create", "six", "orders", "--to-offset", "6").quiet();
    cli.run("group", "create", "work", "orders", "--shared", "--key-ordered").quiet();
    produce(10, 11);

    assertEquals("synced", describe("late").get("commits").asText());
    assertEquals("durable", describe("late").get("visibility").asText());
    assertEquals(List.of("10"), consume("late"));
    assertEquals(numbers(6, 11), consume("six"));
    assertEquals("shared", describe("work").get("type").asText());
    cli.run("group", "create", "six", "orders").failed(ErrorReport.FAILED, "'six' already");
    cli.run("group", "create", "new", "nothing").failed(ErrorReport.FAILED, "no topic 'nothing'");
    cli.run("group", "create", "new", "orders", "--key-ordered")
        .failed(ErrorReport.BAD_USAGE, "--shared");
    cli.run("group", "create", "new", "orders", "--to-latest", "--to-offset", "1")
        .failed(ErrorReport.BAD_USAGE, "--to-latest");
    assertEquals(3, cli.run("group", "list").quiet().lines().size());
  }

  @Test
  void shouldResetOnlyWhenItIsToldToExecute() throws IOException {
    consume("g");
    String header =
        String.format("%-20s %9s %14s %14s %10s", "TOPIC", "PARTITION", "FROM", "TO", "LAG");
    String row = String.format("%-20s %9s %14s %14s %10s", "orders", 0, 10, 7, 3);

    planned(List.of(header, row), cli.run("group", "reset", "g", "--shift-by", "-3"));
    assertEquals(List.of(), consume("g"), "a plan changes nothing");
    assertEquals(
        List.of(header, row),
        cli.run("group", "reset", "g", "--shift-by", "-3", "--execute").quiet().lines());
    assertEquals(numbers(7, 10), consume("g"));

    String json =
        "{\"group\":\"g\",\"topic\":\"orders\",\"partition\":0,\"from\":10,\"to\":0,\"lag\":10,"
            + "\"cut\":false,\"executed\":true}";
    assertEquals(
        List.of(json),
        cli.run(
                "group",
                "reset",
                "g",
                "--to-earliest",
                "--topic",
                "orders:0",
                "--execute",
                "--json")
            .quiet()
            .lines());
    assertEquals(numbers(0, 10), consume("g"));
  }

  @Test
  void shouldResetByTimeByFileAndCutToTheLog() throws IOException {
    consume("g", "--max", "5");
    Path file = directory.resolve("offsets.csv");
    List<String> exported =
        cli.run("group", "reset", "g", "--to-current", "--export").quiet().lines();
    Files.write(file, exported);
    consume("g");

    assertEquals(List.of("orders,0,5"), exported);
    cli.run("group", "reset", "g", "--from-file", file.toString(), "--execute").quiet();
    assertEquals(numbers(5, 10), consume("g"));
    cli.run("group", "reset", "g", "--to-datetime", "2000-01-01", "--execute").quiet();
    assertEquals(numbers(0, 10), consume("g"));
    cli.run("group", "reset", "g", "--by-duration", "PT24H", "--execute").quiet();
    assertEquals(numbers(0, 10), consume("g"));
    cli.run("group", "reset", "g", "--to-latest", "--execute").quiet();
    assertEquals(List.of(), consume("g"));
    Cli.Result cut = cli.run("group", "reset", "g", "--to-offset", "99");
    assertTrue(cut.lines().get(1).endsWith("  cut to the log"), cut.text());

    Files.writeString(file, "orders 5\n");
    cli.run("group", "reset", "g", "--from-file", file.toString())
        .failed(ErrorReport.FAILED, "line 1", "TOPIC,PARTITION,OFFSET");
    Files.write(file, new byte[] {(byte) 0xFF, ',', '0', ',', '1'});
    cli.run("group", "reset", "g", "--from-file", file.toString())
        .failed(ErrorReport.FAILED, "not UTF-8", "TOPIC,PARTITION,OFFSET");
    cli.run("group", "reset", "g").failed(ErrorReport.BAD_USAGE, "--to-earliest");
    cli.run("group", "reset", "g", "--to-latest", "--to-earliest")
        .failed(ErrorReport.BAD_USAGE, "--to-latest");
    cli.run("group", "reset", "g", "--to-latest", "--topic", "orders:1")
        .failed(ErrorReport.FAILED, "no partition 1");
    cli.run("group", "reset", "g", "--to-latest", "--topic", "none")
        .failed(ErrorReport.FAILED, "no topic 'none'");
    cli.run("group", "reset", "none", "--to-latest").failed(ErrorReport.FAILED, "no group 'none'");
  }

  @Test
  void shouldDeleteAndCopyGroupsAndForgetOffsets() throws IOException {
    consume("g", "--max", "4");

    cli.run("group", "copy", "g", "h").quiet();
    cli.run("group", "copy", "g", "h").failed(ErrorReport.FAILED, "'h' already");
    cli.run("group", "delete-offsets", "g", "--topic", "orders").quiet();
    cli.run("group", "delete-offsets", "g", "--topic", "orders")
        .failed(ErrorReport.FAILED, "no position in topic 'orders'");
    cli.run("group", "delete-offsets", "h", "--topic", "orders:0,7")
        .failed(ErrorReport.FAILED, "no position in orders-7");

    assertEquals(numbers(0, 10), consume("g"));
    assertEquals(numbers(4, 10), consume("h"));
    cli.run("group", "delete", "g").quiet();
    cli.run("group", "delete", "g").failed(ErrorReport.FAILED, "no group 'g'");
    assertEquals(List.of("h"), cli.run("group", "list").quiet().lines());
  }

  @Test
  void shouldPauseAndResume() throws IOException {
    consume("g", "--max", "1");

    cli.run("group", "pause", "g").quiet();
    assertEquals("paused", describe("g").get("status").asText());
    assertEquals(List.of(), consume("g"));
    cli.run("group", "resume", "g").quiet();

    assertEquals(numbers(1, 10), consume("g"));
  }

  @Test
  void shouldShowPendingRecordsAndDeadLettersAndRedriveThem() throws IOException {
    work();
    String header =
        String.format(
            "%-20s %9s %14s %-8s %8s", "TOPIC", "PARTITION", "OFFSET", "STATE", "FAILURES");
    String failed = String.format("%-20s %9s %14s %-8s %8s", "orders", 0, 1, "failed", 1);

    assertEquals(List.of(header, failed), cli.run("group", "pending", "email").quiet().lines());
    assertEquals(
        List.of(
            "{\"topic\":\"orders\",\"partition\":0,\"offset\":1,\"state\":\"failed\",\"failures\":1}"),
        cli.run("group", "pending", "email", "--json").quiet().lines());
    List<String> dead = cli.run("group", "dead", "email").quiet().lines();
    assertTrue(dead.get(1).matches(" +0 orders-0@0 +1 2\\S+Z +k0 +no such address"), dead.get(1));
    JsonNode letter = json.readTree(cli.run("group", "dead", "email", "--json").quiet().text());
    assertEquals("no such\naddress", letter.get("reason").asText());
    assertEquals("0", letter.get("value").asText());

    planned(dead, cli.run("group", "redrive", "email"));
    assertEquals(dead, cli.run("group", "redrive", "email", "--execute").quiet().lines());
    assertEquals(1, cli.run("group", "redrive", "email", "--execute").quiet().lines().size());
    try (Sawlog log = Sawlog.openReadOnly(store());
        Worker worker = Groups.of(log).worker("email", "orders", Queue.keyOrdered())) {
      assertEquals("0", worker.receive(1, Duration.ZERO).get(0).message().valueAsString());
    }
    planned(dead, cli.run("group", "redrive", "email", "--from", "0", "--to", "1", "--to-topic"));
    cli.run("group", "redrive", "email", "--from", "0", "--to", "1", "--to-topic", "--execute")
        .quiet();
    assertEquals("0", cli.run("consume", "orders").quiet().lines().get(10));
    consume("g", "--max", "1");
    cli.run("group", "redrive", "g", "--from", "0", "--execute").quiet();
  }

  @Test
  void shouldLookAtAGroupThatAnotherProcessHostsAndNameItForChanges() throws IOException {
    work();
    try (Sawlog log = Sawlog.open(store());
        Consumer consumer = Groups.of(log).consumer("g", "orders");
        Worker worker = Groups.of(log).worker("email", "orders", Queue.keyOrdered())) {
      consumer.poll(Duration.ZERO);
      consumer.commit();
      String pid = "process " + ProcessHandle.current().pid();

      Cli another = Cli.processes(directory);
      JsonNode described =
          json.readTree(another.run("group", "describe", "g", "--json").quiet().text());
      assertEquals("hosted", described.get("status").asText());
      assertTrue(described.get("host").asText().contains(pid));
      assertEquals(0, described.get("lag").asLong());
      worker.receive(1, Duration.ZERO);
      String pending = cli.run("group", "pending", "email").quiet().text();
      assertTrue(pending.contains("leased"), pending);
      another
          .run("group", "reset", "g", "--to-earliest", "--execute")
          .failed(ErrorReport.FAILED, pid);
      for (String change : List.of("delete", "pause", "resume")) {
        cli.run("group", change, "g").failed(ErrorReport.FAILED, pid);
      }
      cli.run("group", "delete-offsets", "g", "--topic", "orders").failed(ErrorReport.FAILED, pid);
      cli.run("group", "redrive", "email", "--execute").failed(ErrorReport.FAILED, pid);
      cli.run("group", "redrive", "email", "--to-topic", "--execute")
          .failed(ErrorReport.FAILED, pid);
      another.run("consume", "orders", "--group", "g").failed(ErrorReport.FAILED, pid);
      cli.run("group", "copy", "g", "copy").quiet();
      assertEquals(10, describe("copy").get("partitions").get(0).get("committed").asLong());
    }
  }
}
