package io.sawlog.log;

import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code topic.properties}: what a topic is, for people to read. Replaced as a whole, by
 * renaming a forced file over it.
 *
 * @param topicId the identity of the topic
 * @param config how it is stored
 */
record TopicProperties(UUID topicId, TopicConfig config) {
  static final String FILE_NAME = "topic.properties";

  private static final String TEMPORARY_NAME = "topic.properties.tmp";
  private static final String VERSION_NAME = "format.version";
  private static final String TOPIC_ID = "topic.id";
  private static final String PARTITIONS = "partitions";
  private static final int VERSION = 1;
  private static final int MAX_LENGTH = 1 << 16;

  private static final List<Setting> SETTINGS =
      List.of(
          new Setting(PARTITIONS, (config, text) -> config.partitions(integer(text))),
          new Setting("segment.bytes", (config, text) -> config.segmentBytes(integer(text))),
          new Setting(
              "index.interval.bytes", (config, text) -> config.indexIntervalBytes(integer(text))),
          new Setting("max.frame.bytes", (config, text) -> config.maxFrameBytes(integer(text))),
          new Setting("flush.policy", (config, text) -> config.flushPolicy(flushPolicy(text))),
          new Setting(
              "retention.age.ms",
              (config, text) -> {
                Retention known = config.retention();
                return config.retention(
                    new Retention(limit(text), known.maxBytes(), known.unconsumed()));
              }),
          new Setting(
              "retention.bytes",
              (config, text) -> {
                Retention known = config.retention();
                return config.retention(
                    new Retention(known.maxAgeMs(), limit(text), known.unconsumed()));
              }),
          new Setting(
              "retention.unconsumed",
              (config, text) -> {
                Retention known = config.retention();
                return config.retention(
                    new Retention(known.maxAgeMs(), known.maxBytes(), unconsumed(text)));
              }));

  /** A line of the file, and what it changes. */
  private record Setting(String name, BiFunction<TopicConfig, String, TopicConfig> reading) {}

  /**
   * What can still be read of the file.
   *
   * @param text the whole file; null if it is missing
   * @param topicId null if it cannot be read
   * @param config with the default for each setting that cannot be read
   * @param problems why something cannot be read, by the name of its line
   */
  record Remains(
      @Nullable String text,
      @Nullable UUID topicId,
      TopicConfig config,
      Map<String, String> problems) {
    boolean knowsPartitions() {
      return text != null && !problems.containsKey(PARTITIONS);
    }

    /** Names of lines that tell what nothing else can tell. */
    List<String> lostSettings() {
      return SETTINGS.stream()
          .map(Setting::name)
          .filter(name -> !name.equals(PARTITIONS))
          .filter(name -> text == null || problems.containsKey(name))
          .toList();
    }
  }

  static TopicProperties read(Storage storage, Path topicDirectory) throws IOException {
    Path path = topicDirectory.resolve(FILE_NAME);
    Remains remains = remains(storage, topicDirectory);
    if (remains.text() == null) {
      throw new NoSuchFileException(path.toString());
    }
    UUID topicId = remains.topicId();
    if (topicId == null || !remains.problems().isEmpty()) {
      throw new CorruptLogException(
          path
              + " cannot be read ("
              + String.join(", ", remains.problems().values())
              + "): 'sawlog repair' shows what can be saved of it, or restore it from a backup");
    }
    return new TopicProperties(topicId, remains.config());
  }

  /** Reads line by line, past those that are damaged. */
  static Remains remains(Storage storage, Path topicDirectory) throws IOException {
    Path path = topicDirectory.resolve(FILE_NAME);
    Properties properties = new Properties();
    Map<String, String> problems = new LinkedHashMap<>();
    String text = null;
    try {
      text = content(storage, path);
      properties.load(new StringReader(text));
      problem(problems, VERSION_NAME, () -> checkVersion(path, number(properties, VERSION_NAME)));
    } catch (NoSuchFileException e) {
      problems.put(FILE_NAME, "it is missing, and with it the settings of the topic");
    } catch (IllegalArgumentException e) {
      problems.put(FILE_NAME, String.valueOf(e.getMessage()));
    }
    if (text == null) {
      return new Remains(null, null, TopicConfig.defaults(), problems);
    }
    UUID[] topicId = {null};
    TopicConfig[] config = {TopicConfig.defaults()};
    problem(problems, TOPIC_ID, () -> topicId[0] = UUID.fromString(text(properties, TOPIC_ID)));
    for (Setting setting : SETTINGS) {
      problem(
          problems,
          setting.name(),
          () -> config[0] = setting.reading().apply(config[0], text(properties, setting.name())));
    }
    return new Remains(text, topicId[0], config[0], problems);
  }

  private static String content(Storage storage, Path path) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_LENGTH);
    try (StorageFile file = storage.open(path, Storage.Access.READ)) {
      file.read(bytes, 0);
    }
    return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
  }

  private static void problem(Map<String, String> problems, String name, Runnable reading) {
    try {
      reading.run();
    } catch (NumberFormatException e) {
      problems.put(name, name + " is not a number");
    } catch (IllegalArgumentException | ArithmeticException e) {
      problems.put(name, String.valueOf(e.getMessage()));
    }
  }

  private static void checkVersion(Path path, long version) {
    if (version > VERSION) {
      throw new UnsupportedFormatException(
          path
              + " has format version "
              + version
              + ", this is version "
              + VERSION
              + ": open the store with a newer Sawlog");
    }
    if (version < 1) {
      throw new IllegalArgumentException("format.version is " + version);
    }
  }

  private static int integer(String text) {
    return Math.toIntExact(Long.parseLong(text));
  }

  private static String text(Properties properties, String name) {
    String value = properties.getProperty(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value.trim();
  }

  private static long number(Properties properties, String name) {
    try {
      return Long.parseLong(text(properties, name));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is not a number", e);
    }
  }

  private static long limit(String text) {
    return text.equals("unlimited") ? Retention.UNLIMITED : Long.parseLong(text);
  }

  private static String limit(long value) {
    return value == Retention.UNLIMITED ? "unlimited" : Long.toString(value);
  }

  private static FlushPolicy flushPolicy(String text) {
    String[] words = text.split(" ", -1);
    if (words.length == 1 && words[0].equals("on-request")) {
      return FlushPolicy.onRequest();
    }
    if (words.length == 2 && words[0].equals("interval-ms")) {
      return new FlushPolicy.Interval(Long.parseLong(words[1]));
    }
    if (words.length == 2 && words[0].equals("bytes")) {
      return FlushPolicy.everyBytes(Long.parseLong(words[1]));
    }
    throw new IllegalArgumentException("flush.policy '" + text + "' is not known");
  }

  private static String words(FlushPolicy policy) {
    if (policy instanceof FlushPolicy.Interval interval) {
      return "interval-ms " + interval.intervalMs();
    }
    return policy instanceof FlushPolicy.Bytes bytes ? "bytes " + bytes.bytes() : "on-request";
  }

  private static Retention.Unconsumed unconsumed(String text) {
    String[] words = text.split(" ", -1);
    if (words.length == 1 && words[0].equals("may-go")) {
      return new Retention.Unconsumed.MayGo();
    }
    if (words.length == 3 && words[0].equals("kept-up-to")) {
      return new Retention.Unconsumed.KeptUpTo(limit(words[1]), limit(words[2]));
    }
    if (words.length == 2 && words[0].equals("kept-whole")) {
      return new Retention.Unconsumed.KeptWhole(Long.parseLong(words[1]));
    }
    throw new IllegalArgumentException("retention.unconsumed '" + text + "' is not known");
  }

  private static String words(Retention.Unconsumed unconsumed) {
    if (unconsumed instanceof Retention.Unconsumed.KeptUpTo cap) {
      return "kept-up-to " + limit(cap.capBytes()) + " " + limit(cap.capAgeMs());
    }
    return unconsumed instanceof Retention.Unconsumed.KeptWhole cap
        ? "kept-whole " + cap.capBytes()
        : "may-go";
  }

  /** Makes the file durable under its name. */
  void write(Storage storage, Path topicDirectory) throws IOException {
    Path temporary = topicDirectory.resolve(TEMPORARY_NAME);
    storage.delete(temporary);
    try (StorageFile file = storage.create(temporary)) {
      file.write(ByteBuffer.wrap(text().getBytes(StandardCharsets.UTF_8)), 0);
      file.force();
    }
    storage.rename(temporary, topicDirectory.resolve(FILE_NAME));
    storage.forceDirectory(topicDirectory);
  }

  private String text() {
    Retention retention = config.retention();
    return String.join(
        "\n",
        "# A Sawlog topic. Change it with 'sawlog topic alter', not by hand.",
        "format.version=" + VERSION,
        "topic.id=" + topicId,
        "partitions=" + config.partitions(),
        "segment.bytes=" + config.segmentBytes(),
        "index.interval.bytes=" + config.indexIntervalBytes(),
        "max.frame.bytes=" + config.maxFrameBytes(),
        "flush.policy=" + words(config.flushPolicy()),
        "retention.age.ms=" + limit(retention.maxAgeMs()),
        "retention.bytes=" + limit(retention.maxBytes()),
        "retention.unconsumed=" + words(retention.unconsumed()),
        "");
  }
}
