package io.sawlog.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Producers claim, index and publish frames as an appender does while readers look up. */
class SparseIndexStressTest {

  private static final int SEGMENT_BYTES = 1 << 23;
  private static final int INTERVAL_BYTES = 128;
  private static final int PRODUCERS = 4;
  private static final int READERS = 2;
  private static final int ROUNDS = 5;

  /** Published length of the frame at each 8-byte unit; 0 while there is none. */
  private final AtomicIntegerArray lengths = new AtomicIntegerArray(SEGMENT_BYTES / 8);

  /** First relative offset of the frame at each unit; published by its length. */
  private final int[] relativeOffsets = new int[SEGMENT_BYTES / 8];

  /** Position in bytes, then number of records: both claimed with one addition. */
  private final AtomicLong tail = new AtomicLong((long) SparseIndex.FIRST_FRAME_POSITION << 32);

  private final IndexHeader header = new IndexHeader(3, 0, SEGMENT_BYTES, INTERVAL_BYTES);
  private final SparseIndex index = new SparseIndex(Frames.zeroed(header), header);

  private final CyclicBarrier start = new CyclicBarrier(PRODUCERS + READERS);

  @Test
  void shouldLeadReadersToPublishedFramesWhileProducersFillIt() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      startAgain();
      ExecutorService threads = Executors.newFixedThreadPool(PRODUCERS + READERS);
      List<Future<Integer>> results = new ArrayList<>();

      for (int i = 0; i < PRODUCERS; i++) {
        results.add(threads.submit(producer(new SplittableRandom(round * 100L + i))));
      }
      for (int i = 0; i < READERS; i++) {
        results.add(threads.submit(reader(new SplittableRandom(round * 100L + 50 + i))));
      }
      threads.shutdown();
      for (Future<Integer> result : results) {
        result.get();
      }

      assertComplete();
    }
  }

  private Callable<Integer> producer(SplittableRandom random) {
    return () -> {
      start.await();
      int appended = 0;
      while (true) {
        int units = random.nextInt(20) == 0 ? random.nextInt(80, 300) : random.nextInt(4, 10);
        int records = random.nextInt(1, 4);
        long claimed = tail.getAndAdd((((long) units * 8) << 32) | records);
        long position = claimed >>> 32;
        if (position + units * 8L > SEGMENT_BYTES) {
          return appended;
        }
        int start = (int) position;
        int offset = (int) claimed;
        index.onFrame(start, start + units * 8, offset + records, time(start));
        relativeOffsets[start / 8] = offset;
        lengths.setRelease(start / 8, units * 8);
        appended++;
      }
    };
  }

  /** Reads until the first frame that could not be claimed any more; each pass looks up once. */
  private Callable<Integer> reader(SplittableRandom random) {
    return () -> {
      start.await();
      int lookUps = 0;
      int limit = SparseIndex.FIRST_FRAME_POSITION;
      int nextOffset = 0;
      boolean last = false;
      while (!last) {
        last = tail.get() >>> 32 > SEGMENT_BYTES;
        int length;
        while (limit < SEGMENT_BYTES && (length = lengths.getAcquire(limit / 8)) > 0) {
          nextOffset = relativeOffsets[limit / 8] + 1;
          limit += length;
        }
        lookUp(random, limit, nextOffset);
        lookUps++;
      }
      return lookUps;
    };
  }

  private void lookUp(SplittableRandom random, int limit, int nextOffset) {
    FrameProbe probe = probe(limit);
    int offset = random.nextInt(nextOffset + 1);
    int byOffset = index.positionForOffset(offset, limit, probe);
    assertTrue(byOffset == SparseIndex.FIRST_FRAME_POSITION || byOffset < limit);
    assertTrue(relativeOffsets[byOffset / 8] <= offset);

    int aroundByte = random.nextInt(SparseIndex.FIRST_FRAME_POSITION, limit + 1);
    int byTime = index.positionForTime(time(aroundByte), limit, probe);
    assertTrue(
        byTime == SparseIndex.FIRST_FRAME_POSITION
            || (byTime < limit && time(byTime) < time(aroundByte)));
  }

  /** Fails for anything but the frame that the entry names: a sound index is never contradicted. */
  private FrameProbe probe(int limit) {
    return (position, relativeOffset) -> {
      assertTrue(position < limit);
      assertTrue(lengths.getAcquire(position / 8) > 0, () -> "no frame at " + position);
      assertEquals(relativeOffsets[position / 8], relativeOffset);
      return time(position);
    };
  }

  /** A millisecond per few kilobytes: never decreases along the log, many blocks share one. */
  private static long time(int position) {
    return position / 3_000;
  }

  private void assertComplete() {
    IndexAudit audit = new IndexAudit(index);
    int position = SparseIndex.FIRST_FRAME_POSITION;
    while (position < SEGMENT_BYTES && lengths.get(position / 8) > 0) {
      int end = position + lengths.get(position / 8);
      boolean isLast = end >= SEGMENT_BYTES || lengths.get(end / 8) == 0;
      if (!isLast) {
        audit.onFrame(position, end, relativeOffsets[end / 8], time(position));
      }
      position = end;
    }
    assertEquals(0, audit.missingEntries());
    assertTrue(audit.firstContradiction().isEmpty(), () -> audit.firstContradiction().toString());
    assertTrue(audit.matchingEntries() > SEGMENT_BYTES / INTERVAL_BYTES / 2);
  }

  private void startAgain() {
    index.clear();
    tail.set((long) SparseIndex.FIRST_FRAME_POSITION << 32);
    for (int i = 0; i < lengths.length(); i++) {
      lengths.set(i, 0);
    }
  }
}
