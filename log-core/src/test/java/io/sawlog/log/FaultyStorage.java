package io.sawlog.log;

import io.sawlog.log.file.MappedRegion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The disk of this machine, with a device that fails when the test says so. A copy of a store
 * counts as the original, so that the copy of an open store is what a process that died leaves
 * behind.
 */
class FaultyStorage extends HookedStorage {
  private static final FileId SAME_FILE = new FileId(1, 1);

  /** Which paths cannot be forced any more. */
  volatile Predicate<Path> unforceable = path -> false;

  /** Which paths cannot be read any more. */
  volatile Predicate<Path> unreadable = path -> false;

  /** In which mappings the stores into all but the first page of a frame are lost. */
  volatile Predicate<Path> unbacked = path -> false;

  /** Names the boot of the machine. */
  volatile String boot = "first boot";

  @Override
  MappedRegion mapped(Path file, MappedRegion region) {
    return new Region(file, region);
  }

  @Override
  void forcing(Path file) throws IOException {
    failIf(unforceable, file);
  }

  @Override
  void reading(Path file, long position, int length) throws IOException {
    failIf(unreadable, file);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    failIf(unforceable, directory);
    super.forceDirectory(directory);
  }

  @Override
  public FileId identity(Path file) {
    return SAME_FILE;
  }

  @Override
  public String bootId() {
    return boot;
  }

  private static void failIf(Predicate<Path> fault, Path path) throws IOException {
    if (fault.test(path)) {
      throw new IOException("Input/output error on " + path);
    }
  }

  private final class Region extends HookedRegion {
    private final Path path;
    private final UnsafeBuffer buffer;

    Region(Path path, MappedRegion real) {
      super(real);
      this.path = path;
      this.buffer = new Losing(path, real.buffer());
    }

    @Override
    public UnsafeBuffer buffer() {
      return buffer;
    }

    @Override
    public void force(int position, int length) throws IOException {
      failIf(unforceable, path);
      super.force(position, length);
    }
  }

  /**
   * Memory of which only the first page that a store touches takes it while the path is unbacked.
   */
  private final class Losing extends UnsafeBuffer {
    private static final int PAGE = 4096;

    private final Path path;

    Losing(Path path, DirectBuffer real) {
      super(real);
      this.path = path;
    }

    @Override
    public void putBytes(int index, DirectBuffer source, int sourceIndex, int length) {
      int stored = unbacked.test(path) ? Math.min(length, PAGE - index % PAGE) : length;
      super.putBytes(index, source, sourceIndex, stored);
    }
  }
}
