package io.sawlog.log.sim;

import io.sawlog.log.file.MappedRegion;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.file.StorageLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.UnsafeBuffer;

/** A storage that does not do what it says: to be found out by the simulations. */
public class BrokenStorage implements Storage {
  private final Storage storage;

  BrokenStorage(Storage storage) {
    this.storage = storage;
  }

  /** Forcing a directory does nothing. */
  public static UnaryOperator<Storage> withoutForcingDirectories() {
    return storage ->
        new BrokenStorage(storage) {
          @Override
          public void forceDirectory(Path directory) {
            // forgotten
          }
        };
  }

  /** Forcing a mapped range leaves out its last page. */
  public static UnaryOperator<Storage> withoutTheLastPage() {
    return storage ->
        new BrokenStorage(storage) {
          @Override
          void force(MappedRegion region, int position, int length) throws IOException {
            int lastPage = (position + length - 1) & -FileImage.PAGE;
            if (lastPage > position) {
              region.force(position, lastPage - position);
            }
          }
        };
  }

  /** A flush returns before it is done: it is done with the next one. */
  public static UnaryOperator<Storage> withLateFlushes() {
    return storage ->
        new BrokenStorage(storage) {
          private MappedRegion late;
          private int latePosition;
          private int lateLength;

          @Override
          void force(MappedRegion region, int position, int length) throws IOException {
            if (late != null) {
              late.force(latePosition, lateLength);
            }
            late = region;
            latePosition = position;
            lateLength = length;
          }
        };
  }

  /** A flush that has failed says nothing. */
  public static UnaryOperator<Storage> withSilentFailures() {
    return storage ->
        new BrokenStorage(storage) {
          @Override
          void force(MappedRegion region, int position, int length) {
            try {
              region.force(position, length);
            } catch (IOException e) {
              // swallowed
            }
          }
        };
  }

  void force(MappedRegion region, int position, int length) throws IOException {
    region.force(position, length);
  }

  @Override
  public StorageFile open(Path file, Access access) throws IOException {
    return new File(storage.open(file, access));
  }

  @Override
  public StorageFile create(Path file) throws IOException {
    return new File(storage.create(file));
  }

  @Override
  public boolean exists(Path path) {
    return storage.exists(path);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    return storage.list(directory);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    storage.createDirectory(directory);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    storage.forceDirectory(directory);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    storage.rename(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    storage.delete(path);
  }

  @Override
  public FileId identity(Path file) throws IOException {
    return storage.identity(file);
  }

  @Override
  public String bootId() {
    return storage.bootId();
  }

  @Override
  public String fileSystemType(Path path) throws IOException {
    return storage.fileSystemType(path);
  }

  @Override
  public StorageLock tryLock(Path lockFile, String holder) throws IOException {
    return storage.tryLock(lockFile, holder);
  }

  @Override
  public String lockHolder(Path lockFile) throws IOException {
    return storage.lockHolder(lockFile);
  }

  private final class File implements StorageFile {
    private final StorageFile file;

    File(StorageFile file) {
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
      return file.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
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
      return new Region(file.map(length));
    }

    @Override
    public void force() throws IOException {
      file.force();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private final class Region implements MappedRegion {
    private final MappedRegion region;

    Region(MappedRegion region) {
      this.region = region;
    }

    @Override
    public UnsafeBuffer buffer() {
      return region.buffer();
    }

    @Override
    public void force(int position, int length) throws IOException {
      BrokenStorage.this.force(region, position, length);
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
