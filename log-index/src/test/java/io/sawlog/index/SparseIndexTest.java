package io.sawlog.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SparseIndexTest {

  private static final IndexHeader HEADER = new IndexHeader(1, 2, 4_096, 256);

  private final AtomicBuffer buffer = Frames.zeroed(HEADER);
  private final SparseIndex index = new SparseIndex(buffer, HEADER);

  @Test
  void shouldWriteNothingForAFrameInsideABlock() {
    index.onFrame(64, 128, 1, 10);
    index.onFrame(128, 248, 2, 10);

    assertEquals(List.of(), Frames.entries(index));
  }

  @Test
  void shouldDescribeTheFrameBehindTheOneThatCrossesABlockStart() {
    index.onFrame(200, 264, 5, 10);

    assertEquals(List.of(new IndexEntry(1, 5, 264, 10)), Frames.entries(index));
  }

  @Test
  void shouldDescribeAFrameThatStartsExactlyAtABlock() {
    index.onFrame(200, 256, 5, 10);
    index.onFrame(256, 296, 6, 11);

    assertEquals(List.of(new IndexEntry(1, 5, 256, 10)), Frames.entries(index));
  }

  @Test
  void shouldFillEverySlotThatALargeFrameCrosses() {
    index.onFrame(64, 800, 3, 10);

    assertEquals(
        List.of(
            new IndexEntry(1, 3, 800, 10),
            new IndexEntry(2, 3, 800, 10),
            new IndexEntry(3, 3, 800, 10)),
        Frames.entries(index));
  }

  @Test
  void shouldIgnoreSlotsBehindItsEnd() {
    index.onFrame(4_000, 4_096, 9, 10);
    index.onFrame(4_096, 9_000, 10, 10);

    assertEquals(List.of(), Frames.entries(index));
  }

  @Test
  void shouldSendEveryLookUpInAnEmptyIndexToTheFirstFrame() {
    FrameProbe probe = (position, relativeOffset) -> 0;

    assertEquals(64, index.positionForOffset(100, 4_096, probe));
    assertEquals(64, index.positionForTime(100, 4_096, probe));
  }

  @Test
  void shouldFindTheFirstFrameForALimitBeforeIt() {
    index.onFrame(64, 800, 3, 10);
    FrameProbe probe = (position, relativeOffset) -> 0;

    for (int limit : new int[] {Integer.MIN_VALUE, -1, 0, 8, 64, 72}) {
      assertEquals(64, index.positionForOffset(100, limit, probe));
      assertEquals(64, index.positionForTime(100, limit, probe));
    }
  }

  @Test
  void shouldNotSeeAFrameAtTheLimit() {
    Frames frames = new Frames().add(256, 1, 10).add(256, 1, 11).add(256, 1, 12);
    frames.feed(index);

    assertEquals(320, index.positionForOffset(2, 576, frames.probe(576)));
    assertEquals(576, index.positionForOffset(2, 832, frames.probe(832)));
  }

  @Test
  void shouldFindTheFirstFrameOfAMillisecondThatFillsManyBlocks() {
    Frames frames = manyBlocksInOneMillisecond();
    frames.feed(index);
    int limit = frames.end();

    int position = index.positionForTime(20, limit, frames.probe(limit));

    assertEquals(frames.scanForTime(64, limit, 20), frames.scanForTime(position, limit, 20));
  }

  @Test
  void shouldMissFramesIfTimesWereSearchedWithLessOrEqual() {
    Frames frames = manyBlocksInOneMillisecond();
    frames.feed(index);
    int limit = frames.end();

    int position = lessOrEqualVariant(20, limit, frames.probe(limit));

    assertNotEquals(frames.scanForTime(64, limit, 20), frames.scanForTime(position, limit, 20));
  }

  /** The planted mistake: times are whole milliseconds, so {@code <= t} is {@code < t + 1}. */
  private int lessOrEqualVariant(long appendTime, int limitPosition, FrameProbe probe) {
    return index.positionForTime(appendTime + 1, limitPosition, probe);
  }

  private static Frames manyBlocksInOneMillisecond() {
    Frames frames = new Frames().add(296, 1, 10);
    for (int i = 0; i < 40; i++) {
      frames.add(72, 1, 20);
    }
    return frames.add(72, 1, 30);
  }

  @Test
  void shouldStepBackWhenTheTimeInAnEntryIsTooEarly() {
    Frames frames = new Frames();
    for (int i = 0; i < 50; i++) {
      frames.add(72, 1, i);
    }
    frames.feed(index);
    buffer.putLong(SparseIndex.entryAt(7) + IndexEntry.APPEND_TIME, 1);
    int limit = frames.end();
    assertEquals(7, index.search(Integer.MAX_VALUE, 5, limit), "where the search is misled to");

    int position = index.positionForTime(5, limit, frames.probe(limit));

    assertEquals(frames.scanForTime(64, limit, 5), frames.scanForTime(position, limit, 5));
  }

  @Test
  void shouldStepBackWhenTheFrameIsNotThere() {
    index.onFrame(64, 264, 1, 10);
    index.onFrame(264, 520, 2, 10);
    index.onFrame(520, 776, 3, 10);

    int position =
        index.positionForOffset(3, 1_000, (at, offset) -> at == 776 ? FrameProbe.NO_FRAME : 10);

    assertEquals(520, position);
  }

  @Test
  void shouldAskTheLogOnceForALookUpInASoundIndex() {
    Frames frames = new Frames();
    for (int i = 0; i < 50; i++) {
      frames.add(72, 1, i);
    }
    frames.feed(index);
    AtomicInteger probes = new AtomicInteger();
    FrameProbe probe = counting(frames.probe(frames.end()), probes);

    index.positionForOffset(40, frames.end(), probe);

    assertEquals(1, probes.get());
  }

  @Test
  void shouldAskTheLogFewTimesInAnIndexFullOfGarbage() {
    var header = new IndexHeader(1, 2, 1 << 20, 64);
    var large = new SparseIndex(Frames.zeroed(header), header);
    for (int position = 64; position < 1 << 20; position += 64) {
      large.onFrame(position, position + 64, position, position);
    }
    AtomicInteger probes = new AtomicInteger();

    int position =
        large.positionForOffset(
            1 << 20, 1 << 20, counting((at, offset) -> FrameProbe.NO_FRAME, probes));

    assertEquals(64, position);
    assertTrue(probes.get() <= 15, probes + " probes");
  }

  @Test
  void shouldAskForOnePositionOnceHoweverManySlotsNameIt() {
    Frames frames = new Frames().add(72, 1, 10).add(2_048, 1, 10).add(72, 1, 20);
    frames.feed(index);
    AtomicInteger probes = new AtomicInteger();
    FrameProbe probe = counting(frames.probe(frames.end()), probes);

    assertEquals(64, index.positionForTime(15, frames.end(), probe));

    assertEquals(1, probes.get());
  }

  private static FrameProbe counting(FrameProbe probe, AtomicInteger probes) {
    return (position, relativeOffset) -> {
      probes.incrementAndGet();
      return probe.appendTime(position, relativeOffset);
    };
  }

  @Test
  void shouldNotAskTheLogAboutEntriesThatCannotBeRight() {
    buffer.putLong(SparseIndex.entryAt(3), IndexEntry.word(1, 3 * 256 - 8));
    buffer.putLong(SparseIndex.entryAt(4), IndexEntry.word(-1, 4 * 256));
    buffer.putLong(SparseIndex.entryAt(5), IndexEntry.word(1, 2_048));
    buffer.putLong(SparseIndex.entryAt(6), -1);
    FrameProbe probe =
        (position, relativeOffset) -> {
          throw new AssertionError("asked for position " + position);
        };

    assertEquals(64, index.positionForOffset(1, 2_048, probe));
    assertEquals(64, index.positionForTime(1, 2_048, probe));
  }

  @Test
  void shouldPassOnWhatTheProbeThrows() {
    index.onFrame(64, 264, 1, 10);
    FrameProbe broken =
        (position, relativeOffset) -> {
          throw new IllegalStateException("read error");
        };

    assertThrows(IllegalStateException.class, () -> index.positionForOffset(1, 1_000, broken));
  }

  @Test
  void shouldBeEmptyAfterClear() {
    HEADER.writeTo(buffer);
    index.onFrame(64, 800, 3, 10);

    index.clear();

    assertEquals(List.of(), Frames.entries(index));
    assertEquals(new HeaderCheck.Valid(HEADER), IndexHeader.check(buffer, 1, 2, 4_096));
  }

  @Test
  void shouldRefuseABufferThatIsTooShort() {
    var shorter = new UnsafeBuffer(buffer, 0, buffer.capacity() - 8);

    assertThrows(IllegalArgumentException.class, () -> new SparseIndex(shorter, HEADER));
  }

  @Test
  void shouldRefuseABufferThatIsNotAligned() {
    var header = new IndexHeader(1, 2, 2_048, 256);
    var shifted = new UnsafeBuffer(buffer, 4, buffer.capacity() - 4);

    assertThrows(IllegalStateException.class, () -> new SparseIndex(shifted, header));
  }

  @Test
  void shouldFindNoContradictionInItsOwnIndex() {
    Frames frames = manyBlocksInOneMillisecond();
    frames.feed(index);
    IndexAudit audit = new IndexAudit(index);

    frames.feed(audit);

    assertTrue(audit.firstContradiction().isEmpty());
    assertEquals(Frames.entries(index).size(), audit.matchingEntries());
    assertEquals(0, audit.missingEntries());
  }

  @Test
  void shouldReportTheFirstEntryThatContradictsTheLog() {
    Frames frames = manyBlocksInOneMillisecond();
    frames.feed(index);
    IndexEntry right = index.entry(3);
    index.onFrame(3 * 256 - 8, 3 * 256 + 8, 999, 19);
    index.onFrame(5 * 256 - 8, 5 * 256 + 8, 999, 19);
    buffer.putLong(SparseIndex.entryAt(4), 0);
    IndexAudit audit = new IndexAudit(index);

    frames.feed(audit);

    assertEquals(
        new IndexAudit.Contradiction(new IndexEntry(3, 999, 776, 19), right),
        audit.firstContradiction().orElseThrow());
    assertEquals(1, audit.missingEntries());
    assertEquals(Frames.entries(index).size() - 2, audit.matchingEntries());
  }
}
