package io.sawlog.log;

import io.sawlog.log.file.DiskStorage;
import io.sawlog.log.file.MappedRegion;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.file.StorageLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The disk of this machine, with a device that fails when the test says so. A copy of a store
 * counts as the original, so that the copy of an open store is what a process that died leaves
 * behind.
 */
final class FaultyStorage implements Storage {
  private static final FileId SAME_FILE = new FileId(1, 1);

  /** Which paths cannot be forced any more. */
  volatile Predicate<Path> unforceable = path -> false;

  /** Which paths cannot be read any more. */
  volatile Predicate<Path> unreadable = path -> false;

  /** In which mappings the stores into all but the first page of a frame are lost. */
  volatile Predicate<Path> unbacked = path -> false;

  /** Names the boot of the machine. */
  volatile String boot = "first boot";

  private final Storage disk = DiskStorage.open();

  /** Segments, also those that have not got their name yet. */
  static boolean isSegment(Path path) {
    return path.toString().endsWith(".log") || path.endsWith(PreparedSegment.LOG_NAME);
  }

  @Override
  public StorageFile open(Path file, Access access) throws IOException {
    return new File(disk.open(file, access));
  }

  @Override
  public StorageFile create(Path file) throws IOException {
    return new File(disk.create(file));
  }

  @Override
  public boolean exists(Path path) {
    return disk.exists(path);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    return disk.list(directory);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    disk.createDirectory(directory);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    failIf(unforceable, directory);
    disk.forceDirectory(directory);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    disk.delete(path);
  }

  @Override
  public FileId identity(Path file) {
    return SAME_FILE;
  }

  @Override
  public String bootId() {
    return boot;
  }

  @Override
  public String fileSystemType(Path path) throws IOException {
    return disk.fileSystemType(path);
  }

  @Override
  public StorageLock tryLock(Path lockFile, String holder) throws IOException {
    return disk.tryLock(lockFile, holder);
  }

  @Override
  public String lockHolder(Path lockFile) throws IOException {
    return disk.lockHolder(lockFile);
  }

  private static void failIf(Predicate<Path> fault, Path path) throws IOException {
    if (fault.test(path)) {
      throw new IOException("Input/output error on " + path);
    }
  }

  private final class File implements StorageFile {
    private final StorageFile real;

    File(StorageFile real) {
      this.real = real;
    }

    @Override
    public Path path() {
      return real.path();
    }

    @Override
    public long size() throws IOException {
      return real.size();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      failIf(unreadable, path());
      return real.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      real.write(source, position);
    }

    @Override
    public void allocate(long size) throws IOException {
      real.allocate(size);
    }

    @Override
    public void punchHole(long position, long length) {
      real.punchHole(position, length);
    }

    @Override
    public long nextData(long position) throws IOException {
      return real.nextData(position);
    }

    @Override
    public MappedRegion map(int length) throws IOException {
      return new Region(path(), real.map(length));
    }

    @Override
    public void force() throws IOException {
      failIf(unforceable, path());
      real.force();
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }

  private final class Region implements MappedRegion {
    private final Path path;
    private final MappedRegion real;
    private final UnsafeBuffer buffer;

    Region(Path path, MappedRegion real) {
      this.path = path;
      this.real = real;
      this.buffer = new Losing(path, real.buffer());
    }

    @Override
    public UnsafeBuffer buffer() {
      return buffer;
    }

    @Override
    public void force(int position, int length) throws IOException {
      failIf(unforceable, path);
      real.force(position, length);
    }

    @Override
    public void populate(int position, int length) {
      real.populate(position, length);
    }

    @Override
    public void allowLargePieces(int position) {
      real.allowLargePieces(position);
    }

    @Override
    public void unmap() {
      real.unmap();
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
