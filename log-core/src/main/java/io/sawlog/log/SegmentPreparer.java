package io.sawlog.log;

import io.sawlog.log.file.NoSpaceException;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the next segment of a partition ready, and decides how large it is: sizes double as long as
 * segments fill up, so that small topics stay small, and are halved on a disk that is nearly full.
 *
 * <p>Guarded by itself: whoever prepares holds its monitor, so that nobody prepares twice.
 */
final class SegmentPreparer {
  private static final int FIRST_BYTES = 1 << 20;
  private static final int PAGE = 4096;

  private final PartitionPlace place;
  private volatile @Nullable PreparedSegment ready;

  SegmentPreparer(PartitionPlace place) {
    this.place = place;
  }

  /** The size of the segment that follows one of {@code lastBytes} which filled up; 0 for none. */
  static int bytesAfter(int lastBytes, int segmentBytes) {
    int doubled = (int) Math.min(segmentBytes, 2L * lastBytes);
    return Math.max(doubled, Math.min(FIRST_BYTES, segmentBytes));
  }

  /** Tells, without waiting for a preparation under way, whether a segment is ready. */
  boolean isReady() {
    return ready != null;
  }

  /**
   * Makes a segment ready, unless one with room for the frame is.
   *
   * @param bytes how large to make it, space permitting
   * @param frameLength it has room for a frame of this length
   * @throws NoSpaceException if the disk has no room for even a small one
   */
  synchronized PreparedSegment prepare(
      int bytes, int segmentBytes, int indexIntervalBytes, int frameLength) throws IOException {
    int least = bytesFor(frameLength);
    PreparedSegment present = ready;
    if (present != null) {
      if (present.capacity() >= least) {
        return present;
      }
      ready = null;
      present.discard();
    }
    int smallest = Math.max(least, Math.min(FIRST_BYTES, segmentBytes));
    int size = Math.max(bytes, least);
    while (true) {
      try {
        PreparedSegment made = PreparedSegment.create(place, size, indexIntervalBytes);
        ready = made;
        return made;
      } catch (NoSpaceException e) {
        if (size == smallest) {
          throw e;
        }
        size = Math.max(smallest, size / 2 & -PAGE);
      }
    }
  }

  private static int bytesFor(int frameLength) {
    int bytes = SegmentHeader.LENGTH + frameLength + FrameFormat.HEADER_LENGTH;
    return (bytes + PAGE - 1) & -PAGE;
  }

  /** Hands over the segment that is ready, if it has room for the frame. */
  synchronized @Nullable PreparedSegment take(int frameLength) {
    PreparedSegment present = ready;
    if (present == null || present.capacity() < bytesFor(frameLength)) {
      return null;
    }
    ready = null;
    return present;
  }

  /** Deletes the segment that is ready. */
  synchronized void discard() throws IOException {
    PreparedSegment present = ready;
    ready = null;
    if (present != null) {
      present.discard();
    }
  }
}
