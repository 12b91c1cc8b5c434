package io.sawlog.log;

import io.sawlog.log.file.NoSpaceException;
import io.sawlog.log.segment.ActiveSegment;
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
  private final Segments segments;
  private final LogTail openingTail;
  private final UnconsumedCap cap;
  private volatile @Nullable PreparedSegment ready;

  SegmentPreparer(PartitionPlace place, Segments segments, LogTail openingTail) {
    this.place = place;
    this.segments = segments;
    this.openingTail = openingTail;
    this.cap = new UnconsumedCap(place, segments);
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
   * @param active the segment that it follows, null if nothing was appended in this life
   * @param frameLength it has room for a frame of this length
   * @throws NoSpaceException if the disk has no room for even a small one
   * @throws LogFullException if the retention of the topic has none
   */
  synchronized PreparedSegment prepare(
      TopicConfig config, @Nullable ActiveSegment active, int frameLength) throws IOException {
    int least = bytesFor(frameLength);
    PreparedSegment present = ready;
    if (present != null && present.capacity() >= least) {
      return present;
    }
    int segmentBytes = UnconsumedCap.segmentBytes(config);
    int smallest = Math.max(least, Math.min(FIRST_BYTES, segmentBytes));
    int size = Math.max(bytesAfter(followedBytes(active), segmentBytes), least);
    cap.check(config, active, size);
    discard();
    while (true) {
      try {
        PreparedSegment made = PreparedSegment.create(place, size, config.indexIntervalBytes());
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

  /** The size that counts of the segment that is followed; 0 if there is none, or it was cut. */
  private int followedBytes(@Nullable ActiveSegment active) {
    Segment last = segments.last();
    if (last == null || (active == null && openingTail.sealed())) {
      return 0;
    }
    int bytes = last.header().capacity();
    // rolled for its age, or for one large frame: the next one need not be larger
    return active != null && active.tailPosition() < bytes / 2 ? bytes / 2 : bytes;
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
