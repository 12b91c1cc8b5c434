package io.sawlog.log;

import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.FrameCheck;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import io.sawlog.log.segment.SegmentScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a segment file: the frames that follow each other, and the holes between them.
 *
 * @param path the file
 * @param baseOffset as its name says
 * @param header its header, or the one that fits its frames; null if nobody can read them
 * @param headerIntact whether that header is the one in the file
 * @param holes damaged places with good frames behind them, in order
 * @param endPosition where END stands, or behind the last good frame
 * @param endOffset the offset behind the last good frame
 * @param lastTime its append time, epoch ms
 * @param nextBase the base offset of the next segment as END names it, {@link #NOT_SEALED} if there
 *     is no END
 * @param durablePosition the highest position that a frame calls durable, 0 if none does
 * @param contentEnd behind the last byte that is not zero
 * @param contradiction two good frames that cannot both be in their place, empty if there are none
 */
record SegmentRemains(
    Path path,
    long baseOffset,
    @Nullable SegmentHeader header,
    boolean headerIntact,
    List<Hole> holes,
    int endPosition,
    long endOffset,
    long lastTime,
    long nextBase,
    int durablePosition,
    int contentEnd,
    String contradiction) {
  static final long NOT_SEALED = -1;

  /**
   * A damaged place before a good frame.
   *
   * @param from the first byte
   * @param to the position of that frame
   * @param firstOffset the first offset that is lost
   * @param nextOffset the offset of that frame
   * @param time the append time of the frame before, epoch ms
   */
  record Hole(int from, int to, long firstOffset, long nextOffset, long time) {}

  /**
   * Reads a segment from front to back, whatever is in it.
   *
   * @param boundary a position at which a frame is known to end, 0 if none is known
   */
  static SegmentRemains read(PartitionPlace place, SegmentFiles.Found found, int boundary)
      throws IOException {
    try (StorageFile file = place.storage().open(found.path(), Storage.Access.READ)) {
      SegmentHeader header = found.header();
      if (header == null) {
        header = LostHeader.find(place, found, file);
      }
      if (header == null) {
        return unusable(found.path(), found.baseOffset());
      }
      return new Walk(found, header, new SegmentScanner(file, header), boundary).run();
    }
  }

  SegmentRemains withRecordsBefore(long count) {
    SegmentHeader known = usableHeader();
    SegmentHeader complete =
        new SegmentHeader(
            known.topicId(),
            known.partition(),
            known.baseOffset(),
            count,
            known.capacity(),
            known.salt());
    return new SegmentRemains(
        path,
        baseOffset,
        complete,
        headerIntact,
        holes,
        endPosition,
        endOffset,
        lastTime,
        nextBase,
        durablePosition,
        contentEnd,
        contradiction);
  }

  /** The file, of which nothing can be used. */
  SegmentRemains unusable() {
    return unusable(path, baseOffset);
  }

  private static SegmentRemains unusable(Path path, long baseOffset) {
    return new SegmentRemains(
        path, baseOffset, null, false, List.of(), 0, 0, 0, NOT_SEALED, 0, 0, "");
  }

  boolean isUsable() {
    return header != null;
  }

  boolean isSealed() {
    return nextBase != NOT_SEALED;
  }

  SegmentHeader usableHeader() {
    if (header == null) {
      throw new IllegalStateException(path + " has no header");
    }
    return header;
  }

  /** How many records the partition had up to the last good frame. */
  long recordsUpToEnd() {
    return usableHeader().recordsBefore() + endOffset - baseOffset;
  }

  /** One reading of a segment. */
  private static final class Walk {
    private final SegmentFiles.Found found;
    private final SegmentHeader header;
    private final SegmentScanner scanner;
    private final int boundary;
    private final List<Hole> holes = new ArrayList<>();
    private long expected;
    private long time;
    private int durable;
    private String contradiction = "";

    Walk(SegmentFiles.Found found, SegmentHeader header, SegmentScanner scanner, int boundary) {
      this.found = found;
      this.header = header;
      this.scanner = scanner;
      this.boundary = boundary;
      this.expected = header.baseOffset();
    }

    SegmentRemains run() throws IOException {
      while (true) {
        FrameCheck check = scanner.check(expected);
        if (check == FrameCheck.VALID && !isAcrossBoundary()) {
          durable = Math.max(durable, scanner.durablePosition());
          if (scanner.kind() == FrameFormat.KIND_END) {
            return remains(scanner.position(), scanner.baseOffset());
          }
          expected = scanner.nextOffset();
          time = scanner.appendTime();
          scanner.skip();
          continue;
        }
        int from = scanner.position();
        if (!isFrameBehind(
            check == FrameCheck.WRONG_OFFSET ? from : from + FrameFormat.ALIGNMENT)) {
          return remains(from, NOT_SEALED);
        }
        holes.add(new Hole(from, scanner.position(), expected, scanner.baseOffset(), time));
        expected = scanner.baseOffset();
      }
    }

    /**
     * Moves to the next good frame that may follow. END does not count: the offset that it names
     * tells nothing of how many records are lost before it.
     */
    private boolean isFrameBehind(int from) throws IOException {
      int at = scanner.findValid(from, header.baseOffset());
      while (at != SegmentScanner.NOT_FOUND) {
        if (scanner.kind() != FrameFormat.KIND_END && !isAcrossBoundary()) {
          if (scanner.baseOffset() >= expected) {
            return true;
          }
          noteIfLost(at, scanner.baseOffset());
        }
        at = scanner.findValid(at + FrameFormat.HEADER_LENGTH, header.baseOffset());
      }
      return false;
    }

    /** No frame of the log lies across the place where it is known to have ended: it is a copy. */
    private boolean isAcrossBoundary() {
      return scanner.position() < boundary && scanner.position() + scanner.length() > boundary;
    }

    /** A record that seemed to be lost, behind others that followed it. */
    private void noteIfLost(int position, long offset) {
      for (Hole hole : holes) {
        if (offset >= hole.firstOffset() && offset < hole.nextOffset()) {
          contradiction =
              "the frame at position "
                  + position
                  + " holds offset "
                  + offset
                  + ", but the one at position "
                  + hole.to()
                  + " before it holds "
                  + hole.nextOffset();
        }
      }
    }

    private SegmentRemains remains(int endPosition, long nextBase) throws IOException {
      int content = endPosition;
      int at = scanner.findNonZero(endPosition);
      while (at != SegmentScanner.NOT_FOUND) {
        content = at + FrameFormat.ALIGNMENT;
        at = scanner.findNonZero(content);
      }
      return new SegmentRemains(
          found.path(),
          found.baseOffset(),
          header,
          found.header() != null,
          List.copyOf(holes),
          endPosition,
          expected,
          time,
          nextBase,
          durable,
          content,
          contradiction);
    }
  }
}
