package io.sawlog.log.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.index.FrameProbe;
import io.sawlog.index.SparseIndex;
import io.sawlog.log.Stress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many producers, one segment, and somebody who seals it in the middle. */
@Timeout(120)
class ActiveSegmentStressTest {
  private static final int PRODUCERS = 4;
  private static final int CAPACITY = 1 << 18;

  private final AtomicLong wall = new AtomicLong(1_000_000);
  private final AppendClock clock = new AppendClock(wall::get, () -> {});

  /** What was acknowledged: the number of the append, and the offset that it got. */
  private final Map<Integer, Long> acknowledged = new ConcurrentHashMap<>();

  @Test
  void shouldKeepEveryAcknowledgedFrameExactlyOnceWhoeverSealsItMeanwhile() throws Exception {
    AtomicInteger numbers = new AtomicInteger();
    long base = 0;
    long lastTime = 0;
    for (int round = 0; round < Stress.rounds(20); round++) {
      acknowledged.clear();
      StressedSegment segment = new StressedSegment(CAPACITY, base, clock, lastTime);
      int sealAt = SegmentHeader.LENGTH + new SplittableRandom(round).nextInt(CAPACITY);
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int thread = 0; thread < PRODUCERS; thread++) {
        SplittableRandom random = new SplittableRandom(100L * round + thread);
        tasks.add(() -> append(segment.active, random, numbers));
      }
      tasks.add(() -> seal(segment.active, sealAt));
      tasks.add(() -> follow(segment.active));

      Stress.runTogether(tasks);

      base = assertHoldsWhatWasAcknowledged(segment);
      assertTrue(lastTime <= segment.lastTime(), "append times decrease over a roll");
      lastTime = segment.lastTime();
    }
  }

  private Void append(ActiveSegment segment, SplittableRandom random, AtomicInteger numbers) {
    FrameBuilder frame = new FrameBuilder();
    UnsafeBuffer value = new UnsafeBuffer(new byte[2000]);
    while (true) {
      int number = numbers.incrementAndGet();
      frame.clear();
      value.putInt(0, number);
      int count = random.nextInt(1, 4);
      for (int i = 0; i < count; i++) {
        frame.add(null, 0, 0, value, 0, random.nextInt(4, random.nextInt(8) == 0 ? 2000 : 60));
      }
      long offset = segment.append(frame);
      if (offset == ActiveSegment.REFUSED) {
        return null;
      }
      acknowledged.put(number, offset);
    }
  }

  /** Also the ticker, and somebody who has flushed. */
  private Void seal(ActiveSegment segment, int at) {
    int refused = 0;
    int tail = segment.tailPosition();
    while (tail < at && refused < 3) {
      wall.addAndGet(tail % 3 == 0 ? -20 : 21);
      clock.tick();
      if (tail % 5 == 0) {
        clock.sleep();
      }
      segment.durableUpTo(tail);
      int next = segment.tailPosition();
      refused = next == tail && next > CAPACITY - 4096 ? refused + 1 : 0;
      tail = next;
    }
    long end = segment.close();
    assertEquals(end, segment.close());
    segment.writeEnd(end);
    return null;
  }

  /** A reader sees complete frames only, in order, up to the END. */
  private static Void follow(ActiveSegment segment) {
    SegmentHeader header = segment.header();
    FrameBuffer frames = new FrameBuffer(1 << 12);
    int position = SegmentHeader.LENGTH;
    long expected = header.baseOffset();
    while (true) {
      segment.copyPublished(position, frames);
      while (frames.contains(position, FrameFormat.HEADER_LENGTH)) {
        assertEquals(
            FrameCheck.VALID, frames.check(position, header.capacity(), header.salt(), expected));
        int frame = frames.indexOf(position);
        if (FrameFormat.kind(frames.buffer(), frame) == FrameFormat.KIND_END) {
          assertEquals(expected, segment.nextOffset());
          return null;
        }
        expected += FrameFormat.recordCount(frames.buffer(), frame);
        position += FrameFormat.length(frames.buffer(), frame);
      }
    }
  }

  private long assertHoldsWhatWasAcknowledged(StressedSegment segment) {
    Map<Integer, Long> found = new HashMap<>();
    long end =
        segment.forEachFrame(
            (frame, number) ->
                assertEquals(null, found.put(number, FrameFormat.baseOffset(frame, 0))));
    assertEquals(acknowledged, found);
    assertTrue(segment.active.isPublished());
    assertIndexFindsEveryFrame(segment);
    return end;
  }

  private static void assertIndexFindsEveryFrame(StressedSegment segment) {
    SparseIndex index = segment.active.index();
    UnsafeBuffer memory = segment.memory();
    long base = segment.active.header().baseOffset();
    segment.forEachFrame(
        (frame, number) -> {
          int relative = (int) (FrameFormat.baseOffset(frame, 0) - base);
          int position =
              index.positionForOffset(
                  relative,
                  segment.active.tailPosition(),
                  (at, offset) ->
                      FrameFormat.baseOffset(memory, at) == base + offset
                          ? FrameFormat.appendTime(memory, at)
                          : FrameProbe.NO_FRAME);
          assertTrue(FrameFormat.baseOffset(memory, position) <= base + relative);
        });
  }

  @Test
  void shouldCountEveryAppendThatWasNotRefusedBesideTheSealing() throws Exception {
    int rounds = Stress.rounds(3000);
    StressedSegment[] segments = new StressedSegment[rounds];
    for (int i = 0; i < rounds; i++) {
      segments[i] = new StressedSegment(4096, 0, clock, 0);
    }
    AtomicIntegerArray accepted = new AtomicIntegerArray(rounds);
    CyclicBarrier barrier = new CyclicBarrier(3);
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int thread = 0; thread < 2; thread++) {
      tasks.add(
          () -> {
            FrameBuilder frame = new FrameBuilder();
            frame.add(null, new byte[4]);
            for (int i = 0; i < rounds; i++) {
              barrier.await();
              while (segments[i].active.append(frame) != ActiveSegment.REFUSED) {
                accepted.incrementAndGet(i);
              }
            }
            return null;
          });
    }
    tasks.add(
        () -> {
          for (int i = 0; i < rounds; i++) {
            barrier.await();
            for (int spin = 0; spin < i % 100; spin++) {
              Thread.onSpinWait();
            }
            segments[i].active.close();
          }
          return null;
        });

    Stress.runTogether(tasks);

    for (int i = 0; i < rounds; i++) {
      assertEquals(accepted.get(i), segments[i].forEachFrame((frame, number) -> {}));
    }
  }

  @Test
  void shouldPublishAnAbortedFrameForEveryAppendThatThrows() throws Exception {
    int appends = Stress.rounds(500);
    AtomicInteger aborted = new AtomicInteger();
    CountingRegion region = new CountingRegion(1 << 20);
    UnsafeBuffer memory = region.buffer();
    UnsafeBuffer failing =
        new UnsafeBuffer(memory.addressOffset(), memory.capacity()) {
          @Override
          public void putBytes(int index, DirectBuffer source, int sourceIndex, int length) {
            if (index % 24 == 4 && length > FrameFormat.HEADER_LENGTH) {
              throw new IllegalStateException("planted");
            }
            super.putBytes(index, source, sourceIndex, length);
          }
        };
    CountingRegion planted =
        new CountingRegion(1 << 20) {
          @Override
          public UnsafeBuffer buffer() {
            return failing;
          }
        };
    StressedSegment segment = new StressedSegment(1 << 20, 0, clock, 0, planted);
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int thread = 0; thread < PRODUCERS; thread++) {
      int first = thread * appends;
      tasks.add(
          () -> {
            for (int i = first; i < first + appends; i++) {
              try {
                long offset = segment.append(i);
                if (offset != ActiveSegment.REFUSED) {
                  acknowledged.put(i, offset);
                }
              } catch (IllegalStateException e) {
                aborted.incrementAndGet();
              }
            }
            return null;
          });
    }

    Stress.runTogether(tasks);

    Map<Integer, Long> found = new HashMap<>();
    AtomicInteger abortedFound = new AtomicInteger();
    segment.forEachFrame(
        (frame, number) -> {
          if (FrameFormat.kind(frame, 0) == FrameFormat.KIND_ABORTED) {
            abortedFound.incrementAndGet();
          } else {
            found.put(number, FrameFormat.baseOffset(frame, 0));
          }
        });
    assertEquals(acknowledged, found);
    assertTrue(aborted.get() > 0);
    assertEquals(aborted.get(), abortedFound.get());
  }
}
