package io.sawlog.log.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.index.IndexHeader;
import io.sawlog.index.SparseIndex;
import java.util.UUID;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A segment in plain memory, and a reader of it that believes nothing. */
final class StressedSegment {
  static final int INDEX_INTERVAL = 512;

  final ActiveSegment active;
  private final SegmentHeader header;
  private final CountingRegion log;

  /**
   * Is shown every frame before the end, in order, with the int that its first value begins with.
   */
  interface FrameVisitor {
    void visit(DirectBuffer frame, int value);
  }

  StressedSegment(int capacity, long baseOffset, AppendClock clock, long timeFloor) {
    this(capacity, baseOffset, clock, timeFloor, new CountingRegion(capacity));
  }

  StressedSegment(
      int capacity, long baseOffset, AppendClock clock, long timeFloor, CountingRegion log) {
    this.log = log;
    header = new SegmentHeader(new UUID(1, 2), 0, baseOffset, baseOffset, capacity, 0x5A17);
    IndexHeader indexHeader = new IndexHeader(0x5A17, baseOffset, capacity, INDEX_INTERVAL);
    CountingRegion index = new CountingRegion(indexHeader.indexBytes());
    indexHeader.writeTo(index.buffer());
    active =
        new ActiveSegment(
            header,
            new PinnedRegion(log),
            new PinnedRegion(index),
            new SparseIndex(index.buffer(), indexHeader),
            SegmentHeader.LENGTH,
            0,
            clock,
            timeFloor);
  }

  /** Appends a frame of one record, whose value is an int. */
  long append(int value) {
    FrameBuilder frame = new FrameBuilder();
    UnsafeBuffer bytes = new UnsafeBuffer(new byte[Integer.BYTES]);
    bytes.putInt(0, value);
    frame.add(null, 0, 0, bytes, 0, Integer.BYTES);
    return active.append(frame);
  }

  /**
   * Walks over all frames, checking each, their offsets and their times.
   *
   * @return the offset behind the last one
   */
  long forEachFrame(FrameVisitor visitor) {
    FrameBuffer frames = new FrameBuffer(1 << 12);
    RecordCursor records = new RecordCursor();
    int position = SegmentHeader.LENGTH;
    long expected = header.baseOffset();
    long time = Long.MIN_VALUE;
    while (position < active.tailPosition()) {
      active.copyPublished(position, frames);
      assertEquals(
          FrameCheck.VALID, frames.check(position, header.capacity(), header.salt(), expected));
      DirectBuffer bytes = frames.buffer();
      assertTrue(FrameFormat.appendTime(bytes, 0) >= time, "append times decrease");
      time = FrameFormat.appendTime(bytes, 0);
      int value = Integer.MIN_VALUE;
      if (FrameFormat.kind(bytes, 0) == FrameFormat.KIND_DATA) {
        records.reset(bytes, 0);
        records.next();
        value = bytes.getInt(records.valuePosition());
      }
      visitor.visit(bytes, value);
      expected += FrameFormat.recordCount(bytes, 0);
      position += FrameFormat.length(bytes, 0);
    }
    assertEquals(expected, active.nextOffset());
    return expected;
  }

  /**
   * What a reader finds at the beginning now: the value, 0 if there is nothing, -1 if it is wrong.
   */
  int firstValue() {
    FrameBuffer frames = new FrameBuffer(1 << 12);
    active.copyPublished(SegmentHeader.LENGTH, frames);
    if (!frames.contains(SegmentHeader.LENGTH, FrameFormat.HEADER_LENGTH)) {
      return 0;
    }
    if (frames.check(SegmentHeader.LENGTH, header.capacity(), header.salt(), header.baseOffset())
        != FrameCheck.VALID) {
      return -1;
    }
    RecordCursor records = new RecordCursor();
    records.reset(frames);
    records.next();
    return frames.buffer().getInt(records.valuePosition());
  }

  long lastTime() {
    long[] last = {0};
    forEachFrame((frame, value) -> last[0] = FrameFormat.appendTime(frame, 0));
    return last[0];
  }

  UnsafeBuffer memory() {
    return log.buffer();
  }
}
