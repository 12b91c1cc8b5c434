package io.sawlog.tools;

import io.sawlog.log.TopicConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.UUID;

/**
 * What {@code topic.properties} says of the directories beside it.
 *
 * @param id the topic, which every file of it names
 * @param partitions how many partitions it has
 */
record TopicFile(UUID id, int partitions) {

  /**
   * Reads the file.
   *
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it does not say what it must; the message says why
   */
  static TopicFile read(Path path) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(path)) {
      properties.load(reader);
    }
    int partitions = Integer.parseInt(text(properties, "partitions"));
    if (partitions < 1) {
      throw new IllegalArgumentException("partitions is " + partitions);
    }
    return new TopicFile(UUID.fromString(text(properties, "topic.id")), partitions);
  }

  /** The interval that the topic of a partition asks for; the usual one if nobody can tell. */
  static int indexIntervalBytesBeside(Path partition) {
    Properties properties = new Properties();
    Path file = partition.toAbsolutePath().normalize().resolveSibling(LogPath.TOPIC_FILE);
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
      return Integer.parseInt(text(properties, "index.interval.bytes"));
    } catch (IOException | IllegalArgumentException e) {
      return TopicConfig.defaults().indexIntervalBytes();
    }
  }

  private static String text(Properties properties, String name) {
    String value = properties.getProperty(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value.strip();
  }
}
