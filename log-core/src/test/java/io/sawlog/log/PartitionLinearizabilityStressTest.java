package io.sawlog.log;

import io.sawlog.log.sim.SimulatedStorage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** As the one of the segments: what a flush shared by threads, and a roll, make of the order. */
class PartitionLinearizabilityStressTest {
  /** Appends that wait, each as leader or served by one; and the flusher. */
  public static class Commits {
    private final AtomicLong published = new AtomicLong();
    private final GroupCommit commit = new GroupCommit(offset -> flush(), 0);

    private void flush() {
      commit.durableUpTo(published.get());
    }

    @Operation
    public boolean appendSynced() {
      long offset = published.getAndIncrement();
      commit.await(offset);
      return commit.durableOffset() > offset;
    }

    @Operation
    public void flusherLooks() {
      commit.tryFlush();
    }
  }

  /** What is promised to who waits. */
  public static class Promises {
    public boolean appendSynced() {
      return true;
    }

    public void flusherLooks() {
      // nobody sees it
    }
  }

  /** Appends to a partition whose first segment has room for a few of them only. */
  public static class Rolls {
    private static final int LARGE = 60_000;
    private static final int SMALL = 2_000;

    private final SmallStore store =
        new SmallStore(Path.of("/simulated"), SimulatedStorage.empty(new SplittableRandom(1)));

    public Rolls() {
      store.append(LARGE);
    }

    @Operation
    public long append() {
      return store.append(SMALL);
    }

    @Operation
    public long logEndOffset() {
      return store.partition.logEndOffset();
    }

    @Operation
    public boolean flushCoversAll() {
      long end = store.partition.logEndOffset();
      store.partition.flush();
      return store.partition.durableOffset() >= end;
    }

    @Validate
    public void everyRecordIsThereAtTheEnd() {
      List<Long> found;
      try (Tailer tailer = store.partition.tailer(Position.earliest())) {
        found = store.readAll(tailer);
      }
      List<Long> expected = new ArrayList<>();
      for (long offset = 0; offset < store.partition.logEndOffset(); offset++) {
        expected.add(offset);
      }
      if (!found.equals(expected)) {
        throw new IllegalStateException("found " + found + ", not " + expected);
      }
      store.close();
    }
  }

  /** What the appends to a partition come to, if there are no segments. */
  public static class Offsets {
    private long next = 1;

    public long append() {
      return next++;
    }

    public long logEndOffset() {
      return next;
    }

    public boolean flushCoversAll() {
      return true;
    }
  }

  @Test
  void shouldServeWhoWaitsInAnOrder() {
    Amount.assumeCrash();
    Linearizability.model(Commits.class, Promises.class, 300);
  }

  /** Appends that wait, with nobody else who would flush. */
  public static class CommitsAlone {
    private final Commits commits = new Commits();

    @Operation
    public boolean appendSynced() {
      return commits.appendSynced();
    }
  }

  @Test
  void shouldLeaveNobodyBehind() {
    Amount.assumeCrash();
    Linearizability.modelOneEach(CommitsAlone.class, Promises.class, 20_000);
  }

  @Test
  void shouldRollInAnOrder() {
    Linearizability.stress(Rolls.class, Offsets.class, Amount.of(30, 100));
  }
}
