package io.sawlog.log;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;

/**
 * An empty file which says that a flush of a partition has failed, for openings during the same
 * boot. When flushes fail, the kernel may throw away the very page that says FAILED; the name of a
 * file stays.
 */
final class FailureMark {
  static final String FILE_NAME = "failed";

  private FailureMark() {}

  static void set(PartitionPlace place) throws IOException {
    try {
      place.storage().create(place.directory().resolve(FILE_NAME)).close();
    } catch (FileAlreadyExistsException e) {
      // said already
    }
  }

  static boolean isSet(PartitionPlace place) {
    return place.storage().exists(place.directory().resolve(FILE_NAME));
  }

  static void remove(PartitionPlace place) throws IOException {
    place.storage().delete(place.directory().resolve(FILE_NAME));
  }
}
