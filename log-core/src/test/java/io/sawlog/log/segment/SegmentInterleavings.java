package io.sawlog.log.segment;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;

import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.JJJ_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * What two threads may see of each other in a segment, as jcstress runs them millions of times: any
 * result that is not listed is a failure.
 */
public final class SegmentInterleavings {
  private static final int CAPACITY = 1 << 12;
  private static final int VALUE = 7;

  private SegmentInterleavings() {}

  private static StressedSegment segment() {
    return new StressedSegment(CAPACITY, 0, new AppendClock(() -> 1000, () -> {}), 0);
  }

  /** Two claims. */
  @JCStressTest
  @Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "the first one came first")
  @Outcome(id = "1, 0, 2", expect = ACCEPTABLE, desc = "the second one came first")
  @State
  public static class Claims {
    private final StressedSegment segment = segment();

    /** The first producer. */
    @Actor
    public void first(JJJ_Result result) {
      result.r1 = segment.append(VALUE);
    }

    /** The second producer. */
    @Actor
    public void second(JJJ_Result result) {
      result.r2 = segment.append(VALUE);
    }

    /** Both are published, whole. */
    @Arbiter
    public void published(JJJ_Result result) {
      result.r3 = segment.forEachFrame((frame, value) -> {});
    }
  }

  /** Publishing and reading. */
  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "not published yet")
  @Outcome(id = "7", expect = ACCEPTABLE, desc = "the whole frame")
  @State
  public static class Publishing {
    private final StressedSegment segment = segment();

    /** The producer. */
    @Actor
    public void append() {
      segment.append(VALUE);
    }

    /** The reader: a value, nothing, or a wrong frame. */
    @Actor
    public void read(I_Result result) {
      result.r1 = segment.firstValue();
    }
  }

  /** Claiming and sealing: a claim is behind the seal, or counted by it. */
  @JCStressTest
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "claimed before the seal")
  @Outcome(id = "-1, 0", expect = ACCEPTABLE, desc = "refused")
  @State
  public static class Sealing {
    private final StressedSegment segment = segment();

    /** The producer. */
    @Actor
    public void append(JJ_Result result) {
      result.r1 = segment.append(VALUE);
    }

    /** Who seals. */
    @Actor
    public void seal(JJ_Result result) {
      result.r2 = segment.active.close();
    }
  }

  /** Rolling: END comes behind every claim, and says where the next segment begins. */
  @JCStressTest
  @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "the record, then END")
  @Outcome(id = "-1, 0, 0", expect = ACCEPTABLE, desc = "END alone")
  @State
  public static class Rolling {
    private final StressedSegment segment = segment();

    /** The producer. */
    @Actor
    public void append(JJJ_Result result) {
      result.r1 = segment.append(VALUE);
    }

    /** Who rolls. */
    @Actor
    public void roll(JJJ_Result result) {
      ActiveSegment active = segment.active;
      result.r2 = active.close();
      while (!active.isPublished()) {
        Thread.onSpinWait();
      }
      active.writeEnd(result.r2);
    }

    /** A follower, afterwards; {@code -1} if it finds no END. */
    @Arbiter
    public void follow(JJJ_Result result) {
      ActiveSegment.PublishedEnd end =
          new ActiveSegment.PublishedEnd(SegmentHeader.LENGTH, 0, Long.MIN_VALUE);
      segment.active.followPublished(end, CAPACITY);
      result.r3 = end.ended ? end.nextOffset : -1;
    }
  }

  /** Pinning and releasing: nobody uses what is unmapped, and it is unmapped once. */
  @JCStressTest
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "used, then unmapped")
  @Outcome(id = "-1, 1", expect = ACCEPTABLE, desc = "refused")
  @State
  public static class Pins {
    private final CountingRegion region = new CountingRegion(64);
    private final PinnedRegion pinned = new PinnedRegion(region);

    /** Who uses the mapping: how often it was unmapped meanwhile. */
    @Actor
    public void use(II_Result result) {
      if (!pinned.tryPin()) {
        result.r1 = -1;
        return;
      }
      result.r1 = region.unmapped();
      pinned.unpin();
    }

    /** Who ends it. */
    @Actor
    public void release() {
      pinned.release();
    }

    /** How often it was unmapped. */
    @Arbiter
    public void unmapped(II_Result result) {
      result.r2 = region.unmapped();
    }
  }

  /** The ticker, the going to sleep, and an append that reads the clock twice. */
  @JCStressTest
  @Outcome(id = "1000, 1000", expect = ACCEPTABLE, desc = "before the tick")
  @Outcome(id = "1000, 1001", expect = ACCEPTABLE_INTERESTING, desc = "the tick between")
  @Outcome(id = "1001, 1001", expect = ACCEPTABLE, desc = "after the tick")
  @State
  public static class Ticks {
    private final AtomicLong wall = new AtomicLong(1000);
    private final AppendClock clock = new AppendClock(wall::get, () -> {});

    /** A producer. */
    @Actor
    public void read(JJ_Result result) {
      result.r1 = clock.now();
      result.r2 = clock.now();
    }

    /** The ticker. */
    @Actor
    public void tick() {
      wall.incrementAndGet();
      clock.tick();
      clock.sleep();
    }
  }
}
