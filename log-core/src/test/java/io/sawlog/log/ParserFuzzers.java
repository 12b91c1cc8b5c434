package io.sawlog.log;

import io.sawlog.index.FrameProbe;
import io.sawlog.index.HeaderCheck;
import io.sawlog.index.IndexHeader;
import io.sawlog.index.SparseIndex;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.FrameBuilder;
import io.sawlog.log.segment.FrameCheck;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.MalformedRecordException;
import io.sawlog.log.segment.RecordCursor;
import io.sawlog.log.segment.SegmentHeader;
import io.sawlog.log.segment.SegmentScanner;
import io.sawlog.log.sim.SimulatedStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.UUID;
import org.agrona.concurrent.UnsafeBuffer;

/** Every parser of the store's files, each fed with anything: for a fuzzer, or for chance. */
final class ParserFuzzers {
  private static final int SALT = 0x5A17;
  private static final int CAPACITY = 1 << 16;
  private static final SegmentHeader HEADER =
      new SegmentHeader(new UUID(1, 2), 0, 100, 100, CAPACITY, SALT);

  private ParserFuzzers() {}

  /** The records of a frame whose checksum is right. */
  static final class Records {
    private Records() {}

    public static void fuzzerTestOneInput(byte[] data) {
      int length = FrameFormat.align(FrameFormat.HEADER_LENGTH + data.length);
      UnsafeBuffer frame = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
      FrameBuilder header = new FrameBuilder();
      int count = data.length == 0 ? 0 : data[0] & 0xFF;
      header.completeWithoutRecords(FrameFormat.KIND_DATA, length, 7, 8, count, 0, SALT);
      frame.putBytes(0, header.buffer(), 0, FrameFormat.HEADER_LENGTH);
      frame.putBytes(FrameFormat.HEADER_LENGTH, data);
      RecordCursor records = new RecordCursor();
      try {
        records.reset(frame, 0);
        while (records.hasNext()) {
          records.next();
          mustLieWithin(length, records.keyPosition(), records.keyLength());
          mustLieWithin(length, records.valuePosition(), records.valueLength());
          records.copyHeaders();
        }
      } catch (MalformedRecordException e) {
        // what such a frame is worth
      }
    }

    private static void mustLieWithin(int end, int position, int length) {
      if (length >= 0 && (position < 0 || position + length > end)) {
        throw new AssertionError(position + " and " + length + " are not within " + end);
      }
    }
  }

  /** The frames of a segment. */
  static final class Frames {
    private Frames() {}

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
      byte[] bytes = Arrays.copyOf(data, Math.min(data.length, CAPACITY));
      try (StorageFile file = fileOf(bytes)) {
        SegmentScanner scanner = new SegmentScanner(file, HEADER);
        int at = SegmentHeader.LENGTH;
        while (at >= 0 && at < scanner.fileEnd()) {
          scanner.moveTo(at);
          FrameCheck check = scanner.check(SegmentScanner.ANY_OFFSET);
          if (check == FrameCheck.VALID) {
            scanner.skip();
            at = scanner.position();
          } else {
            int next = scanner.findValid(at, HEADER.baseOffset());
            if (next != SegmentScanner.NOT_FOUND && next < at) {
              throw new AssertionError("from " + at + " back to " + next);
            }
            at = next;
          }
        }
      }
    }
  }

  /** The header of a segment. */
  static final class Headers {
    private Headers() {}

    public static void fuzzerTestOneInput(byte[] data) {
      ByteBuffer bytes = ByteBuffer.wrap(data);
      if (SegmentHeader.check(bytes) == SegmentHeader.Check.VALID) {
        SegmentHeader.decode(bytes);
      }
    }
  }

  /** A sparse index with a good header. */
  static final class Indexes {
    private Indexes() {}

    public static void fuzzerTestOneInput(byte[] data) {
      HeaderCheck anything = IndexHeader.check(new UnsafeBuffer(data), SALT, 100, CAPACITY);
      if (anything == null) {
        throw new AssertionError("no answer");
      }
      IndexHeader header = new IndexHeader(SALT, 100, CAPACITY, 4096);
      UnsafeBuffer index = new UnsafeBuffer(ByteBuffer.allocateDirect(header.indexBytes()));
      int entries = index.capacity() - IndexHeader.LENGTH_BYTES;
      index.putBytes(IndexHeader.LENGTH_BYTES, data, 0, Math.min(data.length, entries));
      header.writeTo(index);
      SparseIndex sparse = new SparseIndex(index, header);
      FrameProbe nothing = (position, relativeOffset) -> FrameProbe.NO_FRAME;
      FrameProbe everything = (position, relativeOffset) -> position;
      for (FrameProbe probe : new FrameProbe[] {nothing, everything}) {
        mustLieWithin(sparse.positionForOffset(1000, CAPACITY, probe));
        mustLieWithin(sparse.positionForTime(1000, CAPACITY, probe));
      }
    }

    private static void mustLieWithin(int position) {
      if (position < 0 || position >= CAPACITY) {
        throw new AssertionError("position " + position);
      }
    }
  }

  /** The state and the hints of a partition, with their checksums made right. */
  static final class Meta {
    private Meta() {}

    public static void fuzzerTestOneInput(byte[] data) {
      Hints.decode(ByteBuffer.wrap(data));
      ByteBuffer slot = ByteBuffer.allocate(PartitionState.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
      slot.put(data, 0, Math.min(data.length, slot.capacity())).clear();
      int crcAt = PartitionState.LENGTH - Integer.BYTES;
      slot.putInt(crcAt, PartitionMeta.crc(slot, crcAt));
      if (PartitionState.check(slot) == PartitionState.Check.VALID) {
        PartitionState.decode(slot).encode();
      }
    }
  }

  /** {@code topic.properties}. */
  static final class Properties {
    private static final Path TOPIC = Path.of("/sim").toAbsolutePath();

    private Properties() {}

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
      SimulatedStorage storage = SimulatedStorage.empty(new SplittableRandom(1));
      write(storage, TOPIC.resolve(TopicProperties.FILE_NAME), data);
      try {
        TopicProperties.read(storage, TOPIC);
      } catch (CorruptLogException | UnsupportedFormatException e) {
        // what such a file is worth
      }
    }
  }

  private static StorageFile fileOf(byte[] bytes) throws IOException {
    SimulatedStorage storage = SimulatedStorage.empty(new SplittableRandom(1));
    Path path = Path.of("/sim/file").toAbsolutePath();
    write(storage, path, bytes);
    return storage.open(path, Storage.Access.READ);
  }

  private static void write(SimulatedStorage storage, Path path, byte[] bytes) throws IOException {
    storage.createDirectory(path.getParent());
    try (StorageFile file = storage.create(path)) {
      file.write(ByteBuffer.wrap(bytes), 0);
    }
  }
}
