package io.sawlog.tools;

import io.sawlog.log.PartitionCopy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies a store, which may be written meanwhile, to a directory. Groups come first, so that no
 * group of the copy has read what the copy does not hold. Can be run again on what a run that was
 * cut short has left.
 */
final class StoreCopy {
  private final Path source;
  private final Path target;
  private final @Nullable Path earlier;
  private final Progress progress;
  private long copiedBytes;
  private long presentBytes;
  private long partitions;
  private long records;

  /**
   * Prepares a copy.
   *
   * @param earlier a copy of the same store, whose sealed segments are linked rather than copied;
   *     null if there is none
   */
  StoreCopy(Path source, Path target, @Nullable Path earlier, Progress progress) {
    this.source = source;
    this.target = target;
    this.earlier = earlier;
    this.progress = progress;
  }

  void run() throws IOException {
    Files.createDirectories(target);
    for (Path group : LogPath.groups(source)) {
      Path name = source.relativize(group);
      Files.createDirectories(target.resolve(name));
      copyTopics(group, target.resolve(name), earlier == null ? null : earlier.resolve(name));
      force(target.resolve(LogPath.GROUPS_DIRECTORY));
    }
    copyTopics(source, target, earlier);
  }

  private void copyTopics(Path from, Path to, @Nullable Path before) throws IOException {
    List<Path> topics = LogPath.topics(from);
    deleteOthers(to, topics);
    for (Path topic : topics) {
      String name = String.valueOf(topic.getFileName());
      copyTopic(topic, to.resolve(name), before == null ? null : before.resolve(name));
    }
    Path lock = to.resolve(LogPath.LOCK_FILE);
    if (!Files.exists(lock)) {
      Files.createFile(lock);
    }
    force(to);
  }

  /** What a run that was cut short has left of topics that are no more. */
  private static void deleteOthers(Path to, List<Path> topics) throws IOException {
    List<String> names = topics.stream().map(topic -> String.valueOf(topic.getFileName())).toList();
    for (Path copied : LogPath.topics(to)) {
      if (!names.contains(String.valueOf(copied.getFileName()))) {
        Directories.delete(copied);
      }
    }
  }

  /** The file of a topic is read first: partitions that are added meanwhile are not in the copy. */
  private void copyTopic(Path from, Path to, @Nullable Path before) throws IOException {
    Files.createDirectories(to);
    Path settings = from.resolve(LogPath.TOPIC_FILE);
    Path temporary = to.resolve(LogPath.TOPIC_FILE + ".tmp");
    Files.copy(settings, temporary, StandardCopyOption.REPLACE_EXISTING);
    force(temporary);
    int count;
    try {
      count = TopicFile.read(temporary).partitions();
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          settings
              + " cannot be used ("
              + e.getMessage()
              + "): 'sawlog repair' shows what can be saved of it, or restore it from a backup",
          e);
    }
    for (int number = 0; number < count; number++) {
      copyPartition(from, to, before, String.valueOf(number));
    }
    Files.move(temporary, to.resolve(LogPath.TOPIC_FILE), StandardCopyOption.ATOMIC_MOVE);
    force(to);
  }

  private void copyPartition(Path from, Path to, @Nullable Path before, String number)
      throws IOException {
    Path partition = from.resolve(number);
    Path copy = to.resolve(number);
    Files.createDirectories(copy);
    if (before != null) {
      linkSealed(partition, before.resolve(number), copy);
    }
    NamedPartition named = NamedPartition.of(partition);
    PartitionCopy.Result result =
        PartitionCopy.run(partition, copy, named.topic(), named.topicId(), named.number());
    partitions++;
    copiedBytes += result.copiedBytes();
    presentBytes += result.presentBytes();
    records += result.endOffset() - result.logStartOffset();
    progress.update(copiedBytes + presentBytes, records);
  }

  /**
   * Links what an earlier copy has of the same segments: all but its last one, for those are
   * sealed. They were below the recovery point, and nobody changes them in either place.
   */
  private static void linkSealed(Path from, Path before, Path copy) throws IOException {
    if (!Files.isDirectory(before)) {
      return;
    }
    List<Path> segments = LogPath.segments(before);
    for (Path segment : segments.subList(0, Math.max(0, segments.size() - 1))) {
      String name = String.valueOf(segment.getFileName());
      if (Files.exists(from.resolve(name))) {
        link(segment, copy.resolve(name));
        Path index = IndexCopy.pathBeside(segment);
        if (Files.exists(index)) {
          link(index, copy.resolve(String.valueOf(index.getFileName())));
        }
      }
    }
  }

  private static void link(Path existing, Path link) throws IOException {
    try {
      Files.createLink(link, existing);
    } catch (FileAlreadyExistsException e) {
      // a run that was cut short has come so far
    } catch (UnsupportedOperationException e) {
      // then it is copied
    }
  }

  /** Makes a file, or the names in a directory, durable. */
  static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  long copiedBytes() {
    return copiedBytes;
  }

  /** Bytes of sealed segments that an earlier copy had. */
  long presentBytes() {
    return presentBytes;
  }

  long partitions() {
    return partitions;
  }
}
