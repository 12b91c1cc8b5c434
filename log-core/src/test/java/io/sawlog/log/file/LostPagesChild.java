package io.sawlog.log.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** A process that populates pages that are gone, as those of a device that has failed. */
final class LostPagesChild {
  private static final int LENGTH = 1 << 16;

  private LostPagesChild() {}

  public static void main(String[] arguments) throws IOException {
    try {
      populate(Path.of(arguments[0]));
    } catch (InternalError e) {
      // this is how the JVM tells, at once or a little later
    }
    System.out.println("alive");
  }

  private static void populate(Path path) throws IOException {
    // without the calls nobody says beforehand that there is no memory behind a page
    try (StorageFile file = DiskStorage.withoutPosix().create(path)) {
      file.allocate(LENGTH);
      MappedRegion region = file.map(LENGTH);
      try (RandomAccessFile cut = new RandomAccessFile(path.toFile(), "rw")) {
        cut.setLength(0);
      }
      region.populate(0, LENGTH);
    }
  }
}
