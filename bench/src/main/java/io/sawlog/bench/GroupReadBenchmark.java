package io.sawlog.bench;

import io.sawlog.groups.Consumer;
import io.sawlog.groups.TopicPartition;
import io.sawlog.log.MessageHandler;
import io.sawlog.log.Position;
import io.sawlog.log.Tailer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Question: what does reading through a partition group, with {@code drain}, cost beside a bare
 * tailer?
 */
public class GroupReadBenchmark extends Contest {
  private static final int BLOCK = 10_000;
  private static final TopicPartition PARTITION = new TopicPartition(SawlogLog.TOPIC, 0);

  /** A log, a consumer that owns its partition, and a tailer on it. */
  @State(Scope.Benchmark)
  public static class Readers {
    /** How many records the log has, a multiple of the block. */
    @Param("1000000")
    public int records;

    private final SawlogLog log = new SawlogLog();
    private final Tailer tailer = log.tailer();
    private final byte[] record = new byte[Payload.LENGTH];
    private final MessageHandler handler =
        message -> message.value().getBytes(message.valueOffset(), record, 0, Payload.LENGTH);
    private final Consumer consumer = log.groups().consumer("readers", SawlogLog.TOPIC);

    /** Writes the log, and takes up the partition. */
    @Setup
    public void fill() {
      for (int i = 0; i < records; i++) {
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
      tailer.close();
      log.close();
    }
  }

  /** Through a group. */
  @Benchmark
  @OperationsPerInvocation(BLOCK)
  public byte[] sawlog(Readers readers) {
    int remaining = BLOCK;
    while (remaining > 0) {
      int shown = readers.consumer.drain(readers.handler, remaining);
      if (shown == 0) {
        readers.consumer.seek(PARTITION, Position.earliest());
      }
      remaining -= shown;
    }
    return readers.record;
  }

  /** Without one. */
  @Benchmark
  @OperationsPerInvocation(BLOCK)
  public byte[] tailer(Readers readers) {
    int remaining = BLOCK;
    while (remaining > 0) {
      int shown = readers.tailer.poll(readers.handler, remaining);
      if (shown == 0) {
        readers.tailer.seek(Position.earliest());
      }
      remaining -= shown;
    }
    return readers.record;
  }
}
