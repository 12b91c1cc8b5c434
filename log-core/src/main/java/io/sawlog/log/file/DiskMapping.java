package io.sawlog.log.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.agrona.IoUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** The mapping of a whole file, which starts at a page. */
final class DiskMapping implements MappedRegion {
  private static final int PAGE_BYTES = UnsafeApi.pageSize();

  private final Path path;
  private final MappedByteBuffer mapped;
  private final UnsafeBuffer buffer;
  private final Supplier<@Nullable Posix> posix;
  private final AtomicBoolean unmapped = new AtomicBoolean();

  DiskMapping(Path path, MappedByteBuffer mapped, Supplier<@Nullable Posix> posix) {
    this.path = path;
    this.mapped = mapped;
    this.buffer = new UnsafeBuffer(mapped);
    this.posix = posix;
  }

  /** Keeps the folios small: the flush of one dirty byte writes its whole folio. */
  void adviseSmallFolios() {
    Posix calls = posix.get();
    if (calls != null) {
      calls.madvise(buffer.addressOffset(), buffer.capacity(), Posix.MADV_RANDOM);
    }
  }

  @Override
  public UnsafeBuffer buffer() {
    return buffer;
  }

  @Override
  public void force(int position, int length) throws IOException {
    check(position, length);
    if (length == 0) {
      return;
    }
    try {
      mapped.force(position, length);
    } catch (UncheckedIOException e) {
      throw DiskErrors.naming("flush", path, Objects.requireNonNull(e.getCause()));
    }
  }

  @Override
  public void populate(int position, int length) {
    check(position, length);
    if (length == 0) {
      return;
    }
    int start = position - position % PAGE_BYTES;
    int bytes = position + length - start;
    Posix calls = posix.get();
    int result =
        calls == null
            ? -Posix.EINVAL
            : calls.madvise(buffer.addressOffset() + start, bytes, Posix.MADV_POPULATE_WRITE);
    // Also after a success: where a hypervisor keeps shadow page tables, the first access to a page
    // costs a fault there. Any other error means that there is no memory behind a page.
    if (result == 0 || result == -Posix.EINVAL) {
      touch(start, bytes);
    }
  }

  @Override
  public void allowLargePieces(int position) {
    check(position, 0);
    Posix calls = posix.get();
    if (calls != null) {
      calls.madvise(
          buffer.addressOffset() + position, buffer.capacity() - position, Posix.MADV_NORMAL);
    }
  }

  private void touch(int start, int bytes) {
    int lastWord = buffer.capacity() - Integer.BYTES;
    for (long at = start; at < (long) start + bytes && at <= lastWord; at += PAGE_BYTES) {
      // Only a look: a plain store could undo one of another thread, and where there is no memory
      // any more (the device has failed), the JVM survives loads and stores, but no atomic
      // operation.
      buffer.getIntVolatile((int) at);
    }
  }

  @Override
  public void unmap() {
    if (unmapped.compareAndSet(false, true)) {
      IoUtil.unmap(mapped);
    }
  }

  private void check(int position, int length) {
    if (unmapped.get()) {
      throw new IllegalStateException(path + " is not mapped any more");
    }
    Objects.checkFromIndexSize(position, length, buffer.capacity());
  }
}
