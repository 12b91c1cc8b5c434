package io.sawlog.log;

import io.sawlog.log.file.NoSpaceException;
import io.sawlog.log.file.StorageFile;
import java.io.IOException;
import java.nio.file.Path;

/** The disk of this machine, which has no room for another file while the test says so. */
final class FullableStorage extends HookedStorage {
  volatile boolean full;

  @Override
  public StorageFile create(Path file) throws IOException {
    if (full) {
      throw new NoSpaceException("cannot create " + file, null);
    }
    return super.create(file);
  }
}
