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
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** The disk, with places where a test can step in: it overrides the method that it needs. */
class HookedStorage implements Storage {
  private final Storage disk = DiskStorage.open();

  /** Called for every mapping that is made; the answer takes its place. */
  MappedRegion mapped(Path file, MappedRegion region) {
    return region;
  }

  /** Called before a file is forced as a whole. */
  void forcing(Path file) throws IOException {
    // a test may throw, or take notes
  }

  /** Called before bytes of a file are written. */
  void writing(Path file, long position) {
    // a test may take notes
  }

  /** Called before bytes of a file are read. */
  void reading(Path file, long position, int length) throws IOException {
    // a test may throw, or take notes
  }

  @Override
  public StorageFile open(Path file, Access access) throws IOException {
    return new HookedFile(disk.open(file, access));
  }

  @Override
  public StorageFile create(Path file) throws IOException {
    return new HookedFile(disk.create(file));
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
  public FileId identity(Path file) throws IOException {
    return disk.identity(file);
  }

  @Override
  public String bootId() {
    return disk.bootId();
  }

  @Override
  public String fileSystemType(Path path) throws IOException {
    return disk.fileSystemType(path);
  }

  @Override
  public @Nullable StorageLock tryLock(Path lockFile, String holder) throws IOException {
    return disk.tryLock(lockFile, holder);
  }

  @Override
  public @Nullable String lockHolder(Path lockFile) throws IOException {
    return disk.lockHolder(lockFile);
  }

  /** Whether a path is a segment, under its final name or under that of a prepared one. */
  static boolean isSegment(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".log") || name.equals(PreparedSegment.LOG_NAME);
  }

  private final class HookedFile implements StorageFile {
    private final StorageFile file;

    HookedFile(StorageFile file) {
      this.file = file;
    }

    @Override
    public Path path() {
      return file.path();
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      reading(file.path(), position, target.remaining());
      return file.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      writing(file.path(), position);
      file.write(source, position);
    }

    @Override
    public void allocate(long size) throws IOException {
      file.allocate(size);
    }

    @Override
    public void punchHole(long position, long length) {
      file.punchHole(position, length);
    }

    @Override
    public long nextData(long position) throws IOException {
      return file.nextData(position);
    }

    @Override
    public MappedRegion map(int length) throws IOException {
      return mapped(file.path(), file.map(length));
    }

    @Override
    public void force() throws IOException {
      forcing(file.path());
      file.force();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** A mapping that a test can step into. */
  static class HookedRegion implements MappedRegion {
    private final MappedRegion region;

    HookedRegion(MappedRegion region) {
      this.region = region;
    }

    @Override
    public UnsafeBuffer buffer() {
      return region.buffer();
    }

    @Override
    public void force(int position, int length) throws IOException {
      region.force(position, length);
    }

    @Override
    public void populate(int position, int length) {
      region.populate(position, length);
    }

    @Override
    public void allowLargePieces(int position) {
      region.allowLargePieces(position);
    }

    @Override
    public void unmap() {
      region.unmap();
    }
  }
}
