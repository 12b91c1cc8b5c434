package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class LineReaderTest {
  private static final int NO_LIMIT = Integer.MAX_VALUE;

  private static Path file;

  @BeforeContainer
  static void createFile() throws IOException {
    file = Files.createTempFile("lines", "");
  }

  @AfterContainer
  static void deleteFile() throws IOException {
    Files.delete(file);
  }

  @Property(tries = 200)
  void shouldSplitAtEveryLineFeedAndNowhereElse(
      @ForAll @Size(max = 50) List<@IntRange(max = 70_000) Integer> lengths,
      @ForAll boolean endsWithLineFeed)
      throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (int i = 0; i < lengths.size(); i++) {
      content.write(line(i, lengths.get(i)));
      if (i + 1 < lengths.size() || endsWithLineFeed || lengths.get(i) == 0) {
        content.write('\n');
      }
    }
    Files.write(file, content.toByteArray());

    try (LineReader lines = LineReader.open(file, Invocation.ofThisProcess().stdin())) {
      for (int i = 0; i < lengths.size(); i++) {
        assertArrayEquals(line(i, lengths.get(i)), lines.next(NO_LIMIT));
      }
      assertNull(lines.next(NO_LIMIT));
      assertFalse(lines.isReady());
      assertEquals(lengths.size(), lines.lineCount());
      assertEquals(content.size(), lines.byteCount());
    }
  }

  /** Every byte but the line feed. */
  private static byte[] line(int number, int length) {
    byte[] line = new byte[length];
    for (int i = 0; i < length; i++) {
      byte next = (byte) (number + i);
      line[i] = next == '\n' ? (byte) '\r' : next;
    }
    return line;
  }

  @Example
  void shouldNotReadALineThatIsOfNoUse() throws IOException {
    Files.write(file, line(0, 1 << 20));

    try (LineReader lines = LineReader.open(file, Invocation.ofThisProcess().stdin())) {
      CommandException refused = assertThrows(CommandException.class, () -> lines.next(100_000));

      assertEquals(
          file
              + ": line 1 is longer than the largest record of the topic (97.7 KiB):"
              + " 'sawlog topic alter --max-frame-bytes' raises it",
          refused.getMessage());
    }
  }
}
