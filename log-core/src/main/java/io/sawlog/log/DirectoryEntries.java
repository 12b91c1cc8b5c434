package io.sawlog.log;

import java.io.IOException;
import java.nio.file.FileSystemException;

/**
 * The entries of segments in the directory of a partition: a segment is durable only with its name.
 *
 * <p>Thread-safe.
 */
final class DirectoryEntries {
  private final PartitionWriter writer;
  private final Segments segments;

  /** The base of the newest segment whose entry is durable. */
  private volatile long durableBase;

  DirectoryEntries(PartitionWriter writer, Segments segments, long durableBase) {
    this.writer = writer;
    this.segments = segments;
    this.durableBase = durableBase;
  }

  /** Forces the directory unless the entry of the segment is known to be durable. */
  void ensureDurable(long baseOffset) throws IOException {
    if (durableBase < baseOffset) {
      // held meanwhile: a force that has failed must not be tried again
      synchronized (this) {
        if (durableBase < baseOffset) {
          writer.throwIfFailed();
          force();
        }
      }
    }
  }

  private void force() throws IOException {
    Segment newest = segments.last();
    PartitionPlace place = writer.place();
    try {
      place.storage().forceDirectory(place.directory());
    } catch (FileSystemException e) {
      // it could not even be opened: nothing was tried, so nothing has failed for good
      throw e;
    } catch (IOException e) {
      throw writer.fail("the directory could not be forced", e);
    }
    if (newest != null) {
      durableBase = Math.max(durableBase, newest.baseOffset());
    }
  }
}
