package io.sawlog.log.file;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

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
    return inFile(directory, mebibytes, "mkfs.ext4", "-q", "-m", "0");
  }

  /**
   * Mounts one in a file, or skips the test.
   *
   * @param directory holds the file and the mount point
   * @param mebibytes how large it is
   * @return the disk, to be closed
   * @throws IOException if it cannot be made
   */
  public static SmallDisk xfs(Path directory, int mebibytes) throws IOException {
    // the way to have a small one
    return inFile(
        directory,
        mebibytes,
        "env",
        "TEST_DIR=x",
        "TEST_DEV=x",
        "QA_CHECK_FS=x",
        "mkfs.xfs",
        "-q",
        "-f");
  }

  private static SmallDisk inFile(Path directory, int mebibytes, String... mkfs)
      throws IOException {
    assumeMountable();
    Path image = directory.resolve("disk.img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength((long) mebibytes << 20);
    }
    try {
      String[] command = Arrays.copyOf(mkfs, mkfs.length + 1);
      command[mkfs.length] = image.toString();
      Shell.output(command);
    } catch (IOException e) {
      abort("skipped: no such file system can be made here: " + e.getMessage());
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
