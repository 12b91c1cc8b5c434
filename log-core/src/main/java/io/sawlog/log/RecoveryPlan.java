package io.sawlog.log;

import io.sawlog.log.segment.FrameFormat;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log that a partition holds, and what has to be written so that the files say the same. Made
 * without changing anything, and shown as it stands to readers of a store whose writer is dead.
 *
 * @param tail where the log ends and goes on
 * @param endOffset the offset behind the last record that was kept
 * @param segments the segments of the log, in order
 * @param obsolete segments below the log start, whose deletion was not finished
 * @param setAside segments that lie behind the end of the log after a power loss
 * @param aborts claims that were never published and now count as aborted
 * @param garbage bytes behind the end, left by claims, to be zeroed in the last segment; empty
 *     after a power loss, where nothing is overwritten but by END
 * @param rewriteFrom the first byte that has to be written again
 * @param cut whether the log was cut, so that its last segment gets an END with a new base offset
 * @param report what to tell the user; null if the partition had been closed cleanly
 */
record RecoveryPlan(
    LogTail tail,
    long endOffset,
    List<Segment> segments,
    List<SegmentFiles.Found> obsolete,
    List<SegmentFiles.Found> setAside,
    List<Abort> aborts,
    Range garbage,
    Place rewriteFrom,
    boolean cut,
    RecoveryReport.@Nullable PartitionRecovery report) {

  /**
   * A place in the log.
   *
   * @param segmentBase the base offset of the segment
   * @param position in bytes
   * @param offset the offset that follows there
   * @param lastTime the append time of the record before, epoch ms, 0 if unknown
   */
  record Place(long segmentBase, int position, long offset, long lastTime) {
    boolean isBehind(long otherBase, int otherPosition) {
      return segmentBase > otherBase || (segmentBase == otherBase && position > otherPosition);
    }
  }

  /**
   * Bytes of the last segment.
   *
   * @param from the first one
   * @param to behind the last one
   */
  record Range(int from, int to) {
    boolean isEmpty() {
      return from >= to;
    }
  }

  /**
   * An ABORTED frame that is missing.
   *
   * @param segmentBase the segment
   * @param position where it goes
   * @param length its length in bytes
   * @param baseOffset its first offset
   * @param recordCount how many offsets it uses up
   * @param appendTime that of the frame before, epoch ms
   */
  record Abort(
      long segmentBase,
      int position,
      int length,
      long baseOffset,
      int recordCount,
      long appendTime) {

    /**
     * As many frames as a range of offsets needs, one behind the other; the last takes all the
     * bytes that are left.
     *
     * @return empty if the bytes cannot hold so many
     */
    static List<Abort> covering(
        long segmentBase, int from, int to, long firstOffset, long nextOffset, long appendTime) {
      long frames = framesFor(nextOffset - firstOffset);
      if (nextOffset < firstOffset || frames * FrameFormat.HEADER_LENGTH > to - from) {
        return List.of();
      }
      List<Abort> aborts = new ArrayList<>();
      int at = from;
      long offset = firstOffset;
      for (long left = frames; left > 0; left--) {
        int length = left == 1 ? to - at : FrameFormat.HEADER_LENGTH;
        int count = (int) Math.min(nextOffset - offset, FrameFormat.MAX_RECORD_COUNT);
        aborts.add(new Abort(segmentBase, at, length, offset, count, appendTime));
        offset += count;
        at += length;
      }
      return aborts;
    }

    /** How many frames it takes to use up so many offsets. */
    static long framesFor(long records) {
      return Math.max(
          1, (records + FrameFormat.MAX_RECORD_COUNT - 1) / FrameFormat.MAX_RECORD_COUNT);
    }
  }

  boolean isClean() {
    return report == null;
  }
}
