package io.sawlog.log;

import static io.sawlog.log.segment.FrameFormat.HEADER_LENGTH;

import io.sawlog.index.FrameProbe;
import io.sawlog.index.SparseIndex;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.ActiveSegment;
import io.sawlog.log.segment.FrameBuffer;
import io.sawlog.log.segment.FrameCheck;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import io.sawlog.log.segment.SegmentScanner;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one segment at a time into its own buffer, from the mapping while there is one, else by
 * position, and never believes the mapping in a matter of damage.
 *
 * <p>Not thread-safe.
 */
final class SegmentReader implements AutoCloseable {
  private final Storage storage;
  private final int indexIntervalBytes;
  private final FrameBuffer buffer;
  private Segment segment;
  private @Nullable StorageFile file;

  /** Where the last read found no frame yet; asked again, so little is read the next time. */
  private int waitingAt;

  private long knownRecords;

  /**
   * Starts with a segment.
   *
   * @param storage where the files are
   * @param indexIntervalBytes for an index that has to be built
   * @param bufferBytes how many bytes to read at once
   * @param segment the segment to read
   */
  SegmentReader(Storage storage, int indexIntervalBytes, int bufferBytes, Segment segment) {
    this.storage = storage;
    this.indexIntervalBytes = indexIntervalBytes;
    this.buffer = new FrameBuffer(bufferBytes);
    this.segment = segment;
  }

  Segment segment() {
    return segment;
  }

  FrameBuffer buffer() {
    return buffer;
  }

  /** Turns to another segment. */
  void open(Segment next) {
    close();
    segment = next;
    buffer.clear();
    waitingAt = 0;
  }

  /**
   * Tells what stands at a position, and has the whole frame in the buffer if it is valid.
   *
   * @param position in the segment
   * @param expectedOffset the offset that must follow there
   */
  FrameCheck check(int position, long expectedOffset) throws IOException {
    SegmentHeader header = segment.header();
    if (buffer.contains(position, HEADER_LENGTH)
        && buffer.check(position, header.capacity(), header.salt(), expectedOffset)
            == FrameCheck.VALID) {
      return FrameCheck.VALID;
    }
    return readAndCheck(position, expectedOffset);
  }

  private FrameCheck readAndCheck(int position, long expectedOffset) throws IOException {
    if (!loadMapped(position)) {
      loadFile(position);
    }
    FrameCheck found = checkCopy(position, expectedOffset);
    if (isDamage(found)) {
      // a page of the mapping that could not be read, or a frame that was written meanwhile
      buffer.load(file(), position);
      found = checkCopy(position, expectedOffset);
    }
    waitingAt = found == FrameCheck.VALID ? 0 : position;
    return found;
  }

  /** Checks what the file says, whatever was read before. */
  FrameCheck checkAgain(int position, long expectedOffset) throws IOException {
    buffer.load(file(), position);
    return checkCopy(position, expectedOffset);
  }

  /** Walks over the file as it is, to find the way behind damage. */
  SegmentScanner scanner() throws IOException {
    return new SegmentScanner(file(), segment.header());
  }

  private static boolean isDamage(FrameCheck found) {
    return found != FrameCheck.VALID && found != FrameCheck.EMPTY && found != FrameCheck.CLAIMED;
  }

  private FrameCheck checkCopy(int position, long expectedOffset) throws IOException {
    if (!buffer.contains(position, HEADER_LENGTH)) {
      return FrameCheck.EMPTY;
    }
    int capacity = segment.header().capacity();
    int length = FrameFormat.length(buffer.buffer(), buffer.indexOf(position));
    if (length > 0 && length <= capacity - position && !buffer.contains(position, length)) {
      buffer.load(file(), position, length);
      if (!buffer.contains(position, length)) {
        return FrameCheck.BAD_LENGTH;
      }
    }
    return buffer.check(position, capacity, segment.header().salt(), expectedOffset);
  }

  private boolean loadMapped(int position) {
    ActiveSegment active = segment.active();
    if (active == null || !active.pinned().tryPin()) {
      return false;
    }
    try {
      active.copyPublished(position, buffer);
      return true;
    } catch (InternalError e) {
      // a page of the mapping cannot be read: a positional read says why
      return false;
    } finally {
      active.pinned().unpin();
    }
  }

  private void loadFile(int position) throws IOException {
    if (position == waitingAt) {
      buffer.peek(file(), position);
      if (!buffer.contains(position, HEADER_LENGTH)
          || FrameFormat.length(buffer.buffer(), buffer.indexOf(position)) <= 0) {
        return;
      }
    }
    buffer.load(file(), position);
  }

  private StorageFile file() throws IOException {
    if (file == null) {
      file = storage.open(segment.path(), Storage.Access.READ);
    }
    return file;
  }

  /**
   * A position in the segment from which a scan finds an offset.
   *
   * @param recordCount how many records the segment holds: index entries that tell of more belong
   *     to frames behind the end of a log that was cut
   */
  int positionForOffset(long offset, long recordCount) throws IOException {
    knownRecords = recordCount;
    int relativeOffset = (int) Math.min(Integer.MAX_VALUE, offset - segment.header().baseOffset());
    return search((index, limit, probe) -> index.positionForOffset(relativeOffset, limit, probe));
  }

  /** A position in the segment before which everything is older than a time. */
  int positionForTime(long epochMs, long recordCount) throws IOException {
    knownRecords = recordCount;
    return search((index, limit, probe) -> index.positionForTime(epochMs, limit, probe));
  }

  private interface Search {
    int position(SparseIndex index, int limitPosition, FrameProbe probe);
  }

  private int search(Search search) throws IOException {
    ActiveSegment active = segment.active();
    if (active != null && active.pinnedIndex().tryPin()) {
      try {
        return search.position(active.index(), active.tailPosition(), this::appendTimeAt);
      } finally {
        active.pinnedIndex().unpin();
      }
    }
    SparseIndex index = segment.cachedIndex();
    if (index == null) {
      index = IndexFile.read(storage, segment.path(), segment.header(), indexIntervalBytes);
      segment.cacheIndex(index);
    }
    return search.position(index, segment.header().capacity(), this::appendTimeAt);
  }

  private long appendTimeAt(int position, int relativeOffset) {
    if (relativeOffset >= knownRecords) {
      return FrameProbe.NO_FRAME;
    }
    try {
      FrameCheck found = check(position, segment.baseOffset() + relativeOffset);
      int frame = buffer.indexOf(position);
      // END is valid whatever offset is expected, so it proves nothing of the entry
      return found == FrameCheck.VALID
              && FrameFormat.kind(buffer.buffer(), frame) != FrameFormat.KIND_END
          ? FrameFormat.appendTime(buffer.buffer(), frame)
          : FrameProbe.NO_FRAME;
    } catch (IOException e) {
      return FrameProbe.NO_FRAME;
    }
  }

  @Override
  public void close() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw new LogIoException("closing " + segment.path() + " failed", e);
      } finally {
        file = null;
      }
    }
  }
}
