package io.sawlog.index;

/**
 * What the log says about one position. Look-ups ask it before they trust an entry of an index.
 *
 * <p>An answer other than the append time of a frame that was checked (whole, valid checksum,
 * expected base offset) may make a look-up return a position behind the record it was asked for.
 * The method is called on the thread that looks up, a few times at most for an index that is not
 * damaged; what it throws is passed on.
 */
@FunctionalInterface
public interface FrameProbe {

  /** The answer when no such frame starts at a position. */
  long NO_FRAME = Long.MIN_VALUE;

  /**
   * Returns the append time of the frame at a position.
   *
   * <p>Only positions inside the limit of the look-up are asked for. There, {@link #NO_FRAME} means
   * that the index contradicts the log and is worth rebuilding.
   *
   * @param position bytes from the start of the segment, 8-byte aligned
   * @param relativeOffset the offset that the frame must start with, minus the base offset of the
   *     segment
   * @return epoch ms, or {@link #NO_FRAME} if no valid frame with that offset starts there
   */
  long appendTime(int position, int relativeOffset);
}
