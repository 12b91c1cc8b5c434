package io.sawlog.groups;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/** An assignment in the making: who has what, in the order of the members' ids. */
final class Assignment {
  private final List<Member> members;
  private final Map<String, SortedSet<TopicPartition>> partitions = new LinkedHashMap<>();

  Assignment(Collection<Member> unordered) {
    members = unordered.stream().sorted(Comparator.comparing(Member::id)).toList();
    for (Member member : members) {
      if (partitions.put(member.id(), new TreeSet<>()) != null) {
        throw new IllegalArgumentException("two members have the id '" + member.id() + "'");
      }
    }
  }

  List<Member> members() {
    return members;
  }

  /** The members that read a topic. */
  List<Member> readersOf(String topic) {
    return members.stream().filter(member -> member.topics().contains(topic)).toList();
  }

  SortedSet<TopicPartition> of(Member member) {
    return Objects.requireNonNull(partitions.get(member.id()), "a member of this group");
  }

  void give(Member member, TopicPartition partition) {
    of(member).add(partition);
  }

  void move(TopicPartition partition, Member from, Member to) {
    of(from).remove(partition);
    give(to, partition);
  }

  Map<String, SortedSet<TopicPartition>> result() {
    return partitions;
  }
}
