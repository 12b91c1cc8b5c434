package io.sawlog.groups;

import java.util.List;

/**
 * A member of a partition group, or a worker of a shared group.
 *
 * @param id its name in the group
 * @param partitions what it owns; nothing for a worker, for all workers share all partitions
 * @param inFlight how many records a worker has
 */
public record MemberDescription(String id, List<TopicPartition> partitions, int inFlight) {
  /** Copies the list. */
  public MemberDescription {
    partitions = List.copyOf(partitions);
  }
}
