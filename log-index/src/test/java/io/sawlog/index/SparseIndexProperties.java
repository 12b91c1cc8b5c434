package io.sawlog.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.agrona.concurrent.AtomicBuffer;

/** Random segments against the plain list of their frames. */
class SparseIndexProperties {

  /** A segment whose frames are all indexed, read up to the end of one of them. */
  record Segment(Frames frames, IndexHeader header, int limitPosition) {

    AtomicBuffer indexed() {
      AtomicBuffer buffer = Frames.zeroed(header);
      frames.feed(new SparseIndex(buffer, header));
      return buffer;
    }
  }

  record Shape(int units, int recordCount, int timeStep) {}

  @Property
  void shouldFindWhatAFullScanFinds(@ForAll("segments") Segment segment) {
    assertEveryLookUpIsRight(segment, new SparseIndex(segment.indexed(), segment.header()));
  }

  @Property
  void shouldFindTheHighestSlotWhateverSlotsAreEmpty(
      @ForAll("segments") Segment segment, @ForAll Random random) {
    AtomicBuffer buffer = segment.indexed();
    var index = new SparseIndex(buffer, segment.header());
    int emptyOfTen = random.nextInt(11);

    for (int slot = 1; slot < index.slotCount(); slot++) {
      if (random.nextInt(10) < emptyOfTen) {
        buffer.putLong(SparseIndex.entryAt(slot), 0);
      }
    }

    assertEveryLookUpIsRight(segment, index);
    assertEverySearchIsExact(segment, index);
  }

  @Property
  void shouldFindWhatAFullScanFindsInAnIndexWithGarbage(
      @ForAll("segments") Segment segment, @ForAll Random random) {
    AtomicBuffer buffer = segment.indexed();
    var index = new SparseIndex(buffer, segment.header());
    int garbageOfTen = random.nextInt(11);

    for (int slot = 0; slot < index.slotCount(); slot++) {
      if (random.nextInt(10) < garbageOfTen) {
        scribble(buffer, slot, index.slotCount(), segment, random);
      }
    }

    assertEveryLookUpIsRight(segment, index);
  }

  @Property
  void shouldBeTheSameIndexAfterRebuilding(
      @ForAll("segments") Segment segment, @ForAll Random random) {
    AtomicBuffer buffer = segment.indexed();
    var index = new SparseIndex(buffer, segment.header());
    List<IndexEntry> before = Frames.entries(index);
    for (int slot = 0; slot < index.slotCount(); slot++) {
      scribble(buffer, slot, index.slotCount(), segment, random);
    }

    index.clear();
    segment.frames().feed(index);

    assertEquals(before, Frames.entries(index));
  }

  @Property
  void shouldFindExactlyTheChangedEntryInAnAudit(
      @ForAll("segments") Segment segment, @ForAll Random random) {
    AtomicBuffer buffer = segment.indexed();
    var index = new SparseIndex(buffer, segment.header());
    List<IndexEntry> entries = Frames.entries(index);
    if (entries.isEmpty()) {
      return;
    }
    int slot = entries.get(random.nextInt(entries.size())).slot();
    int bit = random.nextInt(IndexEntry.LENGTH_BYTES * 8);
    int at = SparseIndex.entryAt(slot) + bit / 8;
    buffer.putByte(at, (byte) (buffer.getByte(at) ^ (1 << (bit % 8))));

    var audit = new IndexAudit(index);
    segment.frames().feed(audit);

    if (index.isEmpty(slot)) {
      assertEquals(1, audit.missingEntries());
      assertTrue(audit.firstContradiction().isEmpty());
    } else {
      assertEquals(slot, audit.firstContradiction().orElseThrow().found().slot());
    }
    assertEquals(entries.size() - 1, audit.matchingEntries());
  }

  private static void assertEveryLookUpIsRight(Segment segment, SparseIndex index) {
    Frames frames = segment.frames();
    int limit = segment.limitPosition();
    FrameProbe probe = frames.probe(limit);
    for (Frames.Frame frame : frames.list()) {
      for (int around = -1; around <= frame.recordCount(); around++) {
        int offset = frame.relativeOffset() + around;
        int position = index.positionForOffset(offset, limit, probe);
        assertInside(position, limit);
        assertEquals(
            frames.scanForOffset(SparseIndex.FIRST_FRAME_POSITION, limit, offset),
            frames.scanForOffset(position, limit, offset),
            () -> "offset " + offset);
      }
      for (long time = frame.appendTime() - 1; time <= frame.appendTime() + 1; time++) {
        assertTimeLookUpIsRight(frames, index, limit, time);
      }
    }
    assertTimeLookUpIsRight(frames, index, limit, Long.MIN_VALUE);
    assertTimeLookUpIsRight(frames, index, limit, Long.MAX_VALUE);
  }

  private static void assertTimeLookUpIsRight(
      Frames frames, SparseIndex index, int limit, long time) {
    int position = index.positionForTime(time, limit, frames.probe(limit));
    assertInside(position, limit);
    assertEquals(
        frames.scanForTime(SparseIndex.FIRST_FRAME_POSITION, limit, time),
        frames.scanForTime(position, limit, time),
        () -> "time " + time);
  }

  private static void assertInside(int position, int limit) {
    assertTrue(
        position == SparseIndex.FIRST_FRAME_POSITION
            || (position > SparseIndex.FIRST_FRAME_POSITION && position < limit),
        () -> "position " + position);
  }

  private static void assertEverySearchIsExact(Segment segment, SparseIndex index) {
    Frames frames = segment.frames();
    int limit = segment.limitPosition();
    for (Frames.Frame frame : frames.list()) {
      int offset = frame.relativeOffset();
      assertEquals(
          frames.expectedSlot(index, offset, Long.MAX_VALUE, limit),
          index.search(offset, Long.MAX_VALUE, limit));
      long time = frame.appendTime();
      assertEquals(
          frames.expectedSlot(index, Integer.MAX_VALUE, time, limit),
          index.search(Integer.MAX_VALUE, time, limit));
    }
  }

  /** From noise that is easy to see through to entries that are right, but for another slot. */
  private static void scribble(
      AtomicBuffer buffer, int slot, int slotCount, Segment segment, Random random) {
    List<Frames.Frame> frames = segment.frames().list();
    Frames.Frame frame = frames.get(random.nextInt(frames.size()));
    int at = SparseIndex.entryAt(slot);
    switch (random.nextInt(6)) {
      case 0 -> {
        buffer.putLong(at, random.nextLong());
        buffer.putLong(at + IndexEntry.APPEND_TIME, random.nextLong());
      }
      case 1 -> buffer.putLong(at, -1);
      case 2 -> buffer.putLong(at + IndexEntry.APPEND_TIME, random.nextInt(100));
      case 3 -> buffer.putBytes(at, buffer, SparseIndex.entryAt(random.nextInt(slotCount)), 16);
      case 4 -> buffer.putLong(at, IndexEntry.word(frame.relativeOffset(), frame.position()));
      default ->
          buffer.putLong(
              at, IndexEntry.word(random.nextInt(100), random.nextInt(segment.frames().end())));
    }
  }

  @Provide
  Arbitrary<Segment> segments() {
    Arbitrary<Integer> units =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.integers().between(4, 12)),
            Tuple.of(2, Arbitraries.integers().between(12, 80)),
            Tuple.of(1, Arbitraries.integers().between(80, 600)));
    Arbitrary<Shape> shapes =
        Combinators.combine(
                units,
                Arbitraries.frequencyOf(
                    Tuple.of(6, Arbitraries.just(1)),
                    Tuple.of(3, Arbitraries.integers().between(0, 6))),
                Arbitraries.frequencyOf(
                    Tuple.of(6, Arbitraries.just(0)),
                    Tuple.of(3, Arbitraries.integers().between(1, 3))))
            .as(Shape::new);
    return Combinators.combine(
            shapes.list().ofMinSize(1).ofMaxSize(60),
            Arbitraries.of(64, 128, 256, 1_024),
            Arbitraries.integers().between(0, 100),
            Arbitraries.integers().between(0, 1_000_000))
        .as(SparseIndexProperties::segment);
  }

  private static Segment segment(
      List<Shape> shapes, int intervalBytes, int spareUnits, int limitChoice) {
    Frames frames = new Frames();
    long time = 10;
    for (Shape shape : shapes) {
      time += shape.timeStep();
      frames.add(shape.units() * 8, shape.recordCount(), time);
    }
    List<Frames.Frame> list = frames.list();
    int limit = list.get(limitChoice % list.size()).end();
    return new Segment(frames, frames.header(intervalBytes, spareUnits * 8), limit);
  }
}
