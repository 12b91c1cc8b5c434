package io.sawlog.log.sim;

import io.sawlog.log.file.MappedRegion;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.sim.Faults.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** An open file of a {@link SimulatedStorage}. */
final class SimulatedFile implements StorageFile {
  private final SimulatedStorage storage;
  private final Path path;
  private final FileImage image;
  private final boolean writable;
  private boolean closed;

  SimulatedFile(SimulatedStorage storage, Path path, FileImage image, boolean writable) {
    this.storage = storage;
    this.path = path;
    this.image = image;
    this.writable = writable;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public long size() throws IOException {
    operation(Operation.SIZE);
    return image.length;
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    operation(Operation.READ);
    return image.read(target, position);
  }

  @Override
  public void write(ByteBuffer source, long position) throws IOException {
    operation(Operation.WRITE);
    mutation();
    int from = (int) position;
    int count = source.remaining();
    image.grow(from + count);
    // a call that is cut short has copied a part
    int early = storage.beforeCopy(from, count);
    image.write(source, from, early);
    storage.onStore();
    image.write(source, from + early, count - early);
  }

  @Override
  public void allocate(long size) throws IOException {
    operation(Operation.ALLOCATE);
    mutation();
    image.grow((int) size);
  }

  @Override
  public void punchHole(long position, long length) {
    mutation();
    int from = (int) Math.min(position, image.length);
    int to = (int) Math.min(position + length, image.length);
    image.clear(from, to);
  }

  @Override
  public long nextData(long position) {
    int from = (int) Math.min(position, image.length);
    return storage.holesVisible() ? image.nextData(from) : from;
  }

  @Override
  public MappedRegion map(int length) throws IOException {
    operation(Operation.MAP);
    if (length > image.length) {
      throw new IOException("it has " + image.length + " bytes, not " + length);
    }
    storage.mapped();
    return new SimulatedMapping(storage, path, image, length);
  }

  @Override
  public void force() throws IOException {
    checkOpen();
    storage.forceFile(path, image);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      storage.closed();
    }
  }

  private void operation(Operation operation) throws IOException {
    checkOpen();
    storage.operation(operation, path);
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException(path + " is closed");
    }
  }

  private void mutation() {
    if (!writable) {
      throw new IllegalStateException(path + " was opened for reading");
    }
    storage.mutation();
  }
}
