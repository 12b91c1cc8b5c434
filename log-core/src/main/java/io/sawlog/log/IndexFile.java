package io.sawlog.log;

import io.sawlog.index.HeaderCheck;
import io.sawlog.index.IndexHeader;
import io.sawlog.index.SparseIndex;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.FrameCheck;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import io.sawlog.log.segment.SegmentScanner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The index of a segment as a file beside it. It can always be made again from the segment: so a
 * missing or unusable one is rebuilt, and said so, but never an error.
 */
final class IndexFile {
  static final String SUFFIX = ".index";

  private static final System.Logger LOGGER = System.getLogger("io.sawlog");

  private IndexFile() {}

  static Path beside(Path segment) {
    String name = segment.getFileName().toString();
    String stem = name.substring(0, name.length() - SegmentHeader.FILE_SUFFIX.length());
    return segment.resolveSibling(stem + SUFFIX);
  }

  static IndexHeader headerFor(SegmentHeader segment, int intervalBytes) {
    return new IndexHeader(segment.salt(), segment.baseOffset(), segment.capacity(), intervalBytes);
  }

  /**
   * Reads a private copy of the index, or builds one in memory if the file is no use.
   *
   * @param intervalBytes for an index that has to be built
   */
  static SparseIndex read(Storage storage, Path segment, SegmentHeader header, int intervalBytes)
      throws IOException {
    UnsafeBuffer bytes = readFile(storage, beside(segment));
    HeaderCheck check =
        IndexHeader.check(bytes, header.salt(), header.baseOffset(), header.capacity());
    if (check instanceof HeaderCheck.Valid valid) {
      return new SparseIndex(bytes, valid.header());
    }
    HeaderCheck.Unusable unusable = (HeaderCheck.Unusable) check;
    LOGGER.log(
        System.Logger.Level.WARNING,
        "index {0} is rebuilt: {1}",
        beside(segment),
        unusable.reason());
    return build(storage, segment, header, intervalBytes);
  }

  /** Tells whether the file is an index of the segment. */
  static boolean isUsable(Storage storage, Path segment, SegmentHeader header) throws IOException {
    UnsafeBuffer bytes = readFile(storage, beside(segment));
    return IndexHeader.check(bytes, header.salt(), header.baseOffset(), header.capacity())
        instanceof HeaderCheck.Valid;
  }

  static UnsafeBuffer readFile(Storage storage, Path path) throws IOException {
    try (StorageFile file = storage.open(path, Storage.Access.READ)) {
      ByteBuffer bytes = ByteBuffer.allocateDirect((int) Math.min(file.size(), 1 << 30));
      return new UnsafeBuffer(bytes, 0, file.read(bytes, 0));
    } catch (NoSuchFileException e) {
      return new UnsafeBuffer(0, 0);
    }
  }

  /** Builds the index in memory from the frames of the segment, as far as they are valid. */
  static SparseIndex build(Storage storage, Path segment, SegmentHeader header, int intervalBytes)
      throws IOException {
    ByteBuffer bytes = buildBytes(storage, segment, header, intervalBytes);
    return new SparseIndex(new UnsafeBuffer(bytes), headerFor(header, intervalBytes));
  }

  /** Builds what the file of {@link #build} holds. */
  static ByteBuffer buildBytes(
      Storage storage, Path segment, SegmentHeader header, int intervalBytes) throws IOException {
    IndexHeader indexHeader = headerFor(header, intervalBytes);
    ByteBuffer bytes = ByteBuffer.allocateDirect(indexHeader.indexBytes());
    UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    indexHeader.writeTo(buffer);
    SparseIndex index = new SparseIndex(buffer, indexHeader);
    try (StorageFile file = storage.open(segment, Storage.Access.READ)) {
      fill(index, new SegmentScanner(file, header), header, Integer.MAX_VALUE);
    }
    return bytes;
  }

  /** Enters the frames below a position into an index. */
  static void fill(SparseIndex index, SegmentScanner scanner, SegmentHeader header, int end)
      throws IOException {
    long expected = header.baseOffset();
    while (scanner.position() < end && scanner.check(expected) == FrameCheck.VALID) {
      if (scanner.kind() == FrameFormat.KIND_END) {
        return;
      }
      int position = scanner.position();
      expected = scanner.nextOffset();
      index.onFrame(
          position,
          position + scanner.length(),
          (int) (expected - header.baseOffset()),
          scanner.appendTime());
      scanner.skip();
    }
  }
}
