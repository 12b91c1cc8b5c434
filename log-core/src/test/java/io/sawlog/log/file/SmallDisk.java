package io.sawlog.log.file;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of its own, mounted for one test. Only root on Linux can have one. */
public final class SmallDisk implements AutoCloseable {
  private final Path root;

  private SmallDisk(Path root) {
    this.root = root;
  }

  /**
   * Mounts one in memory, or skips the test.
   *
   * @param directory holds the mount point
   * @param mebibytes how large it is
   * @return the disk, to be closed
   * @throws IOException if it cannot be made
   */
  public static SmallDisk tmpfs(Path directory, int mebibytes) throws IOException {
    return mount(directory, "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs");
  }

  /**
   * Mounts one in a file, or skips the test.
   *
   * @param directory holds the file and the mount point
   * @param mebibytes how large it is
   * @return the disk, to be closed
   * @throws IOException if it cannot be made
   */
  public static SmallDisk ext4(Path directory, int mebibytes) throws IOException {
    assumeMountable();
    Path image = directory.resolve("ext4.img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength((long) mebibytes << 20);
    }
    try {
      Shell.output("mkfs.ext4", "-q", "-m", "0", image.toString());
    } catch (IOException e) {
      abort("skipped: no ext4 can be made here: " + e.getMessage());
    }
    return mount(directory, "-o", "loop", image.toString());
  }

  /**
   * The mount point.
   *
   * @return a directory
   */
  public Path root() {
    return root;
  }

  /**
   * Mounts it again, so that nothing can be written there.
   *
   * @throws IOException if that fails
   */
  public void makeReadOnly() throws IOException {
    Shell.output("mount", "-o", "remount,ro", root.toString());
  }

  @Override
  public void close() throws IOException {
    try {
      Shell.output("umount", root.toString());
    } catch (IOException e) {
      Shell.output("umount", "-l", root.toString());
    }
  }

  private static SmallDisk mount(Path directory, String... what) throws IOException {
    assumeMountable();
    Path root = Files.createDirectory(directory.resolve("disk"));
    String[] command = new String[what.length + 2];
    command[0] = "mount";
    System.arraycopy(what, 0, command, 1, what.length);
    command[command.length - 1] = root.toString();
    try {
      Shell.output(command);
    } catch (IOException e) {
      abort("skipped: nothing can be mounted here: " + e.getMessage());
    }
    return new SmallDisk(root);
  }

  private static void assumeMountable() {
    assumeTrue(Shell.isRoot(), "skipped: only root on Linux can mount a small file system");
  }
}
