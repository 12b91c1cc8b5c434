package io.sawlog.bench;

import io.sawlog.log.Batch;
import io.sawlog.log.MessageHandler;
import io.sawlog.log.Position;
import io.sawlog.log.Tailer;
import net.openhft.chronicle.bytes.SyncMode;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Question: how long does a record of 100 bytes take when a log is read from its beginning, and all
 * of it is in the page cache? The reader takes the bytes of each record into an array of its own.
 *
 * <p>Sawlog and the limit check the CRC32C of every byte; Chronicle Queue has no checksum.
 */
public class ReplayBenchmark extends Contest {
  static final int BLOCK = 10_000;

  /** The log. */
  @State(Scope.Benchmark)
  public static class Size {
    /** How many records it has, a multiple of the block. */
    @Param("1000000")
    public int records;

    /** How many of them Sawlog's producer appended at once. */
    @Param("1")
    public int batch;
  }

  /** A log and a tailer on it. */
  @State(Scope.Benchmark)
  public static class SawlogState {
    private final SawlogLog log = new SawlogLog();
    private final Tailer tailer = log.tailer();
    private final byte[] record = new byte[Payload.LENGTH];
    private final MessageHandler handler =
        message -> message.value().getBytes(message.valueOffset(), record, 0, Payload.LENGTH);
    private Pass pass = new Pass(0);

    /** Writes the log. */
    @Setup
    public void fill(Size size) {
      pass = new Pass(size.records);
      Batch batch = new Batch();
      for (int i = 0; i < size.records; i += size.batch) {
        log.append(batch, size.batch);
      }
      log.flush();
    }

    /** Reads one block, from the beginning again behind the end. */
    byte[] read() {
      int remaining = BLOCK;
      while (remaining > 0) {
        int shown = tailer.poll(handler, remaining);
        pass.took(shown);
        if (shown == 0) {
          pass.end(record);
          tailer.seek(Position.earliest());
        }
        remaining -= shown;
      }
      return record;
    }

    /** Ends it. */
    @TearDown
    public void close() {
      tailer.close();
      log.close();
    }
  }

  /** Sawlog. */
  @Benchmark
  @OperationsPerInvocation(BLOCK)
  public byte[] sawlog(SawlogState state) {
    return state.read();
  }

  /** A queue and a reader of it. */
  @State(Scope.Benchmark)
  public static class ChronicleState {
    private final ChronicleLog log = new ChronicleLog(SyncMode.NONE);
    private final ChronicleLog.Reader reader = log.reader();
    private Pass pass = new Pass(0);

    /** Writes the queue. */
    @Setup
    public void fill(Size size) {
      pass = new Pass(size.records);
      ChronicleLog.Appender appender = log.appender();
      for (int i = 0; i < size.records; i++) {
        appender.append();
      }
    }

    /** Reads one block, from the beginning again behind the end. */
    byte[] read() {
      int remaining = BLOCK;
      while (remaining > 0) {
        if (reader.read()) {
          pass.took(1);
          remaining--;
        } else {
          pass.end(reader.record());
          reader.toStart();
        }
      }
      return reader.record();
    }

    /** Ends it. */
    @TearDown
    public void close() {
      log.close();
    }
  }

  /** Chronicle Queue. */
  @Benchmark
  @OperationsPerInvocation(BLOCK)
  public byte[] chronicle(ChronicleState state) {
    return state.read();
  }

  /** A log and a consumer of it. */
  @State(Scope.Benchmark)
  public static class KafkaState {
    private final KafkaLog log = new KafkaLog();
    private final KafkaLog.Reader reader = log.reader();
    private Pass pass = new Pass(0);

    /** Writes the log. */
    @Setup
    public void fill(Size size) {
      pass = new Pass(size.records);
      KafkaLog.Appender appender = log.appender();
      for (int i = 0; i < size.records; i += size.batch) {
        appender.append(size.batch);
      }
    }

    /** Reads one block, from the beginning again behind the end. */
    byte[] read() {
      int remaining = BLOCK;
      while (remaining > 0) {
        int taken = reader.read(remaining);
        pass.took(taken);
        if (taken == 0) {
          pass.end(reader.record());
          reader.toStart();
        }
        remaining -= taken;
      }
      return reader.record();
    }

    /** Ends it. */
    @TearDown
    public void close() {
      log.close();
    }
  }

  /** Kafka's storage: fetched by the MiB, iterated record by record. */
  @Benchmark
  @OperationsPerInvocation(BLOCK)
  public byte[] kafka(KafkaState state) {
    return state.read();
  }

  /** A recording. */
  @State(Scope.Benchmark)
  public static class AeronState {
    private final AeronLog log = new AeronLog(AeronLog.NO_SYNC);
    private Pass pass = new Pass(0);

    /** Makes it. */
    @Setup
    public void fill(Size size) {
      pass = new Pass(size.records);
      log.append(size.records);
    }

    /** Takes one block, in a new replay behind the end. */
    byte[] read() {
      int remaining = BLOCK;
      while (remaining > 0) {
        int taken = log.read(remaining);
        pass.took(taken);
        if (taken == 0) {
          pass.end(log.record());
        }
        remaining -= taken;
      }
      return log.record();
    }

    /** Ends it. */
    @TearDown
    public void close() {
      log.close();
    }
  }

  /** Aeron Archive: a replay over IPC. */
  @Benchmark
  @OperationsPerInvocation(BLOCK)
  public byte[] aeron(AeronState state) {
    return state.read();
  }

  /** The file of the bare loop. */
  @State(Scope.Benchmark)
  public static class LimitState {
    private final Limit limit = Limit.onTouchedPages();
    private int next;
    private int records;

    /** Writes it. */
    @Setup
    public void fill(Size size) {
      records = size.records;
      limit.append(new Limit.Frame(1), records);
    }

    /** Ends it. */
    @TearDown
    public void close() {
      limit.close();
    }
  }

  /** The bare loop: one copy and a CRC32C. */
  @Benchmark
  @OperationsPerInvocation(BLOCK)
  public byte[] limit(LimitState state) {
    if (state.next == state.records) {
      state.next = 0;
    }
    int first = state.next;
    state.next += BLOCK;
    return state.limit.read(first, BLOCK);
  }
}
