package io.sawlog.tools;

import io.sawlog.log.segment.SegmentHeader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a path names, by what is in it rather than where it is, so that copies count too.
 *
 * @param kind the level of the store
 * @param path the file or directory
 */
record LogPath(Kind kind, Path path) {
  static final String TOPIC_FILE = "topic.properties";
  static final String META_FILE = "partition.meta";
  static final String GROUPS_DIRECTORY = "groups";
  static final String LOCK_FILE = "store.lock";

  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");

  /** The levels of a store. */
  enum Kind {
    STORE,
    TOPIC,
    PARTITION,
    SEGMENT,
    INDEX
  }

  /**
   * Finds out what a path names.
   *
   * @throws CommandException if it is nothing of Sawlog's
   * @throws IOException if it cannot be read
   */
  static LogPath of(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    if (!Files.isDirectory(path)) {
      return new LogPath(kindOfFile(path), path);
    }
    if (isPartition(path)) {
      return new LogPath(Kind.PARTITION, path);
    }
    if (isTopic(path)) {
      return new LogPath(Kind.TOPIC, path);
    }
    if (isStore(path)) {
      return new LogPath(Kind.STORE, path);
    }
    throw new CommandException(
        path + " is not a store, a topic or a partition: nothing of Sawlog is in this directory");
  }

  private static Kind kindOfFile(Path path) throws IOException {
    String name = String.valueOf(path.getFileName());
    if (name.endsWith(SegmentHeader.FILE_SUFFIX)) {
      return Kind.SEGMENT;
    }
    if (name.endsWith(IndexCopy.FILE_SUFFIX)) {
      return Kind.INDEX;
    }
    try (InputStream file = Files.newInputStream(path)) {
      String magic = new String(file.readNBytes(6), StandardCharsets.ISO_8859_1);
      return switch (magic) {
        case "SAWLOG" -> Kind.SEGMENT;
        case "SAWIDX" -> Kind.INDEX;
        default ->
            throw new CommandException(
                path + " is neither a segment nor an index: give one, or a directory of a store");
      };
    }
  }

  private static boolean isPartition(Path directory) throws IOException {
    return Files.exists(directory.resolve(META_FILE)) || !segments(directory).isEmpty();
  }

  private static boolean isTopic(Path directory) throws IOException {
    if (Files.exists(directory.resolve(TOPIC_FILE))) {
      return true;
    }
    for (Path child : children(directory)) {
      if (isNumber(child) && Files.isDirectory(child) && isPartition(child)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a directory is a store, be it one without a lock file because it is a copy. */
  static boolean isStore(Path directory) throws IOException {
    return Files.isDirectory(directory)
        && (Files.exists(directory.resolve(LOCK_FILE)) || !topics(directory).isEmpty());
  }

  /** The directories of the topics of a store, by name. */
  static List<Path> topics(Path store) throws IOException {
    List<Path> topics = new ArrayList<>();
    for (Path child : children(store)) {
      // What begins with a dot is being built or deleted.
      if (!name(child).startsWith(".") && Files.isDirectory(child) && isTopic(child)) {
        topics.add(child);
      }
    }
    topics.sort(Comparator.comparing(LogPath::name));
    return topics;
  }

  /** The stores of the groups of a store, by name. */
  static List<Path> groups(Path store) throws IOException {
    List<Path> groups = new ArrayList<>();
    Path directory = store.resolve(GROUPS_DIRECTORY);
    if (Files.isDirectory(directory)) {
      for (Path child : children(directory)) {
        // As with topics, a dot means that it is being deleted.
        if (!name(child).startsWith(".") && isStore(child)) {
          groups.add(child);
        }
      }
    }
    groups.sort(Comparator.comparing(LogPath::name));
    return groups;
  }

  /** The directories of all topics in or at this path, those of the groups last. */
  List<Path> topics() throws IOException {
    return switch (kind) {
      case STORE -> {
        List<Path> all = new ArrayList<>(topics(path));
        for (Path group : groups(path)) {
          all.addAll(topics(group));
        }
        yield all;
      }
      case TOPIC -> List.of(path);
      case PARTITION, SEGMENT, INDEX -> List.of();
    };
  }

  /** The directories of the partitions of a topic, by number. */
  static List<Path> partitions(Path topic) throws IOException {
    List<Path> partitions = new ArrayList<>();
    for (Path child : children(topic)) {
      if (isNumber(child) && Files.isDirectory(child)) {
        partitions.add(child);
      }
    }
    partitions.sort(Comparator.comparingInt(child -> Integer.parseInt(name(child))));
    return partitions;
  }

  /** The segment files of a partition, by base offset. */
  static List<Path> segments(Path partition) throws IOException {
    List<Path> segments = new ArrayList<>();
    for (Path child : children(partition)) {
      if (SegmentFile.baseOffsetOf(child).isPresent()) {
        segments.add(child);
      }
    }
    segments.sort(Comparator.comparing(LogPath::name));
    return segments;
  }

  /** The directories of all partitions in or at this path. */
  List<Path> partitions() throws IOException {
    return switch (kind) {
      case STORE, TOPIC -> {
        List<Path> all = new ArrayList<>();
        for (Path topic : topics()) {
          all.addAll(partitions(topic));
        }
        yield all;
      }
      case PARTITION -> List.of(path);
      case SEGMENT, INDEX -> List.of();
    };
  }

  private static boolean isNumber(Path path) {
    return NUMBER.matcher(name(path)).matches();
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static List<Path> children(Path directory) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(children::add);
    }
    return children;
  }
}
