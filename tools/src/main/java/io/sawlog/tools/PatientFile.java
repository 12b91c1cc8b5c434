package io.sawlog.tools;

import io.sawlog.log.file.MappedRegion;
import io.sawlog.log.file.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A file of which not every block can be read any more. A read ends before the first block that the
 * device does not deliver, and fails only if that is the first one asked for. Read-only.
 */
final class PatientFile implements StorageFile {
  private static final int BLOCK = 4096;

  private final StorageFile file;

  PatientFile(StorageFile file) {
    this.file = file;
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    int from = target.position();
    int limit = target.limit();
    try {
      return file.read(target, position);
    } catch (IOException e) {
      target.limit(limit).position(from);
      return readBlocks(target, position, e);
    }
  }

  private int readBlocks(ByteBuffer target, long position, IOException first) throws IOException {
    int limit = target.limit();
    int total = 0;
    while (target.position() < limit) {
      int toBlockEnd = BLOCK - (int) ((position + total) % BLOCK);
      int from = target.position();
      target.limit(Math.min(limit, from + toBlockEnd));
      try {
        int count = file.read(target, position + total);
        if (count <= 0) {
          break;
        }
        total += count;
      } catch (IOException e) {
        target.position(from);
        if (total == 0) {
          throw first;
        }
        break;
      } finally {
        target.limit(limit);
      }
    }
    return total;
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
  public long nextData(long position) throws IOException {
    return file.nextData(position);
  }

  @Override
  public void write(ByteBuffer source, long position) {
    throw new UnsupportedOperationException("read-only");
  }

  @Override
  public void allocate(long size) {
    throw new UnsupportedOperationException("read-only");
  }

  @Override
  public void punchHole(long position, long length) {
    throw new UnsupportedOperationException("read-only");
  }

  @Override
  public MappedRegion map(int length) {
    throw new UnsupportedOperationException("read-only");
  }

  @Override
  public void force() {
    throw new UnsupportedOperationException("read-only");
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
