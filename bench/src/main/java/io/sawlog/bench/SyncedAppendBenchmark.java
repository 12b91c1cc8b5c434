package io.sawlog.bench;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.bytes.SyncMode;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Question: how long does an append of 100 bytes take that survives the loss of power, with one
 * thread? The limit is a write of as many bytes into an allocated file, and {@code fdatasync}.
 */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SyncedAppendBenchmark extends Contest {
  /** A log. */
  @State(Scope.Benchmark)
  public static class SawlogState {
    private final SawlogLog log = new SawlogLog();

    /** Ends it. */
    @TearDown
    public void close() {
      log.close();
    }
  }

  /** Sawlog. */
  @Benchmark
  public long sawlog(SawlogState state) {
    return state.log.appendSynced();
  }

  /** A queue. */
  @State(Scope.Benchmark)
  public static class ChronicleState {
    private final ChronicleLog log = new ChronicleLog(SyncMode.SYNC);

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

    /** Opens it. */
    @Setup
    public void open(ChronicleState state) {
      appender = state.log.appender();
    }
  }

  /** Chronicle Queue, with its own sync after each append. */
  @Benchmark
  public void chronicle(ChronicleThread own) {
    Objects.requireNonNull(own.appender).appendSynced();
  }

  /** A log that flushes after each record. */
  @State(Scope.Benchmark)
  public static class KafkaState {
    private final KafkaLog log = new KafkaLog(1);

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

    /** Opens it. */
    @Setup
    public void open(KafkaState state) {
      appender = state.log.appender();
    }
  }

  /** Kafka's storage, with {@code flush.messages=1}. */
  @Benchmark
  public void kafka(KafkaThread own) {
    Objects.requireNonNull(own.appender).append(1);
  }

  /** A recording whose position moves when its data is on the device. */
  @State(Scope.Benchmark)
  public static class AeronState {
    private final AeronLog log = new AeronLog(AeronLog.SYNC_DATA);

    /** Ends it. */
    @TearDown
    public void close() {
      log.close();
    }
  }

  /** Aeron Archive, with file sync level 1. */
  @Benchmark
  public void aeron(AeronState state) {
    state.log.append(1);
  }

  /** A file. */
  @State(Scope.Benchmark)
  public static class LimitState {
    private final SyncedLimit limit = new SyncedLimit();

    /** Ends it. */
    @TearDown
    public void close() {
      limit.close();
    }
  }

  /** A bare write and fdatasync. */
  @Benchmark
  public long limit(LimitState state) {
    return state.limit.append();
  }
}
