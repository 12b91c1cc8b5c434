package io.sawlog.log;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** What threads may see of each other that wait for one flush, as jcstress runs them. */
public final class CommitInterleavings {
  private CommitInterleavings() {}

  /** Two threads append and wait: each one leads, or is served by the other. */
  @JCStressTest
  @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "both are durable")
  @State
  public static class Leaders {
    private final AtomicLong published = new AtomicLong();
    private final GroupCommit commit = new GroupCommit(offset -> flush(), 0);

    private void flush() {
      commit.durableUpTo(published.get());
    }

    private boolean appendSynced() {
      long offset = published.getAndIncrement();
      commit.await(offset);
      return commit.durableOffset() > offset;
    }

    /** The first producer. */
    @Actor
    public void first(ZZ_Result result) {
      result.r1 = appendSynced();
    }

    /** The second producer. */
    @Actor
    public void second(ZZ_Result result) {
      result.r2 = appendSynced();
    }
  }

  /** One waits, the other ends it: it is durable, or it is told; it never hangs. */
  @JCStressTest
  @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "durable, or told")
  @State
  public static class Ending {
    private final LogClosedException closed = new LogClosedException("closed");
    private final GroupCommit commit = new GroupCommit(offset -> flush(), 0);

    private void flush() {
      commit.durableUpTo(1);
    }

    /** The producer. */
    @Actor
    public void await(ZZ_Result result) {
      try {
        commit.await(0);
        result.r1 = commit.durableOffset() > 0;
      } catch (LogClosedException e) {
        result.r1 = e == closed;
      }
    }

    /** Who closes. */
    @Actor
    public void end(ZZ_Result result) {
      commit.endAndWait(closed);
      result.r2 = commit.ended() == closed;
    }
  }
}
