package io.sawlog.bench;

import java.util.List;

/**
 * One question to the contenders, and what Sawlog is meant to reach.
 *
 * @param title the question in few words
 * @param benchmark its class
 * @param threads how many threads ask at once, on one partition
 * @param batch how many records were appended at once in the log that is read
 * @param unit of the times
 * @param targets the contenders beside Sawlog, each with the ratio that is to be reached
 */
record Question(
    String title, Class<?> benchmark, int threads, int batch, String unit, List<Target> targets) {

  static final String SAWLOG = "sawlog";

  static final List<Question> ALL =
      List.of(
          new Question(
              "append 100 B, 1 thread",
              AppendBenchmark.class,
              1,
              1,
              "ns",
              List.of(new Target("chronicle", 0.5), new Target("limit", 1.4))),
          new Question(
              "append 100 B, 2 threads",
              AppendBenchmark.class,
              2,
              1,
              "ns",
              List.of(new Target("chronicle", 0.5), new Target("limit", Target.NONE))),
          new Question(
              "replay 100 B, warm",
              ReplayBenchmark.class,
              1,
              1,
              "ns",
              List.of(new Target("chronicle", 0.5), new Target("limit", 1.4))),
          new Question(
              "append 100 B, SYNCED",
              SyncedAppendBenchmark.class,
              1,
              1,
              "us",
              List.of(new Target("chronicle", Target.NONE), new Target("limit", 1.25))),
          new Question(
              "append 100 B, 1 thread, 1 M/s",
              PacedAppendBenchmark.class,
              1,
              1,
              "ns",
              List.of(new Target("chronicle", 0.5), new Target("limit", 1.4))),
          new Question(
              "append 100 B in batches of 100",
              BatchAppendBenchmark.class,
              1,
              1,
              "ns",
              List.of(new Target("chronicle", 0.5))),
          new Question(
              "replay 100 B, warm, batches of 100",
              ReplayBenchmark.class,
              1,
              100,
              "ns",
              List.of(new Target("chronicle", 0.5))),
          new Question(
              "work queue, receive and ack 100 B in batches of 100",
              QueueBenchmark.class,
              1,
              1,
              "ns",
              RedisServer.isInstalled() ? List.of(new Target("redis", 0.2)) : List.of()),
          new Question(
              "read 100 B through a partition group",
              GroupReadBenchmark.class,
              1,
              1,
              "ns",
              List.of(new Target("tailer", 1.1))),
          new Question(
              "commit, WRITTEN",
              CommitBenchmark.class,
              1,
              1,
              "ns",
              List.of(new Target("append", 3))));

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
