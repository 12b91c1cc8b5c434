package io.sawlog.index;

import java.util.ArrayList;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The frames of one segment as a plain list: the oracle for its index. Answers by walking from the
 * first frame.
 */
final class Frames {

  static final int NONE = -1;

  record Frame(int position, int length, int relativeOffset, int recordCount, long appendTime) {
    int end() {
      return position + length;
    }

    int nextRelativeOffset() {
      return relativeOffset + recordCount;
    }
  }

  private final List<Frame> frames = new ArrayList<>();

  /** Appends a frame and returns this. */
  Frames add(int length, int recordCount, long appendTime) {
    frames.add(new Frame(end(), length, nextRelativeOffset(), recordCount, appendTime));
    return this;
  }

  List<Frame> list() {
    return frames;
  }

  int end() {
    return frames.isEmpty()
        ? SparseIndex.FIRST_FRAME_POSITION
        : frames.get(frames.size() - 1).end();
  }

  int nextRelativeOffset() {
    return frames.isEmpty() ? 0 : frames.get(frames.size() - 1).nextRelativeOffset();
  }

  IndexHeader header(int intervalBytes, int spareBytes) {
    return new IndexHeader(7, 1_000, end() + spareBytes, intervalBytes);
  }

  /** Tells an index about all frames, as their producers do. */
  void feed(SparseIndex index) {
    for (Frame frame : frames) {
      index.onFrame(frame.position(), frame.end(), frame.nextRelativeOffset(), frame.appendTime());
    }
  }

  void feed(IndexAudit audit) {
    for (Frame frame : frames) {
      audit.onFrame(frame.position(), frame.end(), frame.nextRelativeOffset(), frame.appendTime());
    }
  }

  /** What the log answers; fails for a position that no look-up may ask for. */
  FrameProbe probe(int limitPosition) {
    return (position, relativeOffset) -> {
      if (position < SparseIndex.FIRST_FRAME_POSITION || position >= limitPosition) {
        throw new AssertionError("asked for position " + position + ", limit " + limitPosition);
      }
      int i = indexOf(position);
      return i == NONE || frames.get(i).relativeOffset() != relativeOffset
          ? FrameProbe.NO_FRAME
          : frames.get(i).appendTime();
    };
  }

  /** Position of the frame that holds an offset, found from a position on; or NONE. */
  int scanForOffset(int fromPosition, int limitPosition, int relativeOffset) {
    for (Frame frame : between(fromPosition, limitPosition)) {
      if (frame.relativeOffset() <= relativeOffset && relativeOffset < frame.nextRelativeOffset()) {
        return frame.position();
      }
    }
    return NONE;
  }

  /** Position of the first frame that is not older than a time, from a position on; or NONE. */
  int scanForTime(int fromPosition, int limitPosition, long appendTime) {
    for (Frame frame : between(fromPosition, limitPosition)) {
      if (frame.appendTime() >= appendTime) {
        return frame.position();
      }
    }
    return NONE;
  }

  /** The highest slot that the search must find in an index that is complete up to its holes. */
  int expectedSlot(SparseIndex index, int maxRelativeOffset, long timeBelow, int limitPosition) {
    int slot = 0;
    for (IndexEntry entry : entries(index)) {
      if (entry.position() < limitPosition
          && entry.relativeOffset() <= maxRelativeOffset
          && entry.appendTime() < timeBelow) {
        slot = entry.slot();
      }
    }
    return slot;
  }

  private List<Frame> between(int fromPosition, int limitPosition) {
    int from = indexOf(fromPosition);
    if (from == NONE && fromPosition != SparseIndex.FIRST_FRAME_POSITION) {
      throw new AssertionError("no frame starts at " + fromPosition);
    }
    return frames.stream()
        .filter(frame -> frame.position() >= fromPosition && frame.end() <= limitPosition)
        .toList();
  }

  private int indexOf(int position) {
    int low = 0;
    int high = frames.size() - 1;
    while (low <= high) {
      int middle = (low + high) / 2;
      int found = frames.get(middle).position();
      if (found == position) {
        return middle;
      }
      if (found < position) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return NONE;
  }

  static AtomicBuffer zeroed(IndexHeader header) {
    return new UnsafeBuffer(BufferUtil.allocateDirectAligned(header.indexBytes(), Long.BYTES));
  }

  static List<IndexEntry> entries(SparseIndex index) {
    List<IndexEntry> entries = new ArrayList<>();
    index.forEach(entries::add);
    return entries;
  }
}
