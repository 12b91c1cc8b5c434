package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk of its own that fills up. Only root on Linux can have one. */
class FullDiskTest {
  private static final long MEBIBYTE = 1 << 20;
  private static final Pattern ACKNOWLEDGED =
      Pattern.compile("\\((\\d+) records were acknowledged");

  @TempDir Path directory;

  @Test
  void shouldKeepWhatItAcknowledgedAndGoOnWhenThereIsRoom() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "skipped: only root can mount");
    Path image = directory.resolve("disk.img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(24 * MEBIBYTE);
    }
    assumeTrue(shell("mkfs.ext4", "-q", "-m", "0", image.toString()), "skipped: no mkfs.ext4");
    Path disk = Files.createDirectory(directory.resolve("disk"));
    assumeTrue(
        shell("mount", "-o", "loop", image.toString(), disk.toString()), "skipped: no mount");
    try {
      fill(Cli.in(directory), disk);
    } finally {
      assertTrue(shell("umount", disk.toString()) || shell("umount", "-l", disk.toString()));
    }
  }

  private void fill(Cli cli, Path disk) throws IOException {
    String store = disk.resolve("store").toString();
    Path ballast = disk.resolve("ballast");
    Files.write(ballast, new byte[(int) (4 * MEBIBYTE)]);
    Files.write(directory.resolve("flights.tsv"), Flights.file(17, 300_000));

    Cli.Result full = cli.run("--dir", store, "produce", "flights", "--file", "flights.tsv");

    full.failed(ErrorReport.FAILED, "flights", "no space left");
    Matcher acknowledged = ACKNOWLEDGED.matcher(full.stderr());
    assertTrue(acknowledged.find(), full.stderr());
    int count = Integer.parseInt(acknowledged.group(1));
    List<String> kept = cli.run("--dir", store, "consume", "flights").quiet().lines();
    assertEquals(Flights.text(17, count).lines().toList(), kept);
    Files.delete(ballast);
    cli.feed("after\n", "--dir", store, "produce", "flights").quiet();
    assertEquals(
        List.of("after"),
        cli.run("--dir", store, "consume", "flights", "--from", Integer.toString(count))
            .quiet()
            .lines());
    cli.run("--dir", store, "verify").quiet();
  }

  private static boolean shell(String... command) {
    try {
      return Cli.await(new ProcessBuilder(command).start(), command) == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
