package io.sawlog.log.segment;

import io.sawlog.log.Amount;
import io.sawlog.log.Linearizability;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * Lets Lincheck look for an interleaving of a few operations that no order of them explains. Each
 * class is its own specification, run by one thread.
 */
class LinearizabilityStressTest {
  private static final int RUNS = Amount.of(100, 2_000);

  /** Pin, unmap, close. */
  public static class Pins {
    private final CountingRegion region = new CountingRegion();
    private final PinnedRegion pinned = new PinnedRegion(region);

    @Operation
    public String use() {
      if (!pinned.tryPin()) {
        return "refused";
      }
      try {
        return region.unmapped() == 0 ? "mapped" : "gone";
      } finally {
        pinned.unpin();
      }
    }

    @Operation
    public void release() {
      pinned.release();
    }

    @Validate
    public void unmapsOnce() {
      boolean free = !pinned.tryPin();
      if (!free) {
        pinned.unpin();
      }
      if (region.unmapped() != (free ? 1 : 0)) {
        throw new IllegalStateException("unmapped " + region.unmapped() + " times");
      }
    }
  }

  /** Ticker and appenders: it may be late, but it never goes back. */
  public static class Clock {
    private final AtomicLong wall = new AtomicLong(1000);
    private final AtomicLong highest = new AtomicLong();
    private final AppendClock clock = new AppendClock(wall::get, () -> {});

    @Operation
    public boolean goesOn() {
      long before = highest.get();
      long now = clock.now();
      highest.accumulateAndGet(now, Math::max);
      return now >= before;
    }

    @Operation
    public void tick() {
      clock.tick();
    }

    @Operation
    public void sleep() {
      clock.sleep();
    }

    @Operation
    public void timePasses() {
      wall.incrementAndGet();
    }

    @Operation
    public void timeJumpsBack() {
      wall.addAndGet(-10);
    }
  }

  /** Claim, publish and seal. */
  public static class Claims {
    private final StressedSegment segment =
        new StressedSegment(1 << 12, 0, new AppendClock(() -> 1000, () -> {}), 0);

    @Operation
    public long append(int value) {
      return segment.append(value);
    }

    @Operation
    public long close() {
      return segment.active.close();
    }

    @Operation
    public boolean isClosed() {
      return segment.active.isClosed();
    }

    @Operation
    public long nextOffset() {
      return segment.active.nextOffset();
    }

    @Validate
    public void isWhole() {
      segment.forEachFrame((frame, value) -> {});
    }
  }

  @Test
  void shouldUnmapOnceAndNeverUnderAnybody() {
    Linearizability.model(Pins.class, Pins.class, RUNS);
  }

  @Test
  void shouldNeverLetTheClockGoBack() {
    Linearizability.model(Clock.class, Clock.class, RUNS);
  }

  @Test
  void shouldClaimAndSealInAnOrder() {
    Linearizability.stress(Claims.class, Claims.class, RUNS);
  }
}
