package io.sawlog.log;

import io.sawlog.index.IndexHeader;
import io.sawlog.index.SparseIndex;
import io.sawlog.log.file.MappedRegion;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.ActiveSegment;
import io.sawlog.log.segment.AppendClock;
import io.sawlog.log.segment.PinnedRegion;
import io.sawlog.log.segment.SegmentHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A segment that waits for its base offset: allocated and mapped under a temporary name, so that a
 * roll is a header and two renames. Holds no record, and may be deleted at any time.
 */
final class PreparedSegment {
  static final String LOG_NAME = "next.tmp";
  static final String INDEX_NAME = "next.index.tmp";

  private final PartitionPlace place;
  private final int capacity;
  private final int indexIntervalBytes;
  private final PinnedRegion log;
  private final PinnedRegion index;

  private PreparedSegment(
      PartitionPlace place,
      int capacity,
      int indexIntervalBytes,
      PinnedRegion log,
      PinnedRegion index) {
    this.place = place;
    this.capacity = capacity;
    this.indexIntervalBytes = indexIntervalBytes;
    this.log = log;
    this.index = index;
  }

  /**
   * Makes one, leaving nothing behind if that fails.
   *
   * @throws io.sawlog.log.file.NoSpaceException if the disk is full
   */
  static PreparedSegment create(PartitionPlace place, int capacity, int indexIntervalBytes)
      throws IOException {
    int indexBytes = SparseIndex.lengthBytes(capacity, indexIntervalBytes);
    deleteLeftovers(place);
    MappedRegion log = null;
    try {
      log = createMapped(place, LOG_NAME, capacity);
      MappedRegion index = createMapped(place, INDEX_NAME, indexBytes);
      return new PreparedSegment(
          place, capacity, indexIntervalBytes, new PinnedRegion(log), new PinnedRegion(index));
    } catch (IOException e) {
      if (log != null) {
        log.unmap();
      }
      deleteLeftovers(place);
      throw e;
    }
  }

  private static MappedRegion createMapped(PartitionPlace place, String name, int length)
      throws IOException {
    try (StorageFile file = place.storage().create(place.directory().resolve(name))) {
      file.allocate(length);
      return file.map(length);
    }
  }

  static void deleteLeftovers(PartitionPlace place) throws IOException {
    place.storage().delete(place.directory().resolve(LOG_NAME));
    place.storage().delete(place.directory().resolve(INDEX_NAME));
  }

  int capacity() {
    return capacity;
  }

  /** Takes the page faults of the first bytes, and of the index. */
  void populate(int length) {
    if (length == 0) {
      return;
    }
    log.region().populate(0, Math.min(length, capacity));
    index.region().populate(0, index.region().buffer().capacity());
  }

  /** Gives the segment its base offset and its name. Readers may find it from then on. */
  ActiveSegment activate(long baseOffset, long recordsBefore, AppendClock clock, long timeFloor)
      throws IOException {
    SegmentHeader header =
        new SegmentHeader(
            place.topicId(),
            place.number(),
            baseOffset,
            recordsBefore,
            capacity,
            ThreadLocalRandom.current().nextInt());
    log.region().buffer().putBytes(0, header.encode(), SegmentHeader.LENGTH);
    IndexHeader indexHeader = IndexFile.headerFor(header, indexIntervalBytes);
    indexHeader.writeTo(index.region().buffer());

    Path directory = place.directory();
    Path path = path(baseOffset);
    Storage storage = place.storage();
    storage.rename(directory.resolve(INDEX_NAME), IndexFile.beside(path));
    storage.rename(directory.resolve(LOG_NAME), path);
    return new ActiveSegment(
        header,
        log,
        index,
        new SparseIndex(index.region().buffer(), indexHeader),
        SegmentHeader.LENGTH,
        0,
        clock,
        timeFloor);
  }

  /** The file that a segment of this partition has. */
  Path path(long baseOffset) {
    return place.directory().resolve(SegmentHeader.fileName(baseOffset));
  }

  /** Unmaps and deletes the files. */
  void discard() throws IOException {
    log.release();
    index.release();
    deleteLeftovers(place);
  }
}
