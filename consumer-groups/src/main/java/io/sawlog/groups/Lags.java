package io.sawlog.groups;

import io.sawlog.log.LogException;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Tailer;
import java.time.Duration;

/** Measures how far a position is behind a log. */
final class Lags {
  private Lags() {}

  /** The records from an offset on, and the age of the first of them. */
  static Lag behind(Partition partition, long offset, long now) {
    long from = Math.max(offset, partition.logStartOffset());
    long records = partition.recordsFrom(from);
    if (records == 0) {
      return Lag.NONE;
    }
    long[] appended = {now};
    try (Tailer tailer = partition.tailer(Position.atOffset(from))) {
      tailer.poll(message -> appended[0] = message.appendTime(), 1);
    } catch (LogException e) {
      // it can be counted although it cannot be read: the age is unknown, and so none
      appended[0] = now;
    }
    return new Lag(records, Duration.ofMillis(Math.max(0, now - appended[0])));
  }

  /** The records that are not finished, and the age of the first of them. */
  static Lag behind(Partition partition, Progress progress, long now) {
    Lag fromFloor = behind(partition, progress.floor(), now);
    long records = fromFloor.records();
    OffsetRanges done = progress.done();
    for (int i = 0; i < done.rangeCount(); i++) {
      records -= partition.recordsFrom(done.from(i)) - partition.recordsFrom(done.to(i));
    }
    return records <= 0 ? Lag.NONE : new Lag(records, fromFloor.age());
  }
}
