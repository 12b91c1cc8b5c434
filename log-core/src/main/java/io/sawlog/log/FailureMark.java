package io.sawlog.log;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;

/**
 * What tells the next opening that a flush of a partition has failed, so that it does not take the
 * page cache for the log: the state FAILED, and, for as long as the machine is not booted, an empty
 * file. When flushes fail, the kernel may throw away the very page that says FAILED; the name of a
 * file stays.
 */
final class FailureMark {
  static final String FILE_NAME = "failed";

  private FailureMark() {}

  /**
   * Says it in as many ways as are still possible.
   *
   * @param failure gets what was not possible
   */
  static void set(PartitionPlace place, PartitionMeta meta, Exception failure) {
    try {
      place.storage().create(place.directory().resolve(FILE_NAME)).close();
    } catch (FileAlreadyExistsException e) {
      // said already
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    try {
      meta.change(state -> state.withStatus(PartitionState.Status.FAILED));
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  static boolean isSet(PartitionPlace place) {
    return place.storage().exists(place.directory().resolve(FILE_NAME));
  }

  static void remove(PartitionPlace place) throws IOException {
    place.storage().delete(place.directory().resolve(FILE_NAME));
  }
}
