package io.sawlog.groups;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/** Neighbouring partitions of each topic go to the same member; the first members get one more. */
record RangeAssignor() implements Assignor {
  @Override
  public Map<String, SortedSet<TopicPartition>> assign(
      Map<String, Integer> partitionCounts, Collection<Member> members) {
    Assignment assignment = new Assignment(members);
    partitionCounts.forEach((topic, count) -> share(topic, count, assignment));
    return assignment.result();
  }

  private static void share(String topic, int count, Assignment assignment) {
    List<Member> readers = assignment.readersOf(topic);
    int next = 0;
    for (int i = 0; i < readers.size(); i++) {
      int share = count / readers.size() + (i < count % readers.size() ? 1 : 0);
      for (int end = next + share; next < end; next++) {
        assignment.give(readers.get(i), new TopicPartition(topic, next));
      }
    }
  }
}
