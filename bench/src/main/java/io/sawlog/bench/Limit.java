package io.sawlog.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What physics demands of a log, and nothing else: claim with one compare-and-set, a header, one
 * copy, a CRC32C, a store with release, in a mapped file whose pages are all touched. It begins
 * anew at the end of the file. Reading is one copy and a CRC32C.
 */
final class Limit implements AutoCloseable {
  static final int FILE_BYTES = 256 << 20;

  private static final int HEADER_LENGTH = 32;
  private static final int PAGE = 4096;
  private static final int FRAMES = FILE_BYTES / Payload.FRAME_LENGTH;
  private static final int COPY_BYTES = 64 << 10;
  private static final VarHandle TAIL;

  static {
    try {
      TAIL = MethodHandles.lookup().findVarHandle(Limit.class, "tail", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Path directory = Directory.create();
  private final byte[] payload = Payload.bytes();
  private final byte[] record = new byte[Payload.LENGTH];
  private final MappedByteBuffer mapped;
  private final UnsafeBuffer file;
  private final ByteBuffer copy = ByteBuffer.allocateDirect(COPY_BYTES);
  private final UnsafeBuffer copyBuffer = new UnsafeBuffer(copy);
  private final CRC32C readChecksum = new CRC32C();
  private volatile long tail;

  Limit() {
    try (FileChannel channel =
        FileChannel.open(
            directory.resolve("limit"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
      for (int at = 0; at < FILE_BYTES; at += zeros.capacity()) {
        channel.write(zeros.clear(), at);
      }
      channel.force(true);
      mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, FILE_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    file = new UnsafeBuffer(mapped);
    for (int at = 0; at < FILE_BYTES; at += PAGE) {
      file.putByte(at, (byte) 0);
    }
  }

  /** The private memory of one producer. */
  static final class Frame {
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Payload.FRAME_LENGTH]);
    private final ByteBuffer bytes = ByteBuffer.wrap(buffer.byteArray());
    private final CRC32C checksum = new CRC32C();
  }

  long append(Frame frame) {
    long offset;
    do {
      offset = tail;
    } while (!TAIL.compareAndSet(this, offset, offset + 1));
    int position = (int) (offset % FRAMES) * Payload.FRAME_LENGTH;
    UnsafeBuffer buffer = frame.buffer;
    buffer.putLong(8, offset);
    buffer.putLong(16, 1);
    buffer.putLong(24, 1);
    buffer.putBytes(HEADER_LENGTH, payload);
    frame.checksum.reset();
    frame.checksum.update(frame.bytes.limit(Payload.FRAME_LENGTH).position(8));
    buffer.putInt(4, (int) frame.checksum.getValue());
    file.putInt(position, -Payload.FRAME_LENGTH);
    VarHandle.storeStoreFence();
    file.putBytes(position + 4, buffer, 4, Payload.FRAME_LENGTH - 4);
    file.putIntRelease(position, Payload.FRAME_LENGTH);
    return offset;
  }

  /** Reads so many records. */
  byte[] read(int from, int records) {
    int inCopy = COPY_BYTES / Payload.FRAME_LENGTH;
    int end = from + records;
    for (int first = from; first < end; first += inCopy) {
      int count = Math.min(inCopy, end - first);
      file.getBytes(first * Payload.FRAME_LENGTH, copyBuffer, 0, count * Payload.FRAME_LENGTH);
      for (int i = 0; i < count; i++) {
        int at = i * Payload.FRAME_LENGTH;
        readChecksum.reset();
        readChecksum.update(copy.limit(at + Payload.FRAME_LENGTH).position(at + 8));
        if ((int) readChecksum.getValue() != copyBuffer.getInt(at + 4)) {
          throw new IllegalStateException("wrong bytes at " + at);
        }
        copyBuffer.getBytes(at + HEADER_LENGTH, record, 0, Payload.LENGTH);
      }
    }
    return record;
  }

  @Override
  public void close() {
    IoUtil.unmap(mapped);
    Directory.delete(directory);
  }
}
