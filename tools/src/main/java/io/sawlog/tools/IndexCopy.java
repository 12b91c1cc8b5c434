package io.sawlog.tools;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.sawlog.index.HeaderCheck;
import io.sawlog.index.IndexHeader;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.agrona.concurrent.UnsafeBuffer;

/** A private copy of an index file, for a look at what it says. */
final class IndexCopy {
  /** The ending of the name of an index file. */
  static final String FILE_SUFFIX = ".index";

  private static final int MAX_BYTES = 1 << 30;
  private static final byte[] MAGIC = "SAWIDX".getBytes(StandardCharsets.US_ASCII);
  private static final int SALT_AT = 8;

  private final Path path;
  private final UnsafeBuffer bytes;

  private IndexCopy(Path path, UnsafeBuffer bytes) {
    this.path = path;
    this.bytes = bytes;
  }

  static IndexCopy read(Storage storage, Path path) throws IOException {
    try (StorageFile file = storage.open(path, Storage.Access.READ)) {
      ByteBuffer copy = ByteBuffer.allocateDirect((int) Math.min(file.size(), MAX_BYTES));
      return new IndexCopy(path, new UnsafeBuffer(copy, 0, file.read(copy, 0)));
    }
  }

  /** The name of the index of a segment. */
  static Path pathBeside(Path segment) {
    String name = String.valueOf(segment.getFileName());
    int end =
        name.endsWith(SegmentHeader.FILE_SUFFIX)
            ? name.length() - SegmentHeader.FILE_SUFFIX.length()
            : name.length();
    return segment.resolveSibling(name.substring(0, end) + FILE_SUFFIX);
  }

  /** The name of the segment of an index. */
  static Path segmentBeside(Path index) {
    String name = String.valueOf(index.getFileName());
    int end = name.endsWith(FILE_SUFFIX) ? name.length() - FILE_SUFFIX.length() : name.length();
    return index.resolveSibling(name.substring(0, end) + SegmentHeader.FILE_SUFFIX);
  }

  /** The salt that an index has noted of its segment; empty if there is no such file. */
  static OptionalLong saltIn(Storage storage, Path path) {
    try {
      IndexCopy copy = read(storage, path);
      return copy.hasMagic() && copy.bytes.capacity() >= IndexHeader.LENGTH_BYTES
          ? OptionalLong.of(copy.bytes.getLong(SALT_AT, LITTLE_ENDIAN))
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private boolean hasMagic() {
    for (int i = 0; i < MAGIC.length; i++) {
      if (bytes.capacity() <= i || bytes.getByte(i) != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }

  Path path() {
    return path;
  }

  UnsafeBuffer bytes() {
    return bytes;
  }

  /** Checks that the header is that of the index of a segment. */
  HeaderCheck check(SegmentHeader segment) {
    return IndexHeader.check(bytes, segment.salt(), segment.baseOffset(), segment.capacity());
  }

  /** Checks the header when nobody knows the segment. */
  HeaderCheck checkAlone() {
    return IndexHeader.checkAlone(bytes);
  }
}
