package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dump looks at whatever a mutator makes of a segment: it ends, and shows what can be read. */
class DumpDamageTest {
  private static final int RECORDS = 4;

  private final ObjectMapper json = new ObjectMapper();

  @TempDir Path directory;
  private Path segment;
  private byte[] good;
  private int end;

  @BeforeEach
  void writeSegment() throws IOException {
    Path store = directory.resolve("store");
    try (Sawlog log = Sawlog.open(store)) {
      Topic topic = log.createTopic("t", TopicConfig.defaults().segmentBytes(64 << 10));
      for (int i = 0; i < RECORDS; i++) {
        topic.append("k" + i, "value-" + i);
      }
    }
    segment = store.resolve("t/0/00000000000000000000.log");
    good = Files.readAllBytes(segment);
    end = good.length;
    while (good[end - 1] == 0) {
      end--;
    }
  }

  @Test
  void shouldShowAllOtherRecordsWhicheverBitIsFlipped() throws IOException {
    for (int bit = 64 * 8; bit < end * 8; bit++) {
      byte[] flipped = Arrays.copyOf(good, 4096);
      flipped[bit / 8] ^= (byte) (1 << bit % 8);

      String text = dump(flipped, Form.TEXT);

      int shown = text.split("value-", -1).length - 1;
      assertTrue(shown >= RECORDS - 1, "bit " + bit + ":\n" + text);
      boolean marked = text.contains("DAMAGED") || text.contains("UNFINISHED");
      assertTrue(marked, "bit " + bit + " is not noticed:\n" + text);
      assertTrue(isMarked(dumpAsJson(flipped)), "bit " + bit + " in JSON");
      String hex = dump(flipped, Form.HEX);
      marked = hex.contains("DAMAGED") || hex.contains("UNFINISHED");
      assertTrue(marked, "bit " + bit + " in hex:\n" + hex);
    }
  }

  @Test
  void shouldEndWhateverTheHeaderSays() throws IOException {
    for (int bit = 0; bit < 64 * 8; bit++) {
      byte[] flipped = Arrays.copyOf(good, 4096);
      flipped[bit / 8] ^= (byte) (1 << bit % 8);

      String text = dump(flipped, Form.TEXT);

      assertTrue(text.contains("header"), "bit " + bit + ":\n" + text);
      assertTrue(dump(flipped, Form.HEX).contains("header"), "bit " + bit + " in hex");
      JsonNode first = dumpAsJson(flipped).get(0);
      assertFalse(first.get("header_ok").asBoolean(), "bit " + bit + ": " + first);
    }
  }

  @Test
  void shouldEndAtEveryLength() throws IOException {
    for (int length = 0; length <= end; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertFalse(dump(cut, Form.TEXT).isEmpty(), "length " + length);
      assertFalse(dump(cut, Form.HEX).isEmpty(), "length " + length);
      assertFalse(dumpAsJson(cut).isEmpty(), "length " + length);
    }
  }

  @Test
  void shouldEndOnWhateverIsSpliced() throws IOException {
    long seed = 20_261_124;
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 200; i++) {
      byte[] spliced = Arrays.copyOf(good, 4096);
      for (int j = random.nextInt(4); j >= 0; j--) {
        int length = random.nextInt(1, 200);
        int from = random.nextInt(end);
        int to = random.nextInt(4096 - length);
        System.arraycopy(good, from, spliced, to, length);
      }

      String name = segment.getFileName().toString();
      assertTrue(dump(spliced, Form.TEXT).contains(name), "seed " + seed + ", run " + i);
      assertTrue(dump(spliced, Form.HEX).contains(name), "seed " + seed + ", run " + i);
      assertFalse(dumpAsJson(spliced).isEmpty(), "seed " + seed + ", run " + i);
    }
  }

  private enum Form {
    TEXT,
    HEX,
    JSON
  }

  private String dump(byte[] bytes, Form form) throws IOException {
    Files.write(segment, bytes);
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    Output output = new Output(stdout);
    TextDump text = new TextDump(output, false);
    DumpFormat format =
        switch (form) {
          case TEXT -> text;
          case HEX -> new HexDump(output, text);
          case JSON -> new JsonDump(JsonLines.on(output));
        };
    boolean records = form != Form.HEX;
    Dump dump =
        new Dump(format, new Dump.Selection(0, Long.MAX_VALUE, Long.MAX_VALUE, records, false));
    dump.add(LogPath.of(segment));
    output.flush();
    return stdout.toString(StandardCharsets.UTF_8);
  }

  /** Fails unless every line is an object that tells what it is and of which file. */
  private List<JsonNode> dumpAsJson(byte[] bytes) throws IOException {
    List<JsonNode> objects = new ArrayList<>();
    for (String line : dump(bytes, Form.JSON).lines().toList()) {
      JsonNode object = json.readTree(line);
      assertEquals(segment.toString(), object.get("file").asText(), line);
      assertTrue(object.has("type"), line);
      objects.add(object);
    }
    return objects;
  }

  private static boolean isMarked(List<JsonNode> objects) {
    return objects.stream()
        .map(object -> object.get("type").asText())
        .anyMatch(type -> type.equals("damage") || type.equals("unfinished"));
  }
}
