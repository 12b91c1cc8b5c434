package io.sawlog.log;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** Moves a cursor to a position that is given by offset or time. */
final class FrameSearch {
  private static final int MOST_ATTEMPTS = 5;

  private final PartitionView partition;
  private final FrameCursor frames;

  FrameSearch(PartitionView partition, FrameCursor frames) {
    this.partition = partition;
    this.frames = frames;
  }

  /**
   * Moves the cursor.
   *
   * @param target where to
   * @return the offset of the first record to show
   * @throws OffsetOutOfRangeException if the offset is below the log start or above the log end
   */
  long seek(Position target) throws IOException {
    if (target instanceof Position.AtTime at) {
      return search(() -> seekTime(at.epochMs()));
    } else if (target instanceof Position.AtOffset at) {
      checkRange(at.offset());
      return search(() -> seekOffset(at.offset()));
    } else if (target instanceof Position.Latest) {
      return search(() -> seekOffset(partition.logEndOffset()));
    }
    return search(this::seekEarliest);
  }

  private interface Search {
    long run() throws IOException;
  }

  /** Searches again if a segment has gone meanwhile: it may have been deleted. */
  private long search(Search search) throws IOException {
    for (int attempt = 1; attempt < MOST_ATTEMPTS; attempt++) {
      try {
        return search.run();
      } catch (NoSuchFileException | OffsetOutOfRangeException e) {
        partition.refresh();
      }
    }
    return search.run();
  }

  private long seekEarliest() throws IOException {
    partition.refresh();
    return seekOffset(partition.logStartOffset());
  }

  private void checkRange(long offset) throws IOException {
    long start = partition.logStartOffset();
    long end = partition.logEndOffset();
    if (offset < start || offset > end) {
      throw new OffsetOutOfRangeException(
          partition.place().name()
              + ": offset "
              + offset
              + " is out of range, the log holds "
              + start
              + " to "
              + end
              + " (exclusive)",
          start,
          end);
    }
  }

  private long seekOffset(long offset) throws IOException {
    Segment segment = frames.segmentOf(offset);
    if (segment == null) {
      frames.close();
      return offset;
    }
    SegmentReader opened = frames.startOf(segment);
    frames.land(opened, opened.positionForOffset(offset, RecordCount.in(partition, segment)));
    return offset;
  }

  /** Looks at all published frames, whatever is shown: those that are older never count. */
  private long seekTime(long epochMs) throws IOException {
    long start = partition.logStartOffset();
    Segment segment = frames.segmentOf(start);
    if (segment == null) {
      frames.close();
      return start;
    }
    SegmentReader opened = frames.startOf(segment);
    Segment last = lastBeginningBefore(epochMs, segment, opened);
    opened.open(last);
    frames.land(opened, opened.positionForTime(epochMs, RecordCount.in(partition, last)));
    while (frames.next(Visibility.PUBLISHED, start)) {
      if (frames.frames().appendTime() >= epochMs) {
        frames.back();
        break;
      }
    }
    return Math.max(start, frames.nextOffset());
  }

  private Segment lastBeginningBefore(long epochMs, Segment first, SegmentReader opened)
      throws IOException {
    List<Segment> segments = partition.segments().all();
    int low = segments.indexOf(first) + 1;
    int high = segments.size() - 1;
    Segment found = first;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (RetentionSweep.firstTime(segments.get(middle), opened) < epochMs) {
        found = segments.get(middle);
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return found;
  }
}
