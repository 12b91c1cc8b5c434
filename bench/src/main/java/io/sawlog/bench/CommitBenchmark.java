package io.sawlog.bench;

import io.sawlog.groups.Consumer;
import io.sawlog.groups.TopicPartition;
import io.sawlog.log.Position;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Question: what does a {@code WRITTEN} commit of one position cost beside an append of 100 B? */
public class CommitBenchmark extends Contest {
  private static final TopicPartition PARTITION = new TopicPartition(SawlogLog.TOPIC, 0);

  /** A log and a consumer that owns its partition. */
  @State(Scope.Benchmark)
  public static class Positions {
    /** How many records the log has. */
    @Param("1000000")
    public int records;

    private final SawlogLog log = new SawlogLog();
    private final Consumer consumer = log.groups().consumer("committers", SawlogLog.TOPIC);
    private long next;

    /** Writes the log, and takes up the partition. */
    @Setup
    public void fill() {
      for (int i = 0; i < records; i++) {
        log.append();
      }
      log.flush();
      while (consumer.drain(message -> {}, 1) == 0) {
        // until the partition is assigned
      }
    }

    private void commitNext() {
      if (next == records) {
        consumer.seek(PARTITION, Position.earliest());
        consumer.commit();
        next = 0;
      }
      consumer.commit(Map.of(PARTITION, ++next));
    }

    /** Ends it. */
    @TearDown
    public void close() {
      consumer.close();
      log.close();
    }
  }

  /** A commit. */
  @Benchmark
  public void sawlog(Positions positions) {
    positions.commitNext();
  }

  /** An append. */
  @Benchmark
  public long append(AppendBenchmark.SawlogState state) {
    return state.append(1);
  }
}
