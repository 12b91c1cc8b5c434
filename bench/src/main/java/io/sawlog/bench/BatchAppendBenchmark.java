package io.sawlog.bench;

import io.sawlog.bench.AppendBenchmark.ChronicleThread;
import io.sawlog.bench.AppendBenchmark.FreshState;
import io.sawlog.bench.AppendBenchmark.KafkaThread;
import io.sawlog.bench.AppendBenchmark.LimitState;
import io.sawlog.bench.AppendBenchmark.SawlogState;
import io.sawlog.log.Batch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Question: how long does a record of 100 bytes take that is appended as one of 100 at once?
 * Chronicle Queue has no batches: it appends them one by one.
 */
public class BatchAppendBenchmark extends Contest {
  private static final int RECORDS = 100;
  private static final int BATCHES = 10;

  /** A batch that is used again and again. */
  @State(Scope.Thread)
  public static class OwnBatch {
    private final Batch batch = new Batch();
  }

  /** Sawlog. */
  @Benchmark
  @OperationsPerInvocation(BATCHES * RECORDS)
  public long sawlog(SawlogState state, OwnBatch own) {
    return state.append(own.batch, BATCHES, RECORDS);
  }

  /** Chronicle Queue. */
  @Benchmark
  @OperationsPerInvocation(BATCHES * RECORDS)
  public void chronicle(ChronicleThread own) {
    own.append(BATCHES * RECORDS);
  }

  /** Kafka's storage. */
  @Benchmark
  @OperationsPerInvocation(BATCHES * RECORDS)
  public void kafka(KafkaThread own) {
    own.append(BATCHES, RECORDS);
  }

  /** What a thread of the bare loop owns. */
  @State(Scope.Thread)
  public static class LimitBatch {
    private final Limit.Frame frame = new Limit.Frame(RECORDS);
  }

  /** The bare loop: a frame and a CRC32C for each batch. */
  @Benchmark
  @OperationsPerInvocation(BATCHES * RECORDS)
  public long limit(LimitState state, LimitBatch own) {
    return state.limit.append(own.frame, BATCHES);
  }

  /** The bare loop on pages that nobody has touched. */
  @Benchmark
  @OperationsPerInvocation(BATCHES * RECORDS)
  public long fresh(FreshState state, LimitBatch own) {
    return state.limit.append(own.frame, BATCHES);
  }
}
