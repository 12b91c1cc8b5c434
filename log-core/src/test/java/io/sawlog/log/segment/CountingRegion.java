package io.sawlog.log.segment;

import io.sawlog.log.file.MappedRegion;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;

/** Plain memory in the place of a mapping, which counts how often it was unmapped. */
class CountingRegion implements MappedRegion {
  private final UnsafeBuffer buffer;
  private final AtomicInteger unmapped = new AtomicInteger();

  CountingRegion() {
    this(64);
  }

  CountingRegion(int length) {
    this.buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
  }

  int unmapped() {
    return unmapped.get();
  }

  @Override
  public UnsafeBuffer buffer() {
    return buffer;
  }

  @Override
  public void force(int position, int length) {
    // memory is not durable
  }

  @Override
  public void populate(int position, int length) {
    // memory is there
  }

  @Override
  public void allowLargePieces(int position) {
    // memory is there
  }

  @Override
  public void unmap() {
    unmapped.incrementAndGet();
  }
}
