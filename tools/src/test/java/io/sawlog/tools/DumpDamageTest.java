package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dump looks at whatever a mutator makes of a segment: it ends, and shows what can be read. */
class DumpDamageTest {
  private static final int RECORDS = 4;

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

      String text = dump(flipped, false);

      int shown = text.split("value-", -1).length - 1;
      assertTrue(shown >= RECORDS - 1, "bit " + bit + ":\n" + text);
      boolean marked = text.contains("DAMAGED") || text.contains("UNFINISHED");
      assertTrue(marked, "bit " + bit + " is not noticed:\n" + text);
    }
  }

  @Test
  void shouldEndWhateverTheHeaderSays() throws IOException {
    for (int bit = 0; bit < 64 * 8; bit++) {
      byte[] flipped = Arrays.copyOf(good, 4096);
      flipped[bit / 8] ^= (byte) (1 << bit % 8);

      String text = dump(flipped, false);

      assertTrue(text.contains("header"), "bit " + bit + ":\n" + text);
    }
  }

  @Test
  void shouldEndAtEveryLength() throws IOException {
    for (int length = 0; length <= end; length++) {
      String text = dump(Arrays.copyOf(good, length), length % 16 == 0);

      assertTrue(!text.isEmpty(), "length " + length);
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

      String text = dump(spliced, i % 16 == 0);

      assertTrue(text.contains(segment.getFileName().toString()), "seed " + seed + ", run " + i);
    }
  }

  private String dump(byte[] bytes, boolean hex) throws IOException {
    Files.write(segment, bytes);
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    Output output = new Output(stdout);
    TextDump text = new TextDump(output, false);
    Dump dump =
        new Dump(
            hex ? new HexDump(output, text) : text,
            new Dump.Selection(0, Long.MAX_VALUE, Long.MAX_VALUE, !hex, false));
    dump.add(LogPath.of(segment));
    output.flush();
    return stdout.toString(StandardCharsets.UTF_8);
  }
}
