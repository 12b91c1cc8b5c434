package io.sawlog.log.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Stress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads pin and touch a mapping while others release it. */
@Timeout(120)
class PinnedRegionStressTest {
  private static final int READERS = 4;
  private static final int RELEASERS = 2;

  /** A mapping that knows who touches it. */
  private static final class WatchedRegion extends CountingRegion {
    final AtomicInteger inside = new AtomicInteger();
    final AtomicInteger insideWhenUnmapped = new AtomicInteger(-1);

    @Override
    public void unmap() {
      super.unmap();
      insideWhenUnmapped.set(inside.get());
    }
  }

  @Test
  void shouldNeverUnmapUnderAnybodyAndAlwaysUnmapOnce() throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(READERS + RELEASERS);
    WatchedRegion[] regions = new WatchedRegion[Stress.rounds(500)];
    PinnedRegion[] pinned = new PinnedRegion[regions.length];
    for (int i = 0; i < regions.length; i++) {
      regions[i] = new WatchedRegion();
      pinned[i] = new PinnedRegion(regions[i]);
    }
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int thread = 0; thread < READERS; thread++) {
      tasks.add(
          () -> {
            for (int i = 0; i < regions.length; i++) {
              barrier.await();
              while (pinned[i].tryPin()) {
                regions[i].inside.incrementAndGet();
                assertEquals(0, regions[i].unmapped());
                regions[i].inside.decrementAndGet();
                pinned[i].unpin();
              }
            }
            return null;
          });
    }
    for (int thread = 0; thread < RELEASERS; thread++) {
      int pause = 50 * thread;
      tasks.add(
          () -> {
            for (int i = 0; i < regions.length; i++) {
              barrier.await();
              for (int spin = 0; spin < i % 200 + pause; spin++) {
                Thread.onSpinWait();
              }
              pinned[i].release();
            }
            return null;
          });
    }

    Stress.runTogether(tasks);

    for (WatchedRegion region : regions) {
      assertEquals(1, region.unmapped());
      assertTrue(region.insideWhenUnmapped.get() == 0);
    }
  }
}
