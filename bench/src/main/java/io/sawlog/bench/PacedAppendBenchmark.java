package io.sawlog.bench;

import io.sawlog.bench.AppendBenchmark.ChronicleThread;
import io.sawlog.bench.AppendBenchmark.LimitFrame;
import io.sawlog.bench.AppendBenchmark.LimitState;
import io.sawlog.bench.AppendBenchmark.SawlogState;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Question: how long does an append of 100 bytes keep a program busy that appends a million records
 * a second, 1,000 at the beginning of each millisecond? Unlike {@link AppendBenchmark} it is not
 * the kernel's speed in handing out fresh pages that is asked for.
 */
public class PacedAppendBenchmark extends Contest {
  private static final int BLOCK = 1000;

  /** The beginnings of the milliseconds. */
  @State(Scope.Thread)
  public static class Pace {
    private static final long PERIOD_NS = 1_000_000;
    private long next = System.nanoTime();

    /** Waits for the next one; those that were missed are left out. */
    @Setup(Level.Invocation)
    public void await() {
      next = Math.max(next + PERIOD_NS, System.nanoTime());
      while (System.nanoTime() < next) {
        Thread.onSpinWait();
      }
    }
  }

  /** Sawlog. */
  @Benchmark
  @OperationsPerInvocation(BLOCK)
  public long sawlog(SawlogState state, Pace pace) {
    return state.append(BLOCK);
  }

  /** Chronicle Queue. */
  @Benchmark
  @OperationsPerInvocation(BLOCK)
  public void chronicle(ChronicleThread own, Pace pace) {
    own.append(BLOCK);
  }

  /** The bare loop. */
  @Benchmark
  @OperationsPerInvocation(BLOCK)
  public long limit(LimitState state, LimitFrame own, Pace pace) {
    return state.limit.append(own.frame, BLOCK);
  }
}
