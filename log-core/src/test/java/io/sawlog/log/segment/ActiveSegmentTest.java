package io.sawlog.log.segment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.index.IndexHeader;
import io.sawlog.index.SparseIndex;
import io.sawlog.log.file.DiskStorage;
import io.sawlog.log.file.MappedRegion;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.ActiveSegment.PublishedEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The append protocol as one thread sees it, on a mapped file. */
class ActiveSegmentTest {
  private static final int CAPACITY = 64 << 10;
  private static final int INTERVAL = 1024;
  private static final long BASE = 500;
  private static final SegmentHeader HEADER =
      new SegmentHeader(new UUID(1, 2), 0, BASE, 0, CAPACITY, 99);

  @TempDir Path directory;
  private final AtomicLong wallClock = new AtomicLong(10_000);
  private final AppendClock clock = new AppendClock(wallClock::get, () -> {});
  private final List<ActiveSegment> opened = new ArrayList<>();

  @AfterEach
  void unmap() {
    opened.forEach(ActiveSegment::release);
  }

  @Test
  void shouldNumberRecordsFromTheBaseOffsetOn() throws IOException {
    ActiveSegment segment = open();

    assertEquals(BASE, segment.append(frame("a")));
    assertEquals(BASE + 1, segment.append(batch(3)));
    assertEquals(BASE + 4, segment.append(frame("b")));

    assertEquals(BASE + 5, segment.nextOffset());
    assertTrue(segment.isPublished());
  }

  @Test
  void shouldRefuseAFrameThatDoesNotFitAndStillTakeASmallerOne() throws IOException {
    ActiveSegment segment = open();
    segment.append(frame("x".repeat(CAPACITY - 1000)));
    int before = segment.tailPosition();

    assertEquals(ActiveSegment.REFUSED, segment.append(frame("x".repeat(2000))));

    assertEquals(before, segment.tailPosition());
    assertEquals(BASE + 1, segment.append(frame("small")));
  }

  @Test
  void shouldAlwaysKeepTheRoomForItsEnd() throws IOException {
    ActiveSegment segment = open();
    int rest = CAPACITY - SegmentHeader.LENGTH - FrameFormat.HEADER_LENGTH;
    FrameBuilder exact = ofLength(rest);
    FrameBuilder tooLong = ofLength(rest + FrameFormat.ALIGNMENT);

    assertEquals(ActiveSegment.REFUSED, segment.append(tooLong));
    assertEquals(BASE, segment.append(exact));
    assertEquals(ActiveSegment.REFUSED, segment.append(FrameBuilder.aborted()));
    segment.writeEnd(segment.close());

    PublishedEnd end = start();
    segment.followPublished(end, CAPACITY);
    assertTrue(end.ended);
    assertEquals(CAPACITY, end.position);
    assertEquals(BASE + 1, end.nextOffset);
  }

  @Test
  void shouldRefuseEverythingOnceItIsClosedAndSayTheSameEndEachTime() throws IOException {
    ActiveSegment segment = open();
    segment.append(batch(2));

    long end = segment.close();

    assertEquals(BASE + 2, end);
    assertTrue(segment.isClosed());
    assertEquals(ActiveSegment.REFUSED, segment.append(frame("late")));
    assertEquals(end, segment.close());
    assertEquals(end, segment.nextOffset());
  }

  @Test
  void shouldWriteAnEndThatNamesTheNextBaseAndTheTimeOfClosing() throws IOException {
    ActiveSegment segment = open();
    segment.append(frame("a"));
    segment.close();
    wallClock.set(20_000);
    clock.tick();

    segment.writeEnd(1 << 20);

    int position = segment.tailPosition();
    UnsafeBuffer log = segment.pinned().region().buffer();
    assertEquals(FrameFormat.KIND_END, FrameFormat.kind(log, position));
    assertEquals(1 << 20, FrameFormat.baseOffset(log, position));
    assertEquals(20_000, FrameFormat.appendTime(log, position));
    assertEquals(0, FrameFormat.recordCount(log, position));
  }

  @Test
  void shouldNeverGiveATimeBelowTheFloorOrTheFrameBefore() throws IOException {
    ActiveSegment segment = open(map(), 0, 15_000);

    segment.append(frame("at the floor"));
    wallClock.set(16_000);
    clock.tick();
    segment.append(frame("later"));
    wallClock.set(12_000);
    clock.tick();
    segment.append(frame("after the clock went back"));

    assertEquals(List.of(15_000L, 16_000L, 16_000L), times(segment));
  }

  @Test
  void shouldGoOnWhereAnEarlierLifeStopped() throws IOException {
    MappedRegion region = map();
    ActiveSegment first = open(region, 0, 0);
    first.append(batch(3));
    int tail = first.tailPosition();

    ActiveSegment second =
        new ActiveSegment(
            HEADER, new PinnedRegion(region), indexRegion(), index(), tail, 3, clock, 0);

    assertEquals(BASE + 3, second.append(frame("next")));
    assertEquals(tail, position(second, 1));
  }

  @Test
  void shouldFollowPublishedFramesUpToAnUnfinishedClaim() throws IOException {
    ActiveSegment segment = open();
    segment.append(frame("a"));
    segment.append(batch(4));
    int claim = segment.tailPosition();
    segment.append(frame("unfinished"));
    segment.append(frame("behind it"));
    UnsafeBuffer log = segment.pinned().region().buffer();
    int length = log.getInt(claim);
    log.putInt(claim, -length);

    PublishedEnd end = start();
    segment.followPublished(end, CAPACITY);

    assertEquals(claim, end.position);
    assertEquals(BASE + 5, end.nextOffset);
    assertEquals(10_000, end.time);
    assertFalse(end.ended);
    assertFalse(segment.isPublished());
    log.putInt(claim, length);
    segment.followPublished(end, CAPACITY);
    assertEquals(segment.tailPosition(), end.position);
    assertTrue(segment.isPublished());
  }

  @Test
  void shouldFollowNoFurtherThanItIsAskedTo() throws IOException {
    ActiveSegment segment = open();
    for (int i = 0; i < 10; i++) {
      segment.append(frame("0123456789"));
    }
    int frameLength = (segment.tailPosition() - SegmentHeader.LENGTH) / 10;

    PublishedEnd end = start();
    segment.followPublished(end, SegmentHeader.LENGTH + 3 * frameLength - 1);

    assertEquals(SegmentHeader.LENGTH + 3 * frameLength, end.position);
    assertEquals(BASE + 3, end.nextOffset);
  }

  @Test
  void shouldCopyWholeFramesAsManyAsFit() throws IOException {
    ActiveSegment segment = open();
    for (int i = 0; i < 10; i++) {
      segment.append(frame("0123456789"));
    }
    int frameLength = (segment.tailPosition() - SegmentHeader.LENGTH) / 10;
    FrameBuffer target = new FrameBuffer(3 * frameLength + 8);

    segment.copyPublished(SegmentHeader.LENGTH, target);

    assertTrue(target.contains(SegmentHeader.LENGTH, 3 * frameLength));
    assertFalse(target.contains(SegmentHeader.LENGTH, 3 * frameLength + 1));
    assertEquals(
        FrameCheck.VALID,
        target.check(SegmentHeader.LENGTH + 2 * frameLength, CAPACITY, HEADER.salt(), BASE + 2));
  }

  @Test
  void shouldCopyOneFrameThatIsLargerThanTheTarget() throws IOException {
    ActiveSegment segment = open();
    segment.append(frame("x".repeat(5000)));
    segment.append(frame("y"));
    FrameBuffer target = new FrameBuffer(1024);

    segment.copyPublished(SegmentHeader.LENGTH, target);

    assertEquals(
        FrameCheck.VALID, target.check(SegmentHeader.LENGTH, CAPACITY, HEADER.salt(), BASE));
    assertFalse(target.contains(position(segment, 1), 1));
  }

  @Test
  void shouldCopyNothingWhereNothingIsPublished() throws IOException {
    ActiveSegment segment = open();
    FrameBuffer target = new FrameBuffer(1024);

    segment.copyPublished(SegmentHeader.LENGTH, target);

    assertFalse(target.contains(SegmentHeader.LENGTH, 1));
  }

  @Test
  void shouldNotBelieveALengthThatLeavesTheSegment() throws IOException {
    ActiveSegment segment = open();
    segment.append(frame("a"));
    int second = segment.tailPosition();
    segment.append(frame("b"));
    segment.pinned().region().buffer().putInt(second, Integer.MAX_VALUE & -8);
    FrameBuffer target = new FrameBuffer(CAPACITY);

    segment.copyPublished(SegmentHeader.LENGTH, target);

    assertTrue(target.contains(SegmentHeader.LENGTH, second - SegmentHeader.LENGTH));
    assertFalse(target.contains(second, 1));
  }

  @Test
  void shouldSayInEachFrameHowFarTheSegmentWasDurable() throws IOException {
    ActiveSegment segment = open();
    segment.append(frame("a"));
    int durable = segment.tailPosition();

    segment.durableUpTo(durable);
    segment.append(frame("b"));

    UnsafeBuffer log = segment.pinned().region().buffer();
    assertEquals(0, FrameFormat.durablePosition(log, SegmentHeader.LENGTH));
    assertEquals(durable, FrameFormat.durablePosition(log, durable));
    assertEquals(durable, segment.durablePosition());
  }

  @Test
  void shouldIndexTheFrameBehindEachBlockBoundary() throws IOException {
    ActiveSegment segment = open();
    for (int i = 0; i < 100; i++) {
      segment.append(frame("x".repeat(40 + i)));
    }

    int at =
        segment.index().positionForOffset(50, segment.tailPosition(), (position, offset) -> 10_000);

    assertTrue(at > SegmentHeader.LENGTH && at <= position(segment, 50));
    assertTrue(at > position(segment, 50) - 2 * INTERVAL);
  }

  @Test
  void shouldThrowWhenAStoreIntoTheFirstPageIsLost() throws IOException {
    SwallowingRegion region = new SwallowingRegion(map());
    ActiveSegment segment = open(region, 0, 0);
    segment.append(frame("arrives"));
    region.lostPage = 0;

    LostStoreException e =
        assertThrows(LostStoreException.class, () -> segment.append(frame("is lost")));

    assertTrue(e.getMessage().contains(String.valueOf(BASE)), e.getMessage());
  }

  @Test
  void shouldThrowWhenAStoreIntoAnyLaterPageOfAFrameIsLost() throws IOException {
    for (int page = 1; page <= 4; page++) {
      SwallowingRegion region = new SwallowingRegion(map());
      ActiveSegment segment = open(region, 0, 0);
      region.lostPage = page;
      FrameBuilder frame = frame("x".repeat(4 * 4096));

      assertThrows(LostStoreException.class, () -> segment.append(frame), "page " + page);
    }
  }

  @Test
  void shouldLeaveAnAbortedFrameWhereAStoreWasLost() throws IOException {
    SwallowingRegion region = new SwallowingRegion(map());
    ActiveSegment segment = open(region, 0, 0);
    region.lostPage = 2;
    FrameBuilder frame = frame("x".repeat(4 * 4096));
    int length = frame.length();

    assertThrows(LostStoreException.class, () -> segment.append(frame));

    FrameBuffer target = new FrameBuffer(CAPACITY);
    segment.copyPublished(SegmentHeader.LENGTH, target);
    assertEquals(
        FrameCheck.VALID, target.check(SegmentHeader.LENGTH, CAPACITY, HEADER.salt(), BASE));
    assertEquals(FrameFormat.KIND_ABORTED, FrameFormat.kind(target.buffer(), 0));
    assertEquals(length, FrameFormat.length(target.buffer(), 0));
  }

  /** A mapping one page of which the operating system cannot back: stores into it vanish. */
  private static final class SwallowingRegion implements MappedRegion {
    private final MappedRegion real;
    private final UnsafeBuffer buffer;
    private int lostPage = -1;

    SwallowingRegion(MappedRegion real) {
      this.real = real;
      this.buffer = new SwallowingBuffer(real.buffer());
    }

    private final class SwallowingBuffer extends UnsafeBuffer {
      SwallowingBuffer(DirectBuffer real) {
        super(real);
      }

      private boolean isLost(int index) {
        return index / 4096 == lostPage;
      }

      @Override
      public void putInt(int index, int value) {
        if (!isLost(index)) {
          super.putInt(index, value);
        }
      }

      @Override
      public void putIntRelease(int index, int value) {
        if (!isLost(index)) {
          super.putIntRelease(index, value);
        }
      }

      @Override
      public void putBytes(int index, DirectBuffer source, int sourceIndex, int length) {
        for (int i = 0; i < length; i++) {
          if (!isLost(index + i)) {
            super.putByte(index + i, source.getByte(sourceIndex + i));
          }
        }
      }
    }

    @Override
    public UnsafeBuffer buffer() {
      return buffer;
    }

    @Override
    public void force(int position, int length) throws IOException {
      real.force(position, length);
    }

    @Override
    public void populate(int position, int length) {
      real.populate(position, length);
    }

    @Override
    public void allowLargePieces(int position) {
      real.allowLargePieces(position);
    }

    @Override
    public void unmap() {
      real.unmap();
    }
  }

  private ActiveSegment open() throws IOException {
    return open(map(), 0, 0);
  }

  private ActiveSegment open(MappedRegion region, long recordCount, long timeFloor) {
    region.buffer().putBytes(0, HEADER.encode(), SegmentHeader.LENGTH);
    ActiveSegment segment =
        new ActiveSegment(
            HEADER,
            new PinnedRegion(region),
            indexRegion(),
            index(),
            SegmentHeader.LENGTH,
            recordCount,
            clock,
            timeFloor);
    opened.add(segment);
    return segment;
  }

  private MappedRegion map() throws IOException {
    Path path = directory.resolve(opened.size() + ".log");
    try (StorageFile file = DiskStorage.open().create(path)) {
      file.allocate(CAPACITY);
      return file.map(CAPACITY);
    }
  }

  private static SparseIndex index() {
    IndexHeader header = new IndexHeader(99, BASE, CAPACITY, INTERVAL);
    return new SparseIndex(
        new UnsafeBuffer(ByteBuffer.allocateDirect(header.indexBytes())), header);
  }

  private static PinnedRegion indexRegion() {
    return new PinnedRegion(
        new MappedRegion() {
          @Override
          public UnsafeBuffer buffer() {
            return new UnsafeBuffer(0, 0);
          }

          @Override
          public void force(int position, int length) {
            // not on disk
          }

          @Override
          public void populate(int position, int length) {
            // not mapped
          }

          @Override
          public void allowLargePieces(int position) {
            // not mapped
          }

          @Override
          public void unmap() {
            // not mapped
          }
        });
  }

  private static FrameBuilder frame(String value) {
    FrameBuilder frame = new FrameBuilder();
    frame.add(null, value.getBytes(UTF_8));
    return frame;
  }

  private static FrameBuilder batch(int count) {
    FrameBuilder frame = new FrameBuilder();
    for (int i = 0; i < count; i++) {
      frame.add(null, ("record " + i).getBytes(UTF_8));
    }
    return frame;
  }

  private static FrameBuilder ofLength(int length) {
    for (int value = length - FrameFormat.HEADER_LENGTH; value > 0; value--) {
      FrameBuilder frame = frame("x".repeat(value));
      if (frame.length() == length) {
        return frame;
      }
    }
    throw new IllegalArgumentException("no frame has " + length + " bytes");
  }

  private static PublishedEnd start() {
    return new PublishedEnd(SegmentHeader.LENGTH, BASE, 0);
  }

  private static int position(ActiveSegment segment, int frameNumber) {
    UnsafeBuffer log = segment.pinned().region().buffer();
    int position = SegmentHeader.LENGTH;
    for (int i = 0; i < frameNumber; i++) {
      position += FrameFormat.length(log, position);
    }
    return position;
  }

  private static List<Long> times(ActiveSegment segment) {
    UnsafeBuffer log = segment.pinned().region().buffer();
    List<Long> times = new ArrayList<>();
    int position = SegmentHeader.LENGTH;
    while (position < segment.tailPosition()) {
      times.add(FrameFormat.appendTime(log, position));
      position += FrameFormat.length(log, position);
    }
    return times;
  }
}
