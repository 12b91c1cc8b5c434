package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.file.DiskStorage;
import io.sawlog.log.file.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicPropertiesTest {
  private static final UUID ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

  @TempDir Path directory;
  private final Storage storage = DiskStorage.open();

  @Test
  void shouldReadBackWhatItWrote() throws IOException {
    List<TopicConfig> configs =
        List.of(
            TopicConfig.defaults(),
            TopicConfig.defaults()
                .partitions(TopicConfig.MAX_PARTITIONS)
                .segmentBytes(1 << 30)
                .indexIntervalBytes(1 << 30)
                .maxFrameBytes(64)
                .flushPolicy(FlushPolicy.onRequest())
                .retention(Retention.forever().maxAge(Duration.ofDays(7))),
            TopicConfig.defaults()
                .flushPolicy(FlushPolicy.everyBytes(Long.MAX_VALUE))
                .retention(Retention.forever().maxBytes(1)),
            TopicConfig.defaults()
                .flushPolicy(FlushPolicy.every(Duration.ofMillis(1)))
                .retention(
                    Retention.forever()
                        .maxBytes(1 << 20)
                        .keepUnconsumed(Retention.UNLIMITED, Duration.ofHours(3))),
            TopicConfig.defaults().retention(Retention.forever().keepAllUnconsumed(131072)));
    for (TopicConfig config : configs) {
      TopicProperties written = new TopicProperties(ID, config);

      written.write(storage, directory);

      assertEquals(written, TopicProperties.read(storage, directory));
    }
  }

  @Test
  void shouldBeReplacedAsAWholeAndLeaveNothingElse() throws IOException {
    new TopicProperties(ID, TopicConfig.defaults()).write(storage, directory);
    Files.writeString(directory.resolve("topic.properties.tmp"), "left by a power cut");

    new TopicProperties(ID, TopicConfig.defaults().partitions(2)).write(storage, directory);

    assertEquals(2, TopicProperties.read(storage, directory).config().partitions());
    assertEquals(List.of("topic.properties"), storage.list(directory));
  }

  @Test
  void shouldSayThatANewerVersionWroteIt() throws IOException {
    write(text().replace("format.version=1", "format.version=2"));

    UnsupportedFormatException e =
        assertThrows(
            UnsupportedFormatException.class, () -> TopicProperties.read(storage, directory));

    assertTrue(e.getMessage().contains(file().toString()), e.getMessage());
    assertTrue(e.getMessage().contains("2"), e.getMessage());
  }

  @Test
  void shouldBearAnEditorsHand() throws IOException {
    String edited =
        "\n# a comment\r\n"
            + text().replace("=", " = ").replace("\n", "  \r\n")
            + "a.setting.of.somebody.else=1\n\n";

    write(edited);

    assertEquals(
        new TopicProperties(ID, TopicConfig.defaults()), TopicProperties.read(storage, directory));
  }

  @Test
  void shouldSayWhatIsMissing() throws IOException {
    for (String line : text().lines().filter(line -> !line.startsWith("#")).toList()) {
      write(text().replace(line + "\n", ""));

      CorruptLogException e = refused();

      String name = line.substring(0, line.indexOf('='));
      assertTrue(e.getMessage().contains(name), e.getMessage());
    }
  }

  @Test
  void shouldSayWhichValueMakesNoSense() throws IOException {
    List<String[]> edits =
        List.of(
            new String[] {"format.version=1", "format.version=one"},
            new String[] {"format.version=1", "format.version=0"},
            new String[] {"topic.id=" + ID, "topic.id=nobody"},
            new String[] {"partitions=1", "partitions=0"},
            new String[] {"partitions=1", "partitions=99999999999"},
            new String[] {"segment.bytes=268435456", "segment.bytes=256M"},
            new String[] {"segment.bytes=268435456", "segment.bytes=-1"},
            new String[] {"segment.bytes=268435456", "segment.bytes=4294967296"},
            new String[] {"index.interval.bytes=4096", "index.interval.bytes=4097"},
            new String[] {"max.frame.bytes=8388608", "max.frame.bytes="},
            new String[] {"flush.policy=interval-ms 1000", "flush.policy=sometimes"},
            new String[] {"flush.policy=interval-ms 1000", "flush.policy=interval-ms x"},
            new String[] {"flush.policy=interval-ms 1000", "flush.policy=interval-ms 0"},
            new String[] {"retention.age.ms=unlimited", "retention.age.ms=7d"},
            new String[] {"retention.bytes=unlimited", "retention.bytes=-5"},
            new String[] {"retention.unconsumed=may-go", "retention.unconsumed=kept-up-to 5"},
            new String[] {"retention.unconsumed=may-go", "retention.unconsumed=kept-whole"},
            new String[] {"retention.unconsumed=may-go", "retention.unconsumed=kept-whole 131071"},
            new String[] {"retention.unconsumed=may-go", "retention.unconsumed=\\u12"});
    for (String[] edit : edits) {
      assertTrue(text().contains(edit[0]), edit[0]);
      write(text().replace(edit[0], edit[1]));

      CorruptLogException e = refused();

      assertTrue(e.getMessage().contains(file().toString()), e.getMessage());
    }
  }

  @Test
  void shouldRefuseAFileThatIsNotText() throws IOException {
    for (byte[] bytes : List.of(new byte[0], new byte[1000], new byte[] {-1, -2, -3, 0, 7})) {
      Files.write(file(), bytes);

      refused();
    }
  }

  @Test
  void shouldKeepTheStoreFromOpeningAndStayAsItIs() throws IOException {
    try (DrivenStore store = DrivenStore.open(directory)) {
      store.log.topic("t").append("value");
    }
    Path properties = directory.resolve("t/topic.properties");
    Files.writeString(properties, "nonsense");

    assertThrows(CorruptLogException.class, () -> DrivenStore.open(directory));

    assertEquals("nonsense", Files.readString(properties));
    assertFalse(Files.exists(directory.resolve("t/topic.properties.tmp")));
  }

  private CorruptLogException refused() {
    return assertThrows(CorruptLogException.class, () -> TopicProperties.read(storage, directory));
  }

  /** The text of a topic with the defaults. */
  private String text() throws IOException {
    Path other = Files.createTempDirectory(directory, "other");
    new TopicProperties(ID, TopicConfig.defaults()).write(storage, other);
    return Files.readString(other.resolve("topic.properties"));
  }

  private Path file() {
    return directory.resolve("topic.properties");
  }

  private void write(String text) throws IOException {
    Files.writeString(file(), text);
  }
}
