package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProduceConsumeTest {
  private static final String TAB = "\t";

  private final ObjectMapper json = new ObjectMapper();

  @TempDir Path directory;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = Cli.in(directory);
  }

  @Test
  void shouldGiveBackEveryByteOfAFile() throws IOException {
    byte[] flights = Flights.file(7, 20_000);
    Files.write(directory.resolve("flights.tsv"), flights);

    cli.run("produce", "flights", "--file", "flights.tsv", "--key-separator", TAB).quiet();

    assertArrayEquals(
        flights, cli.run("consume", "flights", "--format", "key-value").quiet().stdout());
  }

  /** The parser would read more arguments from the file that is named behind it. */
  @Test
  void shouldTakeAnAtSignAsItIs() throws IOException {
    cli.feed("alice@.one\nbob@.two @.\n", "produce", "mails", "--key-separator", "@.").quiet();

    assertEquals(List.of("two @."), cli.run("consume", "mails", "--grep", "@.").quiet().lines());
  }

  @Test
  void shouldKeepBytesThatAreNoText() throws IOException {
    byte[] lines = new byte[1024];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = (byte) i;
    }
    byte[] input =
        concatenate(lines, "\r\n\n\rlast without an end".getBytes(StandardCharsets.UTF_8));

    cli.feed(input, "produce", "binary").quiet();

    byte[] output = cli.run("consume", "binary").quiet().stdout();
    assertArrayEquals(concatenate(input, new byte[] {'\n'}), output);
    List<String> hex = cli.run("consume", "binary", "--format", "hex").quiet().lines();
    assertEquals("\t00010203040506070809", hex.get(0));
    List<JsonNode> objects = objects(cli.run("consume", "binary", "--json").quiet());
    assertEquals(
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t",
        objects.get(0).get("value").asText());
    byte[] second = Base64.getDecoder().decode(objects.get(1).get("value_base64").asText());
    assertEquals(0x0B, second[0]);
    assertFalse(objects.get(1).has("value"));
    assertEquals("", objects.get(5).get("value").asText());
  }

  private static byte[] concatenate(byte[] first, byte[] second) {
    byte[] both = new byte[first.length + second.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @Test
  void shouldPrintEachAcknowledgementWithItsOffset() throws IOException {
    Cli.Result plain = cli.feed("a\nb\n", "produce", "events", "--json").quiet();
    Cli.Result synced =
        cli.feed("c\nd\ne\n", "produce", "events", "--json", "--sync", "--batch", "2").quiet();

    assertEquals(
        List.of(
            "{\"topic\":\"events\",\"partition\":0,\"offset\":0}",
            "{\"topic\":\"events\",\"partition\":0,\"offset\":1}"),
        plain.lines());
    assertEquals(
        List.of(2L, 3L, 4L),
        objects(synced).stream().map(acked -> acked.get("offset").asLong()).toList());
    assertEquals(List.of("a", "b", "c", "d", "e"), cli.run("consume", "events").quiet().lines());
  }

  @Test
  void shouldTakeKeysFromJsonAndHeadersFromTheCommandLine() throws IOException {
    String lines = "{\"user\":\"ann\",\"n\":1}\n{\"n\":2,\"user\":7}\n{\"n\":3}\nnot json\n";

    Cli.Result produced =
        cli.feed(
            lines,
            "produce",
            "events",
            "--json-key",
            "user",
            "--header",
            "a=b=c",
            "--header",
            "d=");

    assertEquals(0, produced.exitCode());
    assertEquals("sawlog: 2 of 4 lines had no key\n", produced.stderr());
    List<JsonNode> objects = objects(cli.run("consume", "events", "--json").quiet());
    assertEquals("ann", objects.get(0).get("key").asText());
    assertEquals("7", objects.get(1).get("key").asText());
    assertTrue(objects.get(2).get("key").isNull());
    assertTrue(objects.get(3).get("key").isNull());
    assertEquals("not json", objects.get(3).get("value").asText());
    assertEquals(
        "[{\"name\":\"a\",\"value\":\"b=c\"},{\"name\":\"d\",\"value\":\"\"}]",
        objects.get(0).get("headers").toString());
  }

  @Test
  void shouldTakeALineWithoutTheSeparatorAsAValue() throws IOException {
    Cli.Result produced =
        cli.feed("k::v::w\nplain\n::empty\n", "produce", "events", "--key-separator", "::");

    assertEquals(0, produced.exitCode());
    assertEquals("sawlog: 1 of 3 lines had no key\n", produced.stderr());
    assertEquals(
        "k\tv::w\n\tplain\n\tempty\n",
        cli.run("consume", "events", "--format", "key-value").quiet().text());
  }

  @Test
  void shouldReadRangesByOffsetAndTime() throws IOException {
    cli.feed(Flights.file(3, 1000), "produce", "flights", "--batch", "10").quiet();
    List<String> all = Flights.text(3, 1000).lines().toList();

    assertEquals(
        all.subList(345, 355), consume("--partition", "0", "--from", "345", "--max", "10"));
    assertEquals(all.subList(345, 400), consume("--from", "345", "--to", "400"));
    assertEquals(List.of(), consume("--from", "latest"));
    assertEquals(List.of(), consume("--from", "1000"));
    assertEquals(all, consume("--from", "-15m"));
    assertEquals(all, consume("--to", "2100-01-01T00:00:00Z"));
    assertEquals(List.of(), consume("--to", "2001-01-01T00:00"));
    assertEquals(List.of(), consume("--from", "2100-01-01T00:00:00Z"));
    assertEquals(
        all.stream().filter(line -> line.contains("LAS")).limit(5).toList(),
        consume("--grep", "L[A]S", "--max", "5"));
    cli.run("consume", "flights", "--from", "1001").failed(ErrorReport.FAILED, "1001", "1000");
  }

  private List<String> consume(String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("consume", "flights"));
    arguments.addAll(List.of(options));
    return cli.run(arguments.toArray(new String[0])).quiet().lines();
  }

  @Test
  void shouldStartAtTheTimeThatItPrinted() throws IOException {
    cli.feed("before\n", "produce", "events").quiet();
    cli.feed("after\n", "produce", "events").quiet();
    String time =
        objects(cli.run("consume", "events", "--json").quiet()).get(1).get("append_time").asText();

    assertEquals(List.of("after"), cli.run("consume", "events", "--from", time).quiet().lines());
    assertEquals(List.of("before"), cli.run("consume", "events", "--to", time).quiet().lines());
  }

  @Test
  void shouldKeepTheOrderOfEachKeyOverPartitions() throws IOException {
    cli.run("topic", "create", "flights", "--partitions", "4").quiet();
    byte[] flights = Flights.file(11, 3000);

    cli.feed(flights, "produce", "flights", "--key-separator", TAB, "--batch", "50").quiet();

    List<String> lines = cli.run("consume", "flights", "--format", "key-value").quiet().lines();
    assertEquals(3000, lines.size());
    assertEquals(byKey(Flights.text(11, 3000).lines().toList()), byKey(lines));
    long perPartition =
        LongStream.range(0, 4)
            .map(
                number -> {
                  try {
                    return cli.run("consume", "flights", "--partition", Long.toString(number))
                        .quiet()
                        .lines()
                        .size();
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                })
            .sum();
    assertEquals(3000, perPartition);
  }

  private static Map<String, List<String>> byKey(List<String> lines) {
    Map<String, List<String>> byKey = new TreeMap<>();
    for (String line : lines) {
      byKey
          .computeIfAbsent(line.substring(0, line.indexOf(TAB)), key -> new ArrayList<>())
          .add(line);
    }
    return byKey;
  }

  @Test
  void shouldProduceToTheNamedPartition() throws IOException {
    cli.run("topic", "create", "events", "--partitions", "3").quiet();

    Cli.Result acked =
        cli.feed("a\nb\n", "produce", "events", "--partition", "2", "--json", "--rate", "1000");

    assertEquals(
        List.of(
            "{\"topic\":\"events\",\"partition\":2,\"offset\":0}",
            "{\"topic\":\"events\",\"partition\":2,\"offset\":1}"),
        acked.quiet().lines());
    cli.feed("x\n", "produce", "events", "--partition", "3")
        .failed(ErrorReport.FAILED, "no partition 3");
  }

  @Test
  void shouldSayHowManyRecordsAreSafeWhenOneIsTooLarge() throws IOException {
    cli.run("topic", "create", "events", "--max-frame-bytes", "1KiB").quiet();

    cli.feed("small\n" + "x".repeat(1000) + "\nsmall\n", "produce", "events")
        .failed(ErrorReport.FAILED, "events", "1 record was acknowledged");
    cli.feed("y".repeat(70_000) + "\n", "produce", "events", "--sync")
        .failed(ErrorReport.FAILED, "line 1", "--max-frame-bytes", "0 records");
    assertEquals(List.of("small"), cli.run("consume", "events").quiet().lines());
  }

  @Test
  void shouldLeaveNoStoreBehindWhenTheFileIsMissing() throws IOException {
    cli.run("produce", "events", "--file", "missing.tsv")
        .failed(ErrorReport.FAILED, "missing.tsv", "no such file");
    cli.run("produce", "events", "--file", ".").failed(ErrorReport.FAILED, "directory");

    assertFalse(Files.exists(directory.resolve("sawlog-data")));
  }

  private List<JsonNode> objects(Cli.Result result) throws IOException {
    List<JsonNode> objects = new ArrayList<>();
    for (String line : result.lines()) {
      objects.add(json.readTree(line));
    }
    return objects;
  }
}
