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
 * copy, a CRC32C, a store with release, in a mapped file. It begins anew at the end of the file.
 * Reading is one copy and a CRC32C.
 */
final class Limit implements AutoCloseable {
  /** As much as the processor's caches do not hold, and a log has at once. */
  static final int TOUCHED_BYTES = 256 << 20;

  /** More than an iteration can fill. */
  private static final int FRESH_BYTES = 1 << 30;

  private static final int HEADER_LENGTH = 32;
  private static final int PAGE = 4096;
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
  private final int fileBytes;
  private final MappedByteBuffer mapped;
  private final UnsafeBuffer file;
  private final ByteBuffer copy = ByteBuffer.allocateDirect(COPY_BYTES);
  private final UnsafeBuffer copyBuffer = new UnsafeBuffer(copy);
  private final CRC32C readChecksum = new CRC32C();
  private volatile long tail;

  private Limit(int fileBytes, boolean touched) {
    this.fileBytes = fileBytes;
    try (FileChannel channel =
        FileChannel.open(
            directory.resolve("limit"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      if (touched) {
        ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
        for (int at = 0; at < fileBytes; at += zeros.capacity()) {
          channel.write(zeros.clear(), at);
        }
        channel.force(true);
      }
      mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, fileBytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    file = new UnsafeBuffer(mapped);
    for (int at = 0; touched && at < fileBytes; at += PAGE) {
      file.putByte(at, (byte) 0);
    }
  }

  /** In a file whose pages are all there, which no log has that goes on. */
  static Limit onTouchedPages() {
    return new Limit(TOUCHED_BYTES, /* touched= */ true);
  }

  /** In a new file, for one iteration: the kernel has to find and to clear each page. */
  static Limit onFreshPages() {
    return new Limit(FRESH_BYTES, /* touched= */ false);
  }

  /** The private memory of one producer, with room for the frame of so many records. */
  static final class Frame {
    private final int records;
    private final int length;
    private final UnsafeBuffer buffer;
    private final ByteBuffer bytes;
    private final CRC32C checksum = new CRC32C();

    Frame(int records) {
      this.records = records;
      length = records == 1 ? Payload.FRAME_LENGTH : batchLength(records);
      buffer = new UnsafeBuffer(new byte[length]);
      bytes = ByteBuffer.wrap(buffer.byteArray());
    }

    /** In a batch each record has a length of its own. */
    private static int batchLength(int records) {
      return (HEADER_LENGTH + records * (Integer.BYTES + Payload.LENGTH) + 7) / 8 * 8;
    }

    private void fill(byte[] payload, long offset) {
      buffer.putLong(8, offset);
      buffer.putLong(16, 1);
      buffer.putLong(24, records);
      if (records == 1) {
        buffer.putBytes(HEADER_LENGTH, payload);
      } else {
        fillBatch(payload);
      }
      checksum.reset();
      checksum.update(bytes.limit(length).position(8));
      buffer.putInt(4, (int) checksum.getValue());
    }

    private void fillBatch(byte[] payload) {
      int at = HEADER_LENGTH;
      for (int i = 0; i < records; i++) {
        buffer.putInt(at, payload.length);
        buffer.putBytes(at + Integer.BYTES, payload);
        at += Integer.BYTES + payload.length;
      }
    }
  }

  long append(Frame frame, int frames) {
    long last = 0;
    for (int i = 0; i < frames; i++) {
      last = append(frame);
    }
    return last;
  }

  private long append(Frame frame) {
    int length = frame.length;
    long claimed;
    long position;
    do {
      claimed = tail;
      position = claimed > fileBytes - length ? 0 : claimed;
    } while (!TAIL.compareAndSet(this, claimed, position + length));
    int at = (int) position;
    frame.fill(payload, position);
    file.putInt(at, -length);
    VarHandle.storeStoreFence();
    file.putBytes(at + 4, frame.buffer, 4, length - 4);
    file.putIntRelease(at, length);
    return position;
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
