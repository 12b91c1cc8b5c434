package io.sawlog.tools;

import io.sawlog.log.Partition;
import io.sawlog.log.Topic;

/** Finds the partition that {@code --partition} names. */
final class Partitions {
  private Partitions() {}

  static Partition of(Topic topic, int number) {
    if (number < 0 || number >= topic.partitionCount()) {
      throw new CommandException(
          "topic "
              + topic.name()
              + " has no partition "
              + number
              + ": it has "
              + (topic.partitionCount() == 1 ? "only 0" : "0 to " + (topic.partitionCount() - 1)));
    }
    return topic.partition(number);
  }
}
