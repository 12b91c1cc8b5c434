package io.sawlog.log;

import io.sawlog.log.file.DiskStorage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Makes all index files of a partition anew from its segments. For the tools; not part of the API
 * for programs.
 */
public final class IndexRebuild {
  private IndexRebuild() {}

  /**
   * Replaces each index in one step, with as many entries as the topic asks for, and takes the lock
   * of the store meanwhile, if the partition lies in one. A segment without a usable header is left
   * out.
   *
   * @param directory the directory of the partition
   * @param topic the name of the topic, for messages
   * @param topicId the topic that the partition belongs to
   * @param number the partition in it
   * @return the index files that were made
   * @throws StoreLockedException if somebody writes the store
   * @throws LogIoException if a file cannot be read or written
   */
  public static List<Path> run(Path directory, String topic, UUID topicId, int number) {
    PartitionPlace place =
        new PartitionPlace(DiskStorage.open(), directory, topic, topicId, number);
    List<Path> made = new ArrayList<>();
    PartitionRepair.underLock(place, () -> made.addAll(run(place)));
    return made;
  }

  static List<Path> run(PartitionPlace place) throws IOException {
    return write(place, intervalBytes(place), index -> true);
  }

  /** Bytes of log for each entry, as the topic of a partition says; as usual if nobody can tell. */
  static int intervalBytes(PartitionPlace place) {
    Path topic = place.directory().toAbsolutePath().getParent();
    int usual = TopicConfig.defaults().indexIntervalBytes();
    try {
      return topic == null
          ? usual
          : TopicProperties.read(place.storage(), topic).config().indexIntervalBytes();
    } catch (IOException | LogException e) {
      return usual;
    }
  }

  /** Makes those that are not there. */
  static void missing(PartitionPlace place, int intervalBytes) throws IOException {
    write(place, intervalBytes, index -> !place.storage().exists(index));
  }

  private static List<Path> write(PartitionPlace place, int intervalBytes, Predicate<Path> wanted)
      throws IOException {
    List<Path> made = new ArrayList<>();
    for (SegmentFiles.Found found : SegmentFiles.list(place).found()) {
      Path index = IndexFile.beside(found.path());
      SegmentHeader header = found.header();
      if (header != null && wanted.test(index)) {
        replace(
            place,
            index,
            IndexFile.buildBytes(place.storage(), found.path(), header, intervalBytes));
        made.add(index);
      }
    }
    place.storage().forceDirectory(place.directory());
    return made;
  }

  private static void replace(PartitionPlace place, Path path, ByteBuffer bytes)
      throws IOException {
    Path temporary = place.directory().resolve(PreparedSegment.INDEX_NAME);
    place.storage().delete(temporary);
    try (StorageFile file = place.storage().create(temporary)) {
      file.allocate(bytes.remaining());
      file.write(bytes, 0);
      file.force();
    }
    place.storage().rename(temporary, path);
  }
}
