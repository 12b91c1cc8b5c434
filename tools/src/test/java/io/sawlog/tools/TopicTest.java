package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicTest {
  private final ObjectMapper json = new ObjectMapper();

  @TempDir Path directory;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = Cli.in(directory);
  }

  @Test
  void shouldCreateAlterDescribeAndDelete() throws IOException {
    cli.run("topic", "create", "flights", "--segment-bytes", "64k", "--retention-time", "7d")
        .quiet();
    cli.run("topic", "create", "flights", "--if-not-exists", "--partitions", "9").quiet();
    cli.run("topic", "create", "flights").failed(ErrorReport.FAILED, "flights", "exists");

    cli.run("topic", "alter", "flights", "--partitions", "3", "--flush", "on-request").quiet();
    JsonNode described =
        json.readTree(cli.run("topic", "describe", "flights", "--json").quiet().text());
    String text = cli.run("topic", "describe").quiet().text();

    assertEquals(65536, described.get("segment_bytes").asInt());
    assertEquals(7 * 24 * 3600 * 1000L, described.get("retention_ms").asLong());
    assertTrue(described.get("retention_bytes").isNull());
    assertEquals("on request", described.get("flush").asText());
    assertEquals(3, described.get("partitions").size());
    assertEquals(0, described.get("partitions").get(2).get("log_end_offset").asInt());
    assertTrue(text.contains("3 partitions  segments to 64.0 KiB"), text);
    assertTrue(text.contains("retention 7d"), text);

    cli.run("topic", "delete", "flights").quiet();
    assertEquals(List.of(), cli.run("topic", "list").quiet().lines());
    cli.run("topic", "delete", "flights").failed(ErrorReport.FAILED, "no topic 'flights'");
    cli.run("topic", "alter", "flights", "--flush", "1s").failed(ErrorReport.FAILED, "no topic");
  }

  @Test
  void shouldSetWhatIsKeptForGroups() throws IOException {
    cli.run("topic", "create", "t", "--keep-unconsumed", "1GiB,30d").quiet();
    assertTrue(description("t").contains("is kept up to 1.0 GiB, 30d"), description("t"));
    cli.run("topic", "alter", "t", "--retention-time", "7d").quiet();
    assertTrue(description("t").contains("is kept up to 1.0 GiB, 30d"), "it stays as it is");
    cli.run("topic", "alter", "t", "--keep-unconsumed", "unlimited,1d").quiet();
    assertTrue(description("t").contains("is kept up to any size, 1d"), description("t"));
    cli.run("topic", "alter", "t", "--keep-all-unconsumed", "1MiB").quiet();
    assertTrue(description("t").contains("appends are refused at 1.0 MiB"), description("t"));
    JsonNode kept = json.readTree(cli.run("topic", "describe", "t", "--json").quiet().text());
    assertEquals("kept, appends are refused at the cap", kept.get("unconsumed").asText());
    assertEquals(1 << 20, kept.get("cap_bytes").asInt());
    cli.run("topic", "alter", "t", "--keep-unconsumed", "none").quiet();
    assertFalse(description("t").contains("kept"), description("t"));

    for (String wrong : List.of("--keep-unconsumed=1d", "--keep-all-unconsumed=1KiB")) {
      cli.run("topic", "alter", "t", wrong).failed(ErrorReport.BAD_USAGE);
    }
    cli.run("topic", "alter", "t", "--keep-unconsumed=1GiB", "--keep-all-unconsumed=1GiB")
        .failed(ErrorReport.BAD_USAGE, "one of them");
  }

  private String description(String topic) throws IOException {
    return cli.run("topic", "describe", topic).quiet().text();
  }

  @Test
  void shouldRefuseNamesThatAreNoDirectoryNamesEverywhere() throws IOException {
    for (String name : List.of("../up", ".hidden", "a b", "groups", "x".repeat(250))) {
      cli.run("topic", "create", name).failed(ErrorReport.FAILED, "topic name");
    }
    assertFalse(Files.exists(directory.resolve("up")));
  }

  @Test
  void shouldNotTakePartitionsAway() throws IOException {
    cli.run("topic", "create", "flights", "--partitions", "3").quiet();

    cli.run("topic", "alter", "flights", "--partitions", "2").failed(ErrorReport.FAILED, "3");
  }

  @Test
  void shouldTrimByOffsetAndByTime() throws IOException {
    cli.run("topic", "create", "flights", "--segment-bytes", "64KiB").quiet();
    cli.feed(Flights.file(1, 2000), "produce", "flights").quiet();

    Cli.Result trimmed = cli.run("topic", "trim", "flights", "--before", "1500", "--json").quiet();

    assertEquals(
        "{\"topic\":\"flights\",\"partition\":0,\"log_start_offset\":1500}",
        trimmed.text().strip());
    assertEquals(
        Flights.text(1, 2000).lines().skip(1500).toList(),
        cli.run("consume", "flights").quiet().lines());
    cli.run("consume", "flights", "--from", "3").failed(ErrorReport.FAILED, "1500");

    cli.run("topic", "trim", "flights", "--before", "2100-01-01").quiet();
    assertEquals(List.of(), cli.run("consume", "flights").quiet().lines());
    cli.feed("next\n", "produce", "flights").quiet();
    JsonNode next = json.readTree(cli.run("consume", "flights", "--json").quiet().text());
    assertEquals(2000, next.get("offset").asLong());
  }

  @Test
  void shouldAskForThePartitionOfAnOffset() throws IOException {
    cli.run("topic", "create", "flights", "--partitions", "2").quiet();

    cli.run("topic", "trim", "flights", "--before", "1")
        .failed(ErrorReport.BAD_USAGE, "--partition");
    cli.run("consume", "flights", "--from", "1").failed(ErrorReport.BAD_USAGE, "--partition");
    cli.run("consume", "flights", "--to", "1").failed(ErrorReport.BAD_USAGE, "--partition");
    cli.run("consume", "flights", "--partition", "2")
        .failed(ErrorReport.FAILED, "no partition 2", "0 to 1");
  }

  /** Each partition takes one: the topic is made, and cannot be opened by whoever made it. */
  @Test
  void shouldMakeAWholeTopicOrNoneWhenThereAreNoDescriptorsLeft() throws IOException {
    Cli.processes(directory)
        .shell("ulimit -n 120; \"$@\" topic create wide --partitions 120")
        .failed(ErrorReport.FAILED, "creating topic wide", "Too many open files", "'ulimit -n'");

    Cli cli = Cli.in(directory);
    cli.run("topic", "create", "wide", "--partitions", "120", "--if-not-exists").quiet();

    assertEquals(List.of("wide"), cli.run("topic", "list").quiet().lines());
    cli.feed("a\n", "produce", "wide", "--partition", "119").quiet();
    assertEquals(List.of("a"), cli.run("consume", "wide").quiet().lines());
    cli.run("verify").quiet();
    try (var files = Files.list(directory.resolve("sawlog-data"))) {
      assertEquals(
          Set.of("store.lock", "wide"),
          files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
    }
  }
}
