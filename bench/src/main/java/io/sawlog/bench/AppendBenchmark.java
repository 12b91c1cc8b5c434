package io.sawlog.bench;

import io.sawlog.log.Batch;
import java.util.Objects;
import net.openhft.chronicle.bytes.SyncMode;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Question: how long does an append of 100 bytes take that survives the end of the process? With
 * one thread, or with several on one partition ({@code -t 2}).
 *
 * <p>In blocks of 1,000, because reading the clock takes about as long as an append.
 */
public class AppendBenchmark extends Contest {
  private static final int BLOCK = 1000;

  /** A store that goes on through all iterations, and gives back its disk after each. */
  @State(Scope.Benchmark)
  public static class SawlogState {
    private final SawlogLog log = new SawlogLog();

    long append(int records) {
      long last = 0;
      for (int i = 0; i < records; i++) {
        last = log.append();
      }
      return last;
    }

    long append(Batch batch, int batches, int recordsInEach) {
      long last = 0;
      for (int i = 0; i < batches; i++) {
        last = log.append(batch, recordsInEach);
      }
      return last;
    }

    /** Deletes what was appended. */
    @TearDown(Level.Iteration)
    public void trim() {
      log.trim();
    }

    /** Ends it. */
    @TearDown
    public void close() {
      log.close();
    }
  }

  /** Sawlog. */
  @Benchmark
  @OperationsPerInvocation(BLOCK)
  public long sawlog(SawlogState state) {
    return state.append(BLOCK);
  }

  /** A queue for each iteration: the disk of one cannot be given back before the day is over. */
  @State(Scope.Benchmark)
  public static class ChronicleState {
    private ChronicleLog log = new ChronicleLog(SyncMode.NONE);

    /** Begins anew. */
    @TearDown(Level.Iteration)
    public void renew() {
      log.close();
      log = new ChronicleLog(SyncMode.NONE);
    }

    /** Ends it. */
    @TearDown
    public void close() {
      log.close();
    }
  }

  /** An appender belongs to one thread. */
  @State(Scope.Thread)
  public static class ChronicleThread {
    private ChronicleLog.@Nullable Appender appender;

    void append(int records) {
      ChronicleLog.Appender present = Objects.requireNonNull(appender);
      for (int i = 0; i < records; i++) {
        present.append();
      }
    }

    /** Opens it, and takes the first step. */
    @Setup(Level.Iteration)
    public void open(ChronicleState state) {
      appender = state.log.appender();
      appender.append();
    }
  }

  /** Chronicle Queue. */
  @Benchmark
  @OperationsPerInvocation(BLOCK)
  public void chronicle(ChronicleThread own) {
    own.append(BLOCK);
  }

  /** A log for each iteration. */
  @State(Scope.Benchmark)
  public static class KafkaState {
    private KafkaLog log = new KafkaLog();

    /** Begins anew. */
    @TearDown(Level.Iteration)
    public void renew() {
      log.close();
      log = new KafkaLog();
    }

    /** Ends it. */
    @TearDown
    public void close() {
      log.close();
    }
  }

  /** The memory in which a producer builds its batches. */
  @State(Scope.Thread)
  public static class KafkaThread {
    private KafkaLog.@Nullable Appender appender;

    void append(int batches, int recordsInEach) {
      KafkaLog.Appender present = Objects.requireNonNull(appender);
      for (int i = 0; i < batches; i++) {
        present.append(recordsInEach);
      }
    }

    /** Opens it. */
    @Setup(Level.Iteration)
    public void open(KafkaState state) {
      appender = state.log.appender();
    }
  }

  /** Kafka's storage, a batch for each record. */
  @Benchmark
  @OperationsPerInvocation(BLOCK)
  public void kafka(KafkaThread own) {
    own.append(BLOCK, 1);
  }

  /** A recording that goes on through all iterations, and gives back its disk after each. */
  @State(Scope.Benchmark)
  public static class AeronState {
    private final AeronLog log = new AeronLog(AeronLog.NO_SYNC);

    void append(int records) {
      log.append(records);
    }

    /** Deletes what was appended. */
    @TearDown(Level.Iteration)
    public void trim() {
      log.trim();
    }

    /** Ends it. */
    @TearDown
    public void close() {
      log.close();
    }
  }

  /** Aeron Archive: a block is offered, and recorded. */
  @Benchmark
  @OperationsPerInvocation(BLOCK)
  public void aeron(AeronState state) {
    state.append(BLOCK);
  }

  /** The file of the bare loop. */
  @State(Scope.Benchmark)
  public static class LimitState {
    final Limit limit = Limit.onTouchedPages();

    /** Ends it. */
    @TearDown
    public void close() {
      limit.close();
    }
  }

  /** What a thread of the bare loop owns. */
  @State(Scope.Thread)
  public static class LimitFrame {
    final Limit.Frame frame = new Limit.Frame(1);
  }

  /** The bare loop. */
  @Benchmark
  @OperationsPerInvocation(BLOCK)
  public long limit(LimitState state, LimitFrame own) {
    return state.limit.append(own.frame, BLOCK);
  }

  /** A new file for each iteration, as a log always goes on into new pages. */
  @State(Scope.Benchmark)
  public static class FreshState {
    Limit limit = Limit.onFreshPages();

    /** Begins anew. */
    @TearDown(Level.Iteration)
    public void renew() {
      limit.close();
      limit = Limit.onFreshPages();
    }

    /** Ends it. */
    @TearDown
    public void close() {
      limit.close();
    }
  }

  /** The bare loop on pages that nobody has touched. */
  @Benchmark
  @OperationsPerInvocation(BLOCK)
  public long fresh(FreshState state, LimitFrame own) {
    return state.limit.append(own.frame, BLOCK);
  }
}
