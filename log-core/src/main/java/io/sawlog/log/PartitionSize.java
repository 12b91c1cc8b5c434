package io.sawlog.log;

import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.ActiveSegment;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/**
 * How many bytes the segments of a partition hold. The end of a file that was never used does not
 * count: a sealed segment has given its blocks back.
 */
final class PartitionSize {
  private final Storage storage;
  private final Segments segments;

  PartitionSize(Storage storage, Segments segments) {
    this.storage = storage;
    this.segments = segments;
  }

  /** The size of all segments, in bytes. */
  long bytes() throws IOException {
    long size = 0;
    for (Segment segment : segments.all()) {
      size += bytesOf(segment);
    }
    return size;
  }

  /** The size of one segment, in bytes; 0 if it was deleted meanwhile. */
  long bytesOf(Segment segment) throws IOException {
    ActiveSegment active = segment.active();
    if (active != null) {
      return active.tailPosition();
    }
    long known = segment.heldBytes();
    if (known != Segment.UNKNOWN_SIZE) {
      return known;
    }
    long measured = measure(segment);
    if (segments.after(segment) != null) {
      // nothing is added to a segment that has a successor
      segment.heldBytes(measured);
    }
    return measured;
  }

  /** Finds the end of the data: behind it the file is a hole. */
  private long measure(Segment segment) throws IOException {
    try (StorageFile file = storage.open(segment.path(), Storage.Access.READ)) {
      long size = file.size();
      long low = 0;
      long high = size;
      while (low < high) {
        long middle = (low + high) >>> 1;
        if (file.nextData(middle) < size) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return high;
    } catch (NoSuchFileException e) {
      return 0;
    }
  }
}
