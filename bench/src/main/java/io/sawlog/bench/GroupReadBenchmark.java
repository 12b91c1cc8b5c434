package io.sawlog.bench;

import io.sawlog.groups.Consumer;
import io.sawlog.groups.TopicPartition;
import io.sawlog.log.MessageHandler;
import io.sawlog.log.Position;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Question: what does reading through a partition group, with {@code drain}, cost beside a bare
 * tailer?
 */
public class GroupReadBenchmark extends Contest {
  private static final TopicPartition PARTITION = new TopicPartition(SawlogLog.TOPIC, 0);

  /** A log and a consumer that owns its partition. */
  @State(Scope.Benchmark)
  public static class Group {
    private final SawlogLog log = new SawlogLog();
    private final byte[] record = new byte[Payload.LENGTH];
    private final MessageHandler handler =
        message -> message.value().getBytes(message.valueOffset(), record, 0, Payload.LENGTH);
    private final Consumer consumer = log.groups().consumer("readers", SawlogLog.TOPIC);

    /** Writes the log, and takes up the partition. */
    @Setup
    public void fill(ReplayBenchmark.Size size) {
      for (int i = 0; i < size.records; i++) {
        log.append();
      }
      log.flush();
      while (consumer.drain(handler, 1) == 0) {
        // until the partition is assigned
      }
    }

    /** Ends it. */
    @TearDown
    public void close() {
      consumer.close();
      log.close();
    }
  }

  /** Through a group. */
  @Benchmark
  @OperationsPerInvocation(ReplayBenchmark.BLOCK)
  public byte[] sawlog(Group group) {
    int remaining = ReplayBenchmark.BLOCK;
    while (remaining > 0) {
      int shown = group.consumer.drain(group.handler, remaining);
      if (shown == 0) {
        group.consumer.seek(PARTITION, Position.earliest());
      }
      remaining -= shown;
    }
    return group.record;
  }

  /** Without one. */
  @Benchmark
  @OperationsPerInvocation(ReplayBenchmark.BLOCK)
  public byte[] tailer(ReplayBenchmark.SawlogState state) {
    return state.read();
  }
}
