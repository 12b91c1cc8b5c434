package io.sawlog.tools;

import io.sawlog.log.segment.FrameFormat;

/** What stands at a place of a segment. Positions are bytes from the start of the file. */
sealed interface Finding {

  /** Where it begins. */
  int position();

  /**
   * An intact frame, field by field.
   *
   * @param position where it begins
   * @param length in bytes
   * @param crc the checksum, which matches
   * @param baseOffset the offset of its first record; of END the base of the next segment
   * @param recordCount how many offsets it uses up
   * @param appendTime epoch ms
   * @param kind one of the constants of {@link FrameFormat}
   * @param attributes bits
   * @param durablePosition how far the segment was durable when the frame was claimed; 0 unknown
   */
  record Frame(
      int position,
      int length,
      int crc,
      long baseOffset,
      int recordCount,
      long appendTime,
      int kind,
      int attributes,
      int durablePosition)
      implements Finding {
    /** The offset that follows. */
    long nextOffset() {
      return baseOffset + recordCount;
    }

    boolean isData() {
      return kind == FrameFormat.KIND_DATA;
    }

    boolean isEnd() {
      return kind == FrameFormat.KIND_END;
    }

    String kindName() {
      return switch (kind) {
        case FrameFormat.KIND_DATA -> "DATA";
        case FrameFormat.KIND_ABORTED -> "ABORTED";
        default -> "END";
      };
    }
  }

  /**
   * An append that claimed its place and was not published: it goes on at this moment, or died.
   *
   * @param position where it begins
   * @param nextPosition where the log goes on, or where it would
   * @param firstOffset its first offset
   * @param nextOffset the offset at {@code nextPosition}, {@link #UNKNOWN} if nothing follows
   */
  record Unfinished(int position, int nextPosition, long firstOffset, long nextOffset)
      implements Finding {}

  /**
   * Bytes that are not what was appended.
   *
   * @param position where they begin
   * @param nextPosition where the log goes on, or the end of the file
   * @param firstOffset the first offset that cannot be read
   * @param nextOffset the first offset that can be read again, {@link #UNKNOWN} if none can
   * @param what a verb phrase about the frame there
   */
  record Damage(int position, int nextPosition, long firstOffset, long nextOffset, String what)
      implements Finding {}

  /**
   * The end of the segment.
   *
   * @param position behind the last frame
   * @param nextOffset the offset that follows; behind END the base of the next segment
   * @param sealed whether END says so
   */
  record End(int position, long nextOffset, boolean sealed) implements Finding {}

  /** An offset that nothing tells. */
  long UNKNOWN = -1;
}
