package io.sawlog.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;

/**
 * Question: how many bytes go to the device for one SYNCED append of 100 bytes?
 *
 * <p>Counted by the kernel for the whole device, so in many short stretches, of which the median
 * counts: what other programs write comes in bursts. The journal of the file system is included.
 */
final class FlushedBytes {
  /** At most so many KiB for each flush. */
  static final double TARGET_KIB = 16;

  private static final int APPENDS = 50;
  private static final int SECTOR = 512;
  private static final int SECTORS_WRITTEN = 6;

  private FlushedBytes() {}

  /** Measures; empty if the temporary directory is not on a device with a count of its own. */
  static Optional<Samples> measure(int stretches) {
    try (SawlogLog log = new SawlogLog()) {
      Optional<Path> statistics = statistics(log.directory());
      if (statistics.isEmpty()) {
        return Optional.empty();
      }
      for (int i = 0; i < APPENDS; i++) {
        log.appendSynced();
      }
      List<Double> kibPerFlush = new ArrayList<>();
      for (int stretch = 0; stretch < stretches; stretch++) {
        long before = sectorsWritten(statistics.get());
        for (int i = 0; i < APPENDS; i++) {
          log.appendSynced();
        }
        long sectors = sectorsWritten(statistics.get()) - before;
        kibPerFlush.add((double) sectors * SECTOR / 1024 / APPENDS);
      }
      return Optional.of(new Samples(kibPerFlush));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The kernel's file for the device on which a directory lies. */
  private static Optional<Path> statistics(Path directory) throws IOException {
    if (!System.getProperty("os.name", "").startsWith("Linux")) {
      return Optional.empty();
    }
    long device = ((Number) Files.getAttribute(directory, "unix:dev")).longValue();
    long major = ((device >>> 8) & 0xFFF) | ((device >>> 32) & ~0xFFFL);
    long minor = (device & 0xFF) | ((device >>> 12) & ~0xFFL);
    Path file = Path.of("/sys/dev/block/" + major + ":" + minor + "/stat");
    return Files.exists(file) ? Optional.of(file) : Optional.empty();
  }

  private static long sectorsWritten(Path statistics) throws IOException {
    Scanner numbers = new Scanner(Files.readString(statistics));
    for (int i = 0; i < SECTORS_WRITTEN; i++) {
      numbers.next();
    }
    return numbers.nextLong();
  }
}
