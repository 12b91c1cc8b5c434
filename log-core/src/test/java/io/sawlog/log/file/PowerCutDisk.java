package io.sawlog.log.file;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sawlog.log.Rigs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A disk with a file system that loses power when it is told to, and then holds of what was not
 * flushed what chance has left; see {@code src/test/rigs/power_cut_disk.c}. It can also fail.
 *
 * <p>nbdkit serves it, nbdfuse makes a file of it, a loop device a block device of that. Only root
 * on Linux can have one, and only with these tools.
 */
public final class PowerCutDisk implements AutoCloseable {
  private static final Path PLUGIN = Path.of("src", "test", "rigs", "power_cut_disk.c");
  private static final String SIZE = "96M";
  private static final String SECTOR = "512";

  /**
   * XFS does not survive a torn block of its own: "Metadata CRC error", and it can't be mounted.
   */
  private static final String XFS_SECTOR = "4096";

  private static final long PATIENCE_NS = 30_000_000_000L;

  private final Path directory;
  private final Path root;
  private final Path failing;
  private final String type;
  private final List<Process> servers = new ArrayList<>();
  private String device;
  private boolean mounted;

  private PowerCutDisk(Path directory, String type) {
    this.directory = directory;
    this.root = directory.resolve("disk");
    this.failing = directory.resolve("failing");
    this.type = type;
  }

  /**
   * Makes a disk with an empty file system, and mounts it, or skips the test.
   *
   * @param directory empty; holds what is needed for it
   * @param type ext4 or xfs
   * @param seed what chance does
   * @return the disk, to be closed
   * @throws IOException if it cannot be made
   */
  public static PowerCutDisk make(Path directory, String type, long seed) throws IOException {
    Rigs.assumeTools("cc", "nbdkit", "nbdfuse", "losetup", "mkfs." + type, "mount", "umount");
    assumeTrue(Shell.isRoot(), "skipped: only root can mount a disk that loses power");
    PowerCutDisk disk = new PowerCutDisk(directory, type);
    boolean made = false;
    try {
      disk.compilePlugin();
      disk.start(seed);
      disk.format();
      disk.mount();
      made = true;
      return disk;
    } finally {
      if (!made) {
        disk.close();
      }
    }
  }

  private void compilePlugin() throws IOException {
    try {
      Shell.output("cc", "-shared", "-fPIC", "-O2", "-o", plugin(), PLUGIN.toString(), "-lpthread");
    } catch (IOException e) {
      abort("skipped: the disk's plugin cannot be compiled (nbdkit-plugin-dev?): " + e);
    }
  }

  private String plugin() {
    return directory.resolve("disk.so").toString();
  }

  private void start(long seed) throws IOException {
    Path socket = directory.resolve("socket");
    Path file = Files.createFile(directory.resolve("device"));
    serve(
        "nbdkit",
        "--foreground",
        "--filter=error",
        "--unix",
        socket.toString(),
        plugin(),
        "size=" + SIZE,
        "seed=" + (seed & Long.MAX_VALUE),
        "sector=" + (type.equals("xfs") ? XFS_SECTOR : SECTOR),
        "error=EIO",
        "error-pwrite-rate=50%",
        "error-file=" + failing);
    await(() -> Files.exists(socket));
    serve("nbdfuse", file.toString(), "nbd+unix:///?socket=" + socket);
    await(() -> Files.size(file) > 0);
    try {
      device = Shell.output("losetup", "--direct-io=on", "--find", "--show", file.toString());
    } catch (IOException e) {
      abort("skipped: there is no loop device: " + e);
    }
  }

  private void serve(String... command) throws IOException {
    servers.add(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(command[0] + ".out").toFile())
            .start());
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private void await(Condition condition) throws IOException {
    long start = System.nanoTime();
    while (!condition.holds()) {
      Pause.nanos(1_000_000);
      if (System.nanoTime() - start > PATIENCE_NS
          || servers.stream().anyMatch(server -> !server.isAlive())) {
        abort("skipped: there is no nbdkit or no FUSE here, see " + directory);
      }
    }
  }

  private void format() throws IOException {
    if (type.equals("xfs")) {
      // the way to have a small one
      Shell.output(
          "env",
          "TEST_DIR=x",
          "TEST_DEV=x",
          "QA_CHECK_FS=x",
          "mkfs.xfs",
          "-q",
          "-f",
          "-s",
          "size=" + XFS_SECTOR,
          device);
    } else {
      Shell.output("mkfs." + type, "-q", "-m", "0", device);
    }
  }

  /**
   * Mounts it.
   *
   * @throws IOException if that fails
   */
  public void mount() throws IOException {
    Files.createDirectories(root);
    Shell.output("mount", device, root.toString());
    mounted = true;
  }

  /**
   * Unmounts it, which empties the page cache of it.
   *
   * @throws IOException if that fails
   */
  public void unmount() throws IOException {
    Shell.output("umount", root.toString());
    mounted = false;
  }

  /**
   * Cuts the power: from now on every request fails.
   *
   * @throws IOException if that fails
   */
  public void cut() throws IOException {
    long before = said("power cut:");
    signal("USR1");
    await(() -> said("power cut:") > before);
  }

  /**
   * Turns the power on again, and mounts the disk.
   *
   * @throws IOException if that fails
   */
  public void turnOn() throws IOException {
    unmount();
    long before = said("power on");
    signal("USR2");
    await(() -> said("power on") > before);
    mount();
  }

  /**
   * Lets half of all writes fail from now on, or none any more.
   *
   * @param fail whether to
   * @throws IOException if that cannot be
   */
  public void failWrites(boolean fail) throws IOException {
    if (fail) {
      Files.createFile(failing);
    } else {
      Files.delete(failing);
    }
  }

  private void signal(String name) throws IOException {
    Shell.output("kill", "-" + name, Long.toString(servers.get(0).pid()));
  }

  private long said(String what) throws IOException {
    try (var lines = Files.lines(directory.resolve("nbdkit.out"))) {
      return lines.filter(line -> line.startsWith(what)).count();
    }
  }

  /**
   * Counts the sectors that cuts have taken.
   *
   * @return how many writes to a sector never reached the platter
   * @throws IOException if that cannot be read
   */
  public long lostSectors() throws IOException {
    try (var lines = Files.lines(directory.resolve("nbdkit.out"))) {
      return lines
          .filter(line -> line.startsWith("power cut:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll(".* (\\d+) lost", "$1")))
          .sum();
    }
  }

  /**
   * The mount point.
   *
   * @return a directory
   */
  public Path root() {
    return root;
  }

  @Override
  public void close() throws IOException {
    try {
      if (mounted) {
        unmount();
      }
      if (device != null) {
        Shell.output("losetup", "--detach", device);
      }
    } finally {
      for (int i = servers.size() - 1; i >= 0; i--) {
        servers.get(i).destroy();
        servers.get(i).onExit().join();
      }
    }
  }
}
