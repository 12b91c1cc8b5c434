package io.sawlog.groups;

import io.sawlog.log.Partition;
import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Works out what a reset means for each partition of a group. Changes nothing. */
final class ResetPlanner {
  private final String group;
  private final GroupState state;
  private final Sawlog log;
  private final Instant now;

  ResetPlanner(String group, GroupState state, Sawlog log, Instant now) {
    this.group = group;
    this.state = state;
    this.log = log;
    this.now = now;
  }

  /** All partitions of the topics that the group reads and that still exist. */
  Set<TopicPartition> allPartitions() {
    Set<TopicPartition> all = new TreeSet<>();
    for (GroupState.TopicProgress known : state.topics().subList(1, state.topics().size())) {
      Topic topic = Topics.find(log, known.name(), known.id());
      if (topic != null) {
        for (int number = 0; number < topic.partitionCount(); number++) {
          all.add(new TopicPartition(known.name(), number));
        }
      }
    }
    return all;
  }

  ResetPlan plan(Reset reset, Collection<TopicPartition> partitions) {
    GroupOptions options = GroupOptions.orNotFound(state.options(), group);
    List<ResetPlan.Move> moves = new ArrayList<>();
    for (TopicPartition name : new TreeSet<>(partitions)) {
      Topic topic = Topics.find(log, name.topic());
      if (topic == null) {
        throw new UnknownPartitionException(
            "there is no topic '" + name.topic() + "' in " + log.directory());
      }
      if (name.partition() < 0 || name.partition() >= topic.partitionCount()) {
        throw new UnknownPartitionException(
            "topic '"
                + name.topic()
                + "' has no partition "
                + name.partition()
                + ", but 0 to "
                + (topic.partitionCount() - 1));
      }
      int number = state.numberOf(topic.id());
      if (number < 0 && options.type() == GroupType.SHARED) {
        throw new GroupMismatchException(
            "group '" + group + "' is a shared group, which does not work on " + name.topic());
      }
      moves.add(move(reset, name, topic, state.progress(number, name.partition())));
    }
    return new ResetPlan(group, moves);
  }

  private ResetPlan.Move move(
      Reset reset, TopicPartition name, Topic topic, @Nullable Progress progress) {
    Partition partition = topic.partition(name.partition());
    long start = partition.logStartOffset();
    long end = partition.logEndOffset();
    long at = progress == null ? start : progress.floor();
    long wanted = target(reset, name, partition, at);
    long to = Math.max(start, Math.min(end, wanted));
    OptionalLong from = progress == null ? OptionalLong.empty() : OptionalLong.of(at);
    return new ResetPlan.Move(name, topic.id(), from, to, to != wanted, partition.recordsFrom(to));
  }

  private long target(Reset reset, TopicPartition name, Partition partition, long at) {
    if (reset instanceof Reset.ToEarliest) {
      return partition.logStartOffset();
    } else if (reset instanceof Reset.ToLatest) {
      return partition.logEndOffset();
    } else if (reset instanceof Reset.ToOffset to) {
      return to.offset();
    } else if (reset instanceof Reset.ToTime to) {
      return partition.offsetAtTime(to.time());
    } else if (reset instanceof Reset.ByDuration by) {
      return partition.offsetAtTime(now.minus(by.age()));
    } else if (reset instanceof Reset.ShiftBy by) {
      return by.records() == 0 ? at : shifted(partition, at, by.records());
    } else {
      return ((Reset.ToOffsets) reset).offsets().getOrDefault(name, at);
    }
  }

  /** Counts records, not offsets; beyond the ends of the log it is cut. */
  private static long shifted(Partition partition, long at, long records) {
    long start = partition.logStartOffset();
    long end = partition.logEndOffset();
    long behind = partition.recordsFrom(Math.max(start, at)) - records;
    if (behind < 0) {
      return Long.MAX_VALUE;
    }
    if (behind == 0) {
      return end;
    }
    if (behind > partition.recordsFrom(start)) {
      return -1;
    }
    return lastWith(partition, behind, start, end);
  }

  /** The highest offset with so many records at or above it. */
  private static long lastWith(Partition partition, long records, long start, long end) {
    long low = start;
    long high = end;
    while (high - low > 1) {
      long middle = low + (high - low) / 2;
      if (partition.recordsFrom(middle) >= records) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
