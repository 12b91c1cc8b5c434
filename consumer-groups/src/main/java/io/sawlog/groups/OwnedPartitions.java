package io.sawlog.groups;

import io.sawlog.log.LogException;
import io.sawlog.log.Message;
import io.sawlog.log.MessageHandler;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The partitions of a member as of its last poll, and whose turn it is. For its thread. */
final class OwnedPartitions {
  private final List<OwnedPartition> partitions = new ArrayList<>();
  private int next;

  /** A copy. */
  List<OwnedPartition> all() {
    return List.copyOf(partitions);
  }

  @Nullable OwnedPartition find(TopicPartition name) {
    for (OwnedPartition partition : partitions) {
      if (partition.name().equals(name)) {
        return partition;
      }
    }
    return null;
  }

  void addAll(List<OwnedPartition> taken) {
    partitions.addAll(taken);
  }

  /** Reads some no more. */
  void close(List<OwnedPartition> some) {
    some.forEach(OwnedPartition::close);
    partitions.removeAll(some);
  }

  /**
   * Shows records of the partitions in turn.
   *
   * @param found what the handler keeps: if there is some, a failure is left for the next call
   * @return how many were shown
   */
  int poll(MessageHandler handler, int limit, List<Message> found) {
    int count = partitions.size();
    int shown = 0;
    for (int i = 0; i < count && shown < limit; i++) {
      OwnedPartition partition = partitions.get(next < count ? next : 0);
      try {
        if (!partition.isPaused()) {
          shown += partition.poll(handler, limit - shown);
        }
      } catch (LogException e) {
        if (!found.isEmpty()) {
          return shown;
        }
        turn(count);
        if (e instanceof RecordsLostException loss) {
          partition.goOnBehind(loss);
        }
        throw e;
      }
      if (shown < limit) {
        turn(count);
      }
    }
    return shown;
  }

  private void turn(int count) {
    next = next + 1 < count ? next + 1 : 0;
  }
}
