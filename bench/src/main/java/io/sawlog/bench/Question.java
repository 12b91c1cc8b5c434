package io.sawlog.bench;

import java.util.List;
import java.util.stream.Stream;

/**
 * One question to the contenders, and what Sawlog is meant to reach.
 *
 * @param title the question in few words
 * @param benchmark its class
 * @param threads how many threads ask at once, on one partition
 * @param recordBytes the length of a record
 * @param batch how many records were appended at once in the log that is read
 * @param unit of the times
 * @param targets the contenders beside Sawlog, each with the ratio that is to be reached
 */
record Question(
    String title,
    Class<?> benchmark,
    int threads,
    int recordBytes,
    int batch,
    String unit,
    List<Target> targets) {

  static final String SAWLOG = "sawlog";

  static final Question APPEND =
      of("append 100 B, 1 thread", AppendBenchmark.class)
          .beside("chronicle", 0.5)
          .beside("kafka", 0.1)
          .beside("aeron")
          .beside("limit", 1.4)
          .beside("fresh");

  static final Question APPEND_2_THREADS =
      of("append 100 B, 2 threads", AppendBenchmark.class)
          .with(2)
          .beside("chronicle", 0.5)
          .beside("kafka")
          .beside("limit");

  static final Question SYNCED =
      of("append 100 B, SYNCED", SyncedAppendBenchmark.class)
          .in("us")
          .beside("chronicle")
          .beside("kafka")
          .beside("aeron")
          .beside("limit", 1.25);

  static final Question SYNCED_64_WRITERS =
      of("append 100 B, SYNCED, 64 writers", SyncedAppendBenchmark.class)
          .with(64)
          .in("us")
          .beside("kafka", 0.2);

  /** What {@code bench/run} asks. */
  static final List<Question> SHORT =
      List.of(
          APPEND,
          APPEND_2_THREADS,
          of("append 100 B, 1 thread, 1 M/s", PacedAppendBenchmark.class)
              .beside("chronicle", 0.5)
              .beside("limit", 1.4),
          of("append 100 B in batches of 100", BatchAppendBenchmark.class)
              .beside("chronicle", 0.5)
              .beside("kafka", 0.33)
              .beside("limit", 1.25)
              .beside("fresh"),
          SYNCED,
          SYNCED_64_WRITERS,
          of("replay 100 B, warm", ReplayBenchmark.class)
              .beside("chronicle", 0.5)
              .beside("kafka", 0.33)
              .beside("aeron")
              .beside("limit", 1.4),
          of("replay 100 B, warm, batches of 100", ReplayBenchmark.class)
              .batched(100)
              .beside("chronicle", 0.5)
              .beside("kafka", 0.33));

  /** What {@code bench/run --full} asks as well. */
  static final List<Question> MORE =
      List.of(
          of("append 1 KiB, 1 thread", AppendBenchmark.class)
              .of(1024)
              .beside("chronicle", 0.5)
              .beside("kafka", 0.1)
              .beside("aeron")
              .beside("limit", 1.4),
          of("append 100 B, 4 threads", AppendBenchmark.class)
              .with(4)
              .beside("chronicle", 0.5)
              .beside("kafka")
              .beside("limit"),
          of("append 100 B, SYNCED, 8 writers", SyncedAppendBenchmark.class)
              .with(8)
              .in("us")
              .beside("kafka"),
          of("work queue, receive and ack 100 B in batches of 100", QueueBenchmark.class)
              .besideIf(RedisServer.isInstalled(), "redis", 0.2),
          of("read 100 B through a partition group", GroupReadBenchmark.class)
              .beside("tailer", 1.1),
          of("commit, WRITTEN", CommitBenchmark.class).beside("append", 3));

  private static Question of(String title, Class<?> benchmark) {
    return new Question(title, benchmark, 1, Payload.DEFAULT_LENGTH, 1, "ns", List.of());
  }

  private Question with(int count) {
    return new Question(title, benchmark, count, recordBytes, batch, unit, targets);
  }

  private Question of(int length) {
    return new Question(title, benchmark, threads, length, batch, unit, targets);
  }

  private Question batched(int records) {
    return new Question(title, benchmark, threads, recordBytes, records, unit, targets);
  }

  private Question in(String otherUnit) {
    return new Question(title, benchmark, threads, recordBytes, batch, otherUnit, targets);
  }

  private Question beside(String contender) {
    return beside(contender, Target.NONE);
  }

  private Question beside(String contender, double ratio) {
    List<Target> more =
        Stream.concat(targets.stream(), Stream.of(new Target(contender, ratio))).toList();
    return new Question(title, benchmark, threads, recordBytes, batch, unit, more);
  }

  private Question besideIf(boolean present, String contender, double ratio) {
    return present ? beside(contender, ratio) : this;
  }

  /**
   * What is to be reached.
   *
   * @param contender the method of the benchmark class
   * @param ratio Sawlog's time divided by the contender's, at most; {@link #NONE} for no target
   */
  record Target(String contender, double ratio) {
    static final double NONE = Double.POSITIVE_INFINITY;
  }
}
