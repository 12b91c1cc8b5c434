package io.sawlog.tools;

import io.sawlog.log.LogException;
import io.sawlog.log.Message;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.SegmentInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;

/**
 * A partition at one moment.
 *
 * @param topic the name of its topic
 * @param partition its number
 * @param logStart the first offset that exists
 * @param durable the first offset that a power cut may take
 * @param logEnd the next offset to be given out
 * @param records how many there are
 * @param lastMinute how many of them were appended in the last minute
 * @param sizeBytes what the segments hold
 * @param segments how many there are
 * @param oldest append time of the first record, epoch ms; empty if there is none
 * @param newest append time of the last record, epoch ms; empty if there is none
 * @param problem why records cannot be read; empty if they can
 */
record PartitionStats(
    String topic,
    int partition,
    long logStart,
    long durable,
    long logEnd,
    long records,
    long lastMinute,
    long sizeBytes,
    int segments,
    OptionalLong oldest,
    OptionalLong newest,
    String problem) {
  static final Duration MINUTE = Duration.ofMinutes(1);

  /** The last offsets may have no record: the append that took them was aborted. */
  private static final int LAST_OFFSETS = 64;

  /** What can be told without reading a record is told of a damaged partition too. */
  static PartitionStats of(Partition partition, long nowMs) {
    OptionalLong oldest = OptionalLong.empty();
    OptionalLong newest = OptionalLong.empty();
    long lastMinute = 0;
    String problem = "";
    try {
      oldest = firstTime(partition.read(Position.earliest()).iterator());
      newest = newest(partition);
      lastMinute = lastMinute(partition, newest, nowMs);
    } catch (LogException e) {
      problem = String.valueOf(e.getMessage());
    }
    return new PartitionStats(
        partition.topicName(),
        partition.number(),
        partition.logStartOffset(),
        partition.durableOffset(),
        partition.logEndOffset(),
        partition.recordCount(),
        lastMinute,
        partition.sizeBytes(),
        partition.segments().size(),
        oldest,
        newest,
        problem);
  }

  private static OptionalLong firstTime(Iterator<Message> messages) {
    return messages.hasNext()
        ? OptionalLong.of(messages.next().appendTime())
        : OptionalLong.empty();
  }

  private static long lastMinute(Partition partition, OptionalLong newest, long nowMs) {
    long from = nowMs - MINUTE.toMillis();
    return newest.isEmpty() || newest.getAsLong() < from
        ? 0
        : partition.recordsFrom(partition.offsetAtTime(Instant.ofEpochMilli(from)));
  }

  /** From the last segment that has any record: the offsets behind it may belong to none. */
  private static OptionalLong newest(Partition partition) {
    List<SegmentInfo> segments = partition.segments();
    OptionalLong newest = OptionalLong.empty();
    long recordsBehind = 0;
    for (int i = segments.size() - 1; i >= 0 && newest.isEmpty(); i--) {
      long first = Math.max(segments.get(i).baseOffset(), partition.logStartOffset());
      long records = partition.recordsFrom(first);
      long behind = first + records - recordsBehind;
      newest = lastTime(partition, Math.max(first, behind - LAST_OFFSETS), behind);
      recordsBehind = records;
    }
    return newest;
  }

  private static OptionalLong lastTime(Partition partition, long from, long behind) {
    OptionalLong last = OptionalLong.empty();
    if (from < behind) {
      for (Message message : partition.read(Position.atOffset(from))) {
        last = OptionalLong.of(message.appendTime());
        if (message.offset() >= behind - 1) {
          break;
        }
      }
    }
    return last;
  }
}
