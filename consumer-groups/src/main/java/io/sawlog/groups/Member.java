package io.sawlog.groups;

import java.util.Set;

/**
 * A member of a group, as an {@link Assignor} sees it.
 *
 * @param id names the member; no other member of the group has it
 * @param topics what the member reads
 * @param owned the partitions it owns now, perhaps of topics that it does not read any more
 */
public record Member(String id, Set<String> topics, Set<TopicPartition> owned) {
  /** Copies the sets. */
  public Member {
    topics = Set.copyOf(topics);
    owned = Set.copyOf(owned);
  }
}
