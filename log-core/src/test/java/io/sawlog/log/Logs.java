package io.sawlog.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What tests put into logs, and see in them and in their files. */
final class Logs {
  private Logs() {}

  static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  /** The smallest segments, with a dense index, so that little data makes many of both. */
  static TopicConfig small() {
    return TopicConfig.defaults().segmentBytes(64 << 10).indexIntervalBytes(256);
  }

  static List<String> values(Partition partition) {
    return values(partition.read(Position.earliest()));
  }

  static List<String> values(Iterable<Message> messages) {
    List<String> values = new ArrayList<>();
    messages.forEach(message -> values.add(message.valueAsString()));
    return values;
  }

  static List<Long> offsets(Iterable<Message> messages) {
    List<Long> offsets = new ArrayList<>();
    messages.forEach(message -> offsets.add(message.offset()));
    return offsets;
  }

  /** Polls until nothing more is there. */
  static List<String> drain(Tailer tailer) {
    List<String> values = new ArrayList<>();
    while (tailer.poll(view -> values.add(view.copy().valueAsString()), 100) > 0) {
      // the rest
    }
    return values;
  }

  /** Appends records {@code from} to {@code to} (exclusive), each named by its number. */
  static void appendNumbers(Partition partition, int from, int to) {
    for (int i = from; i < to; i++) {
      partition.append(null, utf8(Integer.toString(i)));
    }
  }

  static List<String> numbers(int from, int to) {
    List<String> numbers = new ArrayList<>();
    for (int i = from; i < to; i++) {
      numbers.add(Integer.toString(i));
    }
    return numbers;
  }

  /** Appends until the partition has so many segments; the values are the offsets. */
  static void fillSegments(Partition partition, int segments) {
    String padding = " ".repeat(900);
    while (partition.segments().size() < segments) {
      partition.append(null, utf8(partition.logEndOffset() + padding));
    }
  }

  static Path segmentFile(Partition partition, int number) {
    return partition.segments().get(number).file();
  }

  /** Copies a store as it is, which nobody who copies files can do at one instant. */
  static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }

  /** Names, lengths and contents of all files. */
  static Map<String, String> fingerprint(Path directory) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.toList()) {
        String name = directory.relativize(path).toString();
        files.put(name, Files.isDirectory(path) ? "directory" : digest(path));
      }
    }
    return files;
  }

  private static String digest(Path file) throws IOException {
    try {
      byte[] bytes = Files.readAllBytes(file);
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return bytes.length + " " + HexFormat.of().formatHex(digest.digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Changes one bit of a file. */
  static void flipBit(Path file, long position) throws IOException {
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(position);
      int value = bytes.read();
      bytes.seek(position);
      bytes.write(value ^ 0x10);
    }
  }
}
