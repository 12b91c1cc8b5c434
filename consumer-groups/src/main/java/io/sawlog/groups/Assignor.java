package io.sawlog.groups;

import java.util.Collection;
import java.util.Map;
import java.util.SortedSet;

/**
 * Shares the partitions of topics among the members of a group. Each partition of a topic that
 * somebody reads gets exactly one owner, and that owner reads the topic.
 *
 * <p>Assignors are pure functions: the answer depends on nothing but the arguments, and not on the
 * order of the members. Thread-safe.
 */
public sealed interface Assignor permits RangeAssignor, CooperativeStickyAssignor {

  /**
   * Gives each member a run of neighbouring partitions of every topic, as Kafka's range assignor
   * does, so that equally numbered partitions of several topics meet in one member.
   *
   * @return the assignor
   */
  static Assignor range() {
    return new RangeAssignor();
  }

  /**
   * Leaves partitions where they are as far as balance permits.
   *
   * @return the assignor
   */
  static Assignor cooperativeSticky() {
    return new CooperativeStickyAssignor();
  }

  /**
   * Decides who owns what.
   *
   * @param partitionCounts the topics that exist, and how many partitions each has; a topic that is
   *     read but missing here has none
   * @param members the members, with distinct ids
   * @return the partitions of each member, by its id; an entry, perhaps an empty one, for every
   *     member
   * @throws IllegalArgumentException if two members have the same id
   */
  Map<String, SortedSet<TopicPartition>> assign(
      Map<String, Integer> partitionCounts, Collection<Member> members);
}
