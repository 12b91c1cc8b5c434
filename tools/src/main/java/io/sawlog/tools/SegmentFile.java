package io.sawlog.tools;

import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.SegmentHeader;
import io.sawlog.log.segment.SegmentScanner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An open segment file, with the header that it has or, if that is damaged, the most likely one:
 * the frames behind a damaged header are not lost, if their salt is known.
 */
final class SegmentFile implements AutoCloseable {
  private static final int MAX_CAPACITY = 1 << 30;

  private final StorageFile file;
  private final long size;
  private final byte[] headerBytes;
  private final SegmentHeader header;
  private final SegmentHeader.Check check;

  private SegmentFile(
      StorageFile file,
      long size,
      byte[] headerBytes,
      SegmentHeader header,
      SegmentHeader.Check check) {
    this.file = file;
    this.size = size;
    this.headerBytes = headerBytes;
    this.header = header;
    this.check = check;
  }

  /**
   * Opens a segment, whatever is in it.
   *
   * @throws IOException if it cannot be opened, or not even its size is known
   */
  static SegmentFile open(Storage storage, Path path) throws IOException {
    StorageFile file = new PatientFile(storage.open(path, Storage.Access.READ));
    try {
      long size = file.size();
      ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.LENGTH);
      readHeader(file, bytes);
      byte[] headerBytes = new byte[bytes.position()];
      bytes.flip().get(0, headerBytes);
      SegmentHeader.Check check = SegmentHeader.check(bytes);
      bytes.clear();
      SegmentHeader header = SegmentHeader.decode(bytes);
      if (check == SegmentHeader.Check.BAD_CHECKSUM || check == SegmentHeader.Check.NOT_A_SEGMENT) {
        header = guess(storage, file, size, header);
      }
      return new SegmentFile(file, size, headerBytes, header, check);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static void readHeader(StorageFile file, ByteBuffer bytes) {
    try {
      int unused = file.read(bytes, 0);
    } catch (IOException e) {
      // As good as a header that was overwritten; the rest may be readable.
      bytes.clear();
    }
  }

  /**
   * The name tells the base offset; of the salts that may be right, the one that fits a frame is.
   */
  private static SegmentHeader guess(
      Storage storage, StorageFile file, long size, SegmentHeader found) throws IOException {
    OptionalLong named = baseOffsetOf(file.path());
    int capacity = (int) Math.min(size, MAX_CAPACITY) & -8;
    SegmentHeader guess =
        new SegmentHeader(
            found.topicId(),
            found.partition(),
            named.orElse(found.baseOffset()),
            found.recordsBefore(),
            capacity,
            found.salt());
    OptionalLong indexSalt = IndexCopy.saltIn(storage, IndexCopy.pathBeside(file.path()));
    if (indexSalt.isEmpty() || (int) indexSalt.getAsLong() == guess.salt() || fits(file, guess)) {
      return guess;
    }
    SegmentHeader other =
        new SegmentHeader(
            guess.topicId(),
            guess.partition(),
            guess.baseOffset(),
            guess.recordsBefore(),
            capacity,
            (int) indexSalt.getAsLong());
    return fits(file, other) ? other : guess;
  }

  private static boolean fits(StorageFile file, SegmentHeader header) throws IOException {
    return new SegmentScanner(file, header).findValid(SegmentHeader.LENGTH, header.baseOffset())
        != SegmentScanner.NOT_FOUND;
  }

  /** The base offset that a file name tells; empty if it is not the name of a segment. */
  static OptionalLong baseOffsetOf(Path path) {
    String name = String.valueOf(path.getFileName());
    int digits = name.length() - SegmentHeader.FILE_SUFFIX.length();
    if (digits != 20 || !name.endsWith(SegmentHeader.FILE_SUFFIX)) {
      return OptionalLong.empty();
    }
    try {
      long base = Long.parseLong(name.substring(0, digits));
      return base < 0 ? OptionalLong.empty() : OptionalLong.of(base);
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  Path path() {
    return file.path();
  }

  long size() {
    return size;
  }

  /** The first bytes of the file as they are: 64, or fewer if it has no more. */
  byte[] headerBytes() {
    return headerBytes;
  }

  /** The header, good or guessed. */
  SegmentHeader header() {
    return header;
  }

  UUID topicId() {
    return header.topicId();
  }

  int version() {
    return headerBytes.length < 12
        ? 0
        : ByteBuffer.wrap(headerBytes).order(ByteOrder.LITTLE_ENDIAN).getInt(8);
  }

  boolean isHeaderIntact() {
    return check == SegmentHeader.Check.VALID;
  }

  /** Whether its frames can be told from other bytes. */
  boolean isReadable() {
    return check != SegmentHeader.Check.UNKNOWN_VERSION && size > SegmentHeader.LENGTH;
  }

  /** What is wrong with the header, as the end of a sentence; null if nothing is. */
  @Nullable String headerProblem() {
    if (headerBytes.length < SegmentHeader.LENGTH) {
      return "the file has " + size + " bytes, its header alone takes " + SegmentHeader.LENGTH;
    }
    return switch (check) {
      case VALID -> null;
      case NOT_A_SEGMENT -> "the header does not begin with the magic of a segment";
      case UNKNOWN_VERSION ->
          "the header has version "
              + version()
              + ", this program knows "
              + SegmentHeader.VERSION
              + ": use a newer one";
      case BAD_CHECKSUM -> "the header does not match its checksum";
    };
  }

  /** Starts a walk from the first frame. */
  SegmentWalk walk() throws IOException {
    return new SegmentWalk(scanner(), header);
  }

  /** Looks at single places. */
  SegmentScanner scanner() throws IOException {
    return new SegmentScanner(file, header);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
