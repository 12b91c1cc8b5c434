package io.sawlog.groups;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Every member keeps what it owns and still reads; what has no owner goes to the reader with the
 * least; then partitions move one by one from members with more to readers with at least two less,
 * until no such move is left. Each move makes the sum of the squares of the loads smaller, so this
 * ends; where all members read the same topics, the loads then differ by one at most.
 *
 * <p>A partition that two members claim to own belongs to neither.
 */
record CooperativeStickyAssignor() implements Assignor {
  @Override
  public Map<String, SortedSet<TopicPartition>> assign(
      Map<String, Integer> partitionCounts, Collection<Member> members) {
    Assignment assignment = new Assignment(members);
    for (TopicPartition partition : keepOwned(partitionCounts, assignment)) {
      leastLoaded(assignment, partition).ifPresent(member -> assignment.give(member, partition));
    }
    while (moveOne(assignment)) {
      // until the loads are level
    }
    return assignment.result();
  }

  /** Gives the members what they own, and returns what then has no owner. */
  private static SortedSet<TopicPartition> keepOwned(
      Map<String, Integer> partitionCounts, Assignment assignment) {
    Map<TopicPartition, Integer> claims = new HashMap<>();
    for (Member member : assignment.members()) {
      member.owned().forEach(partition -> claims.merge(partition, 1, Integer::sum));
    }
    SortedSet<TopicPartition> ownerless = new TreeSet<>();
    partitionCounts.forEach(
        (topic, count) -> {
          for (int number = 0; number < count; number++) {
            ownerless.add(new TopicPartition(topic, number));
          }
        });
    for (Member member : assignment.members()) {
      for (TopicPartition partition : new TreeSet<>(member.owned())) {
        boolean keeps =
            claims.getOrDefault(partition, 0) == 1
                && member.topics().contains(partition.topic())
                && ownerless.remove(partition);
        if (keeps) {
          assignment.give(member, partition);
        }
      }
    }
    return ownerless;
  }

  private static Optional<Member> leastLoaded(Assignment assignment, TopicPartition partition) {
    return assignment.readersOf(partition.topic()).stream()
        .min(Comparator.comparingInt(member -> assignment.of(member).size()));
  }

  private static boolean moveOne(Assignment assignment) {
    List<Member> heaviestFirst =
        assignment.members().stream()
            .sorted(
                Comparator.comparingInt((Member member) -> assignment.of(member).size()).reversed())
            .toList();
    for (Member from : heaviestFirst) {
      for (TopicPartition partition : assignment.of(from)) {
        Optional<Member> to =
            leastLoaded(assignment, partition)
                .filter(member -> assignment.of(from).size() - assignment.of(member).size() >= 2);
        if (to.isPresent()) {
          assignment.move(partition, from, to.get());
          return true;
        }
      }
    }
    return false;
  }
}
