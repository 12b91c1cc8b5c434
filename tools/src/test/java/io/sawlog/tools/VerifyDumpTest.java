package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicConfig;
import io.sawlog.log.file.DiskStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A closed store of several segments, whole and damaged. */
class VerifyDumpTest {
  private static final int RECORDS = 2000;

  private final ObjectMapper json = new ObjectMapper();

  @TempDir Path directory;
  private Cli cli;
  private Path partition;
  private Path sealed;

  @BeforeEach
  void fillStore() throws IOException {
    cli = Cli.in(directory);
    Path store = directory.resolve("sawlog-data");
    try (Sawlog log = Sawlog.open(store)) {
      Topic topic = log.createTopic("flights", TopicConfig.defaults().segmentBytes(64 << 10));
      for (String line : lines()) {
        topic.append(line.substring(0, 3), line.substring(4));
      }
    }
    partition = store.resolve("flights/0");
    sealed = partition.resolve("00000000000000000000.log");
  }

  @Test
  void shouldFindNothingWrongWithAWholeStoreAndChangeNothing() throws IOException {
    Map<Path, String> before = Damage.contentOf(directory);

    Cli.Result store = cli.run("verify").quiet();
    JsonNode summary =
        json.readTree(cli.run("verify", partition.toString(), "--json").quiet().text());
    cli.run("verify", sealed.toString()).quiet();
    cli.run("dump", "sawlog-data", "--records").quiet();
    cli.run("dump", "sawlog-data", "--index").quiet();

    assertTrue(store.text().startsWith("ok: 1 topic, 1 partition, "), store.text());
    assertEquals(RECORDS, summary.get("records").asInt());
    assertTrue(summary.get("ok").asBoolean());
    assertEquals(before, Damage.contentOf(directory));
  }

  @Test
  void shouldNameAFlippedByteInASealedSegmentAndNeverDeliverIt() throws IOException {
    int position = positionOf(100);
    Damage.flip(sealed, position + 50);
    Map<Path, String> before = Damage.contentOf(directory);

    Cli.Result verified = cli.run("verify");
    Cli.Result consumed = cli.run("consume", "flights", "--format", "key-value");
    Cli.Result behind = cli.run("consume", "flights", "--format", "key-value", "--from", "200");
    Cli.Result dumped = cli.run("dump", "sawlog-data/flights/0", "--json", "--records");

    String place = "position " + position;
    assertEquals(ErrorReport.FAILED, verified.exitCode());
    assertTrue(verified.lines().get(0).contains(place), verified.text());
    assertTrue(verified.lines().get(0).contains("offset 100"), verified.text());
    assertTrue(verified.lines().get(0).contains(sealed.getFileName().toString()), verified.text());
    assertTrue(verified.lines().get(1).startsWith("DAMAGED: "), verified.text());
    assertEquals(2, verified.lines().size());

    consumed.failed(ErrorReport.FAILED, place, "100");
    assertEquals(lines().subList(0, 100), consumed.lines());
    assertEquals(lines().subList(200, RECORDS), behind.quiet().lines());

    assertEquals(ErrorReport.FAILED, dumped.exitCode());
    List<JsonNode> damage = objects(dumped, "damage");
    assertEquals(1, damage.size());
    assertEquals(position, damage.get(0).get("position").asInt());
    assertEquals(100, damage.get(0).get("first_offset").asInt());
    assertEquals(101, damage.get(0).get("next_offset").asInt());
    assertEquals(RECORDS - 1, objects(dumped, "record").size());
    assertEquals(before, Damage.contentOf(directory));
  }

  private static List<String> lines() {
    return Flights.text(13, RECORDS).lines().toList();
  }

  /** Where the frame of an offset in the first segment stands. */
  private int positionOf(long offset) throws IOException {
    try (SegmentFile file = SegmentFile.open(DiskStorage.open(), sealed)) {
      SegmentWalk walk = file.walk();
      Finding finding = walk.next();
      while (!(finding instanceof Finding.Frame frame && frame.baseOffset() == offset)) {
        finding = walk.next();
      }
      return finding.position();
    }
  }

  private List<JsonNode> objects(Cli.Result result, String type) throws IOException {
    List<JsonNode> objects = new ArrayList<>();
    for (String line : result.lines()) {
      JsonNode object = json.readTree(line);
      if (object.get("type").asText().equals(type)) {
        objects.add(object);
      }
    }
    return objects;
  }

  @Test
  void shouldGoOnBehindEveryKindOfDamage() throws IOException {
    int first = positionOf(10);
    int second = positionOf(20);
    int third = positionOf(30);
    // An impossible length, a hole of zeros over three frames, and garbage over a header.
    Damage.overwrite(sealed, first, 4, 0x7F);
    Damage.overwrite(sealed, second, positionOf(23) - second, 0);
    Damage.overwrite(sealed, third + 8, 8, 0xEE);

    Cli.Result dumped = cli.run("dump", "sawlog-data", "--json");
    Cli.Result text = cli.run("dump", "sawlog-data");
    Cli.Result hex = cli.run("dump", "sawlog-data", "--hex", "--to", "40");
    Cli.Result verified = cli.run("verify", "--json");

    List<JsonNode> damage = objects(dumped, "damage");
    assertEquals(
        "[10,20,30]",
        damage.stream()
            .map(place -> place.get("first_offset").asInt())
            .toList()
            .toString()
            .replace(" ", ""));
    assertEquals(
        "[11,23,31]",
        damage.stream()
            .map(place -> place.get("next_offset").asInt())
            .toList()
            .toString()
            .replace(" ", ""));
    assertEquals(ErrorReport.FAILED, dumped.exitCode());
    assertEquals(3, text.lines().stream().filter(line -> line.contains("DAMAGED")).count());
    hex.failed(ErrorReport.FAILED, "3 damaged places");
    assertTrue(hex.text().contains("# the first bytes of the damaged place"), hex.text());
    assertEquals(3, objects(verified, "damage").size());
  }

  @Test
  void shouldReadBehindADamagedSegmentHeader() throws IOException {
    Damage.overwrite(sealed, 0, 64, 0);

    Cli.Result dumped = cli.run("dump", sealed.toString(), "--json", "--records");
    Cli.Result verified = cli.run("verify");

    assertEquals(ErrorReport.FAILED, dumped.exitCode());
    assertFalse(objects(dumped, "segment").get(0).get("header_ok").asBoolean());
    assertEquals(
        lines().get(0).substring(4), objects(dumped, "record").get(0).get("value").asText());
    assertEquals(ErrorReport.FAILED, verified.exitCode());
    assertTrue(verified.text().contains("header"), verified.text());
  }

  @Test
  void shouldNoticeWhatIsMissing() throws IOException {
    List<Path> segments = LogPath.segments(partition);
    Path second = segments.get(1);
    Path last = segments.get(segments.size() - 1);
    Files.move(second, directory.resolve("second"));

    Cli.Result missing = cli.run("verify");
    Files.move(directory.resolve("second"), second);
    Damage.truncate(last, 128);
    Cli.Result cut = cli.run("verify");

    assertEquals(ErrorReport.FAILED, missing.exitCode());
    assertTrue(missing.text().contains("a file is missing"), missing.text());
    assertEquals(ErrorReport.FAILED, cut.exitCode());
    assertTrue(cut.text().contains("the file ends here"), cut.text());
  }

  @Test
  void shouldNoticeWhatIsMissingAroundThePartitions() throws IOException {
    Path topicFile = partition.resolveSibling(LogPath.TOPIC_FILE);
    String settings = Files.readString(topicFile);
    Files.writeString(
        topicFile,
        settings
            .replaceAll("topic.id=.*", "topic.id=" + new UUID(1, 2))
            .replaceAll("partitions=.*", "partitions=2"));

    Cli.Result changed = cli.run("verify");
    Files.writeString(topicFile, "garbage");
    Cli.Result garbage = cli.run("verify");

    assertEquals(ErrorReport.FAILED, changed.exitCode());
    assertTrue(changed.text().contains("no directory sawlog-data/flights/1"), changed.text());
    assertTrue(changed.text().contains("its partitions belong to"), changed.text());
    assertEquals(ErrorReport.FAILED, garbage.exitCode());
    assertTrue(garbage.text().contains("topic.properties: cannot be used"), garbage.text());
  }

  @Test
  void shouldMentionAMissingIndexAndReadAll() throws IOException {
    Files.delete(IndexCopy.pathBeside(sealed));

    Cli.Result verified = cli.run("verify").quiet();

    assertTrue(verified.text().startsWith("note: "), verified.text());
    assertEquals(lines(), cli.run("consume", "flights", "--format", "key-value").lines());
  }

  /** A crash leaves such entries too, so a script must not be alarmed. */
  @Test
  void shouldMentionAWrongIndexAndReadAll() throws IOException {
    Path index = IndexCopy.pathBeside(sealed);
    Damage.overwrite(index, 64 + 16, 8, 0x33);

    Cli.Result verified = cli.run("verify").quiet();

    assertTrue(verified.text().contains("note: "), verified.text());
    assertTrue(verified.text().contains(index.getFileName() + ": slot 1"), verified.text());
    assertTrue(verified.text().contains("'sawlog reindex'"), verified.text());
    assertEquals(lines(), cli.run("consume", "flights", "--format", "key-value").lines());
    cli.run("reindex", "sawlog-data");
    assertFalse(cli.run("verify").quiet().text().contains("note: "));
  }

  @Test
  void shouldVerifyAndDumpACopyOfOnePartition() throws IOException {
    Path copy = directory.resolve("copy");
    Files.createDirectory(copy);
    for (Path segment : LogPath.segments(partition)) {
      Files.copy(segment, copy.resolve(segment.getFileName()));
    }
    Files.copy(partition.resolve(LogPath.META_FILE), copy.resolve(LogPath.META_FILE));

    cli.run("verify", copy.toString()).quiet();
    assertEquals(
        5,
        objects(cli.run("dump", copy.toString(), "--json", "--max", "5").quiet(), "frame").size());
    Files.delete(copy.resolve(LogPath.META_FILE));
    Cli.Result withoutMeta = cli.run("verify", copy.toString());
    assertEquals(ErrorReport.FAILED, withoutMeta.exitCode());
    assertTrue(withoutMeta.text().contains("partition.meta: is missing"), withoutMeta.text());
  }

  @Test
  void shouldAnnotateEveryFieldInHex() throws IOException {
    Cli.Result hex = cli.run("dump", sealed.toString(), "--hex", "--max", "1").quiet();

    String text = hex.text();
    for (String field :
        List.of(
            "# magic SAWLOG",
            "# salt ",
            "# length ",
            "# crc32c ",
            "# base offset 0",
            "# append time 2",
            "# records 1",
            "# kind DATA",
            "# attributes 0",
            "# durable to position ",
            "# record 0: has key, value",
            "# key length 3",
            "# value {\"date\"")) {
      assertTrue(text.contains(field), field + " is not in\n" + text);
    }
    assertTrue(text.contains("\n00000040 "), text);
  }

  @Test
  void shouldRefuseWhatIsNotOfThisStore() throws IOException {
    Files.writeString(directory.resolve("note.txt"), "hello");
    Files.createDirectory(directory.resolve("empty"));

    cli.run("dump", "note.txt").failed(ErrorReport.FAILED, "note.txt", "neither");
    cli.run("verify", "empty").failed(ErrorReport.FAILED, "empty", "not a store");
    cli.run("dump", "nothing.log").failed(ErrorReport.FAILED, "nothing.log", "no such file");
    Files.writeString(directory.resolve("00000000000000000000.log"), "garbage");
    assertEquals(ErrorReport.FAILED, cli.run("dump", "00000000000000000000.log").exitCode());
  }
}
