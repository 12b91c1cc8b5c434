package io.sawlog.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Scanner;

/**
 * The device under a directory, whose writes the kernel counts for all programs together, the
 * journal of the file system included.
 *
 * @param statistics the kernel's file with the counts
 */
record Device(Path statistics) {
  private static final int SECTOR_BYTES = 512;
  private static final int FIELDS_BEFORE_SECTORS_WRITTEN = 6;

  /** Empty if the directory is not on a device with counts of its own. */
  static Optional<Device> under(Path directory) throws IOException {
    if (!System.getProperty("os.name", "").startsWith("Linux")) {
      return Optional.empty();
    }
    long device = ((Number) Files.getAttribute(directory, "unix:dev")).longValue();
    long major = ((device >>> 8) & 0xFFF) | ((device >>> 32) & ~0xFFFL);
    long minor = (device & 0xFF) | ((device >>> 12) & ~0xFFL);
    Path file = Path.of("/sys/dev/block/" + major + ":" + minor + "/stat");
    return Files.exists(file) ? Optional.of(new Device(file)) : Optional.empty();
  }

  long bytesWritten() throws IOException {
    Scanner numbers = new Scanner(Files.readString(statistics));
    for (int i = 0; i < FIELDS_BEFORE_SECTORS_WRITTEN; i++) {
      numbers.next();
    }
    return numbers.nextLong() * SECTOR_BYTES;
  }
}
