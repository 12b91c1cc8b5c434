package io.sawlog.log;

import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Properties;
import java.util.UUID;

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
  private static final int VERSION = 1;
  private static final int MAX_LENGTH = 1 << 16;

  static TopicProperties read(Storage storage, Path topicDirectory) throws IOException {
    Path path = topicDirectory.resolve(FILE_NAME);
    ByteBuffer bytes = ByteBuffer.allocate(MAX_LENGTH);
    try (StorageFile file = storage.open(path, Storage.Access.READ)) {
      file.read(bytes, 0);
    }
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(StandardCharsets.UTF_8.decode(bytes.flip()).toString()));
      return parse(path, properties);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new CorruptLogException(
          path + " cannot be read (" + e.getMessage() + "): restore it from a backup", e);
    }
  }

  private static TopicProperties parse(Path path, Properties properties) {
    long version = number(properties, "format.version");
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
    TopicConfig config =
        TopicConfig.defaults()
            .partitions(Math.toIntExact(number(properties, "partitions")))
            .segmentBytes(Math.toIntExact(number(properties, "segment.bytes")))
            .indexIntervalBytes(Math.toIntExact(number(properties, "index.interval.bytes")))
            .maxFrameBytes(Math.toIntExact(number(properties, "max.frame.bytes")))
            .flushPolicy(flushPolicy(text(properties, "flush.policy")))
            .retention(
                new Retention(
                    limit(text(properties, "retention.age.ms")),
                    limit(text(properties, "retention.bytes")),
                    unconsumed(text(properties, "retention.unconsumed"))));
    return new TopicProperties(UUID.fromString(text(properties, "topic.id")), config);
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
