package io.sawlog.log.sim;

import io.sawlog.log.file.MappedRegion;
import io.sawlog.log.segment.FrameFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A mapping: the memory image itself. */
final class SimulatedMapping implements MappedRegion {
  private final SimulatedStorage storage;
  private final Path path;
  private final FileImage image;
  private final UnsafeBuffer buffer;
  private boolean unmapped;

  SimulatedMapping(SimulatedStorage storage, Path path, FileImage image, int length) {
    this.storage = storage;
    this.path = path;
    this.image = image;
    this.buffer = new Memory(storage, image.map(), length);
  }

  @Override
  public UnsafeBuffer buffer() {
    return buffer;
  }

  @Override
  public void force(int position, int length) throws IOException {
    Objects.checkFromIndexSize(position, length, buffer.capacity());
    if (unmapped) {
      throw new IllegalStateException(path + " is not mapped any more");
    }
    storage.forceRange(path, image, position, position + length);
  }

  @Override
  public void populate(int position, int length) {
    Objects.checkFromIndexSize(position, length, buffer.capacity());
  }

  @Override
  public void allowLargePieces(int position) {
    Objects.checkIndex(position, buffer.capacity());
  }

  @Override
  public void unmap() {
    if (!unmapped) {
      unmapped = true;
      storage.unmapped();
    }
  }

  /**
   * Memory that lets the storage know of each store just before it happens: a process can be killed
   * there, and other producers can run.
   */
  private static final class Memory extends UnsafeBuffer {
    private final SimulatedStorage storage;

    Memory(SimulatedStorage storage, ByteBuffer bytes, int length) {
      super(bytes, 0, length);
      this.storage = storage;
    }

    @Override
    public void putInt(int index, int value) {
      storage.onStore();
      super.putInt(index, value);
      // END is written under a lock, so nothing else of this thread may run in between
      storage.claimed(value < -FrameFormat.HEADER_LENGTH);
    }

    @Override
    public void putIntRelease(int index, int value) {
      storage.onStore();
      super.putIntRelease(index, value);
      storage.claimed(false);
    }

    @Override
    public void putLong(int index, long value, ByteOrder order) {
      storage.onStore();
      super.putLong(index, value, order);
    }

    @Override
    public void putLongRelease(int index, long value) {
      storage.onStore();
      super.putLongRelease(index, value);
    }

    @Override
    public void putBytes(int index, DirectBuffer source, int sourceIndex, int length) {
      int early = storage.beforeCopy(index, length);
      super.putBytes(index, source, sourceIndex, early);
      storage.onStore();
      super.putBytes(index + early, source, sourceIndex + early, length - early);
    }

    @Override
    public void putBytes(int index, ByteBuffer source, int length) {
      storage.onStore();
      super.putBytes(index, source, length);
    }
  }
}
