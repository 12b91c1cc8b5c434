package io.sawlog.log;

import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What the directories and files around {@code topic.properties} tell of a topic.
 *
 * @param topicIds the topics that its meta files and segments name, each with a good checksum
 * @param directories the numbers of its partition directories
 * @param withRecords the numbers of those that ever had a segment
 */
record TopicRemains(
    Set<UUID> topicIds, TreeSet<Integer> directories, TreeSet<Integer> withRecords) {
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,5}");

  static TopicRemains read(Storage storage, Path topic) throws IOException {
    TopicRemains remains = new TopicRemains(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    for (String name : storage.list(topic)) {
      if (NUMBER.matcher(name).matches()) {
        try {
          remains.add(storage, topic.resolve(name), Integer.parseInt(name));
        } catch (NotDirectoryException e) {
          // no partition
        }
      }
    }
    return remains;
  }

  private void add(Storage storage, Path partition, int number) throws IOException {
    List<Path> segments = segments(storage, partition);
    directories.add(number);
    if (!segments.isEmpty()) {
      withRecords.add(number);
    }
    Path meta = partition.resolve(PartitionMeta.FILE_NAME);
    try (StorageFile file = storage.open(meta, Storage.Access.READ)) {
      PartitionState state = PartitionMeta.inspect(file, new ArrayList<>());
      if (state != null) {
        topicIds.add(state.topicId());
      }
    } catch (NoSuchFileException e) {
      // its segments tell
    }
    for (Path segment : segments) {
      addSegment(storage, segment);
    }
  }

  private void addSegment(Storage storage, Path segment) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.LENGTH);
    try (StorageFile file = storage.open(segment, Storage.Access.READ)) {
      file.read(bytes, 0);
    } catch (NoSuchFileException e) {
      return; // retention of the writer has deleted it since it was listed
    }
    if (SegmentHeader.check(bytes.flip()) == SegmentHeader.Check.VALID) {
      topicIds.add(SegmentHeader.decode(bytes).topicId());
    }
  }

  /** The files of a partition that hold records. */
  static List<Path> segments(Storage storage, Path partition) throws IOException {
    return storage.list(partition).stream()
        .filter(name -> name.matches("\\d{20}\\" + SegmentHeader.FILE_SUFFIX))
        .map(partition::resolve)
        .toList();
  }

  /** How many partitions there are without a gap, from the first one on. */
  int unbroken() {
    int count = 0;
    while (directories.contains(count)) {
      count++;
    }
    return count;
  }

  /** There were at least so many partitions. */
  int atLeast() {
    return withRecords.isEmpty() ? 0 : withRecords.last() + 1;
  }
}
