package io.sawlog.log;

import io.sawlog.log.PartitionModel.Read;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Reads partitions in every way there is, and compares. */
final class LogChecker {
  private LogChecker() {}

  static List<Read> readAll(Partition partition, Position from, Visibility visibility) {
    List<Read> reads = new ArrayList<>();
    TailerConfig config = TailerConfig.defaults().visibility(visibility);
    try (Tailer tailer = partition.tailer(from, config)) {
      MessageHandler handler =
          message ->
              reads.add(new Read(message.offset(), Payload.check(message), message.appendTime()));
      while (tailer.poll(handler, 1000) > 0) {
        // until nothing more is there
      }
    }
    return reads;
  }

  /** Looks up random offsets and times, and counts from there. */
  static void checkLookUps(
      Partition partition, PartitionModel model, List<Read> reads, SplittableRandom random) {
    long start = partition.logStartOffset();
    long end = partition.logEndOffset();
    for (int i = 0; i < 3; i++) {
      Read any = reads.isEmpty() ? null : reads.get(random.nextInt(reads.size()));
      long offset = any == null ? start : Math.max(start, any.offset() + random.nextInt(3) - 1);
      offset = Math.min(offset, end);
      Read expected = first(reads, offset, Long.MIN_VALUE);
      Read found = firstRead(partition, Position.atOffset(offset));
      check(equal(expected, found), "offset " + offset + ": " + found + ", not " + expected);
      long counted = model.countFrom(offset, end);
      check(
          partition.recordsFrom(offset) == counted,
          partition.recordsFrom(offset) + " records from " + offset + ", not " + counted);

      long time = any == null ? 1 : any.time() + random.nextInt(3) - 1;
      Read inTime = first(reads, Long.MIN_VALUE, time);
      long answer = partition.offsetAtTime(Instant.ofEpochMilli(time));
      boolean right =
          inTime != null
              ? firstRead(partition, Position.atOffset(answer)).equals(inTime)
              : answer <= end && (reads.isEmpty() || answer > reads.get(reads.size() - 1).offset());
      check(right, "time " + time + " is at offset " + answer + ", not at " + inTime);
    }
    check(
        partition.recordCount() == model.countFrom(start, end),
        partition.recordCount() + " records, not " + model.countFrom(start, end));
  }

  private static boolean equal(Read expected, Read found) {
    return expected == null ? found == null : expected.equals(found);
  }

  private static Read first(List<Read> reads, long offset, long time) {
    return reads.stream()
        .filter(read -> read.offset() >= offset && read.time() >= time)
        .findFirst()
        .orElse(null);
  }

  private static Read firstRead(Partition partition, Position position) {
    Read[] found = {null};
    try (Tailer tailer = partition.tailer(position)) {
      tailer.poll(
          message ->
              found[0] = new Read(message.offset(), Payload.check(message), message.appendTime()),
          1);
    }
    return found[0];
  }

  static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
