package io.sawlog.bench;

import java.util.List;
import java.util.Map;

/**
 * A question whose answer is several numbers, from a program in a JVM of its own, which prints
 * lines of a measure, a tab and a number.
 *
 * @param title the question in few words
 * @param program the class with the {@code main}; its arguments are the contender and those below
 * @param arguments what it is told
 * @param smokeArguments what it is told in a smoke run
 * @param contenders who is asked, Sawlog first
 * @param targets what is to be reached, at most, for some measures: the ratio beside a contender,
 *     and the number itself where there is none
 */
record Trial(
    String title,
    Class<?> program,
    List<String> arguments,
    List<String> smokeArguments,
    List<String> contenders,
    Map<String, Double> targets) {

  private static final List<String> BESIDE_CHRONICLE = List.of(Question.SAWLOG, "chronicle");
  private static final List<String> ALONE = List.of(Question.SAWLOG);

  /** What {@code bench/run} asks. */
  static final List<Trial> SHORT =
      List.of(
          new Trial(
              "seek in 100 MiB and in 1 GiB",
              SeekTrial.class,
              List.of("100", "1024"),
              List.of("2", "8"),
              BESIDE_CHRONICLE,
              Map.of()),
          flushes("flushes, 1 SYNCED writer", 1, 1, Map.of("KiB written for a flush", 16.0)),
          new Trial(
              "bytes written for a log",
              DeviceBytesTrial.class,
              List.of("512"),
              List.of("2"),
              ALONE,
              Map.of("bytes written to the device for each", 1.1)));

  /** What {@code bench/run --full} asks. */
  static final List<Trial> FULL =
      List.of(
          new Trial(
              "seek in 100 MiB and in 10 GiB",
              SeekTrial.class,
              List.of("100", "10240"),
              List.of("2", "8"),
              ALONE,
              Map.of("offset, mapped, us", 3.0)),
          SHORT.get(0),
          SHORT.get(1),
          flushes("flushes, 8 SYNCED writers", 8, 1, Map.of()),
          flushes("flushes, 64 SYNCED writers", 64, 1, Map.of()),
          flushes("flushes, 64 SYNCED writers, 64 partitions", 64, 64, Map.of()),
          SHORT.get(2),
          new Trial(
              "follow at 100,000 records a second",
              LatencyTrial.class,
              List.of("follow", "100000", "3"),
              List.of("follow", "10000", "1"),
              BESIDE_CHRONICLE,
              Map.of("p50 us", 0.7, "p99 us", 0.7)),
          new Trial(
              "append to fresh pages at 500,000 records a second",
              LatencyTrial.class,
              List.of("append", "500000", "3"),
              List.of("append", "10000", "1"),
              BESIDE_CHRONICLE,
              Map.of("p99.9 us", 1.0, "page faults per million appends", 1.0)),
          new Trial(
              "open after a kill, 1 GiB, 64 MiB unflushed",
              OpenAfterKillTrial.class,
              List.of("1024"),
              List.of("72"),
              ALONE,
              Map.of("ms", 700.0)),
          new Trial(
              "open after a kill, 10 GiB, 64 MiB unflushed",
              OpenAfterKillTrial.class,
              List.of("10240"),
              List.of("80"),
              ALONE,
              Map.of("ms", 700.0)),
          new Trial(
              "partitions open and idle",
              IdlePartitionsTrial.class,
              List.of("1000", "5"),
              List.of("20", "1"),
              ALONE,
              Map.of(
                  "threads",
                  3.0,
                  "% of a core",
                  2.0,
                  "MiB of memory",
                  64.0,
                  "MiB of disk for a partition",
                  1.1)));

  private static Trial flushes(
      String title, int writers, int partitions, Map<String, Double> targets) {
    String writersInWords = String.valueOf(writers);
    String partitionsInWords = String.valueOf(partitions);
    return new Trial(
        title,
        FlushTrial.class,
        List.of(writersInWords, partitionsInWords, "40"),
        List.of(writersInWords, partitionsInWords, "2"),
        ALONE,
        targets);
  }
}
