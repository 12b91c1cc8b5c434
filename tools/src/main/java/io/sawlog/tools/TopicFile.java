package io.sawlog.tools;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
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
    // bytes that are no text are no reason to fail in the words of a decoder
    String text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
    properties.load(new StringReader(text));
    int partitions = Integer.parseInt(text(properties, "partitions"));
    if (partitions < 1) {
      throw new IllegalArgumentException("partitions is " + partitions);
    }
    return new TopicFile(UUID.fromString(text(properties, "topic.id")), partitions);
  }

  private static String text(Properties properties, String name) {
    String value = properties.getProperty(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value.strip();
  }
}
