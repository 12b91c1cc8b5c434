package io.sawlog.groups;

import io.sawlog.log.Partition;
import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The topics that the members of a partition group read, as of the last look; under its lock. */
final class ReadTopics {
  private final GroupHost host;
  private Map<String, Topic> topics = new TreeMap<>();
  private Map<String, Integer> counts = Map.of();

  ReadTopics(GroupHost host) {
    this.host = host;
  }

  @Nullable Topic get(String name) {
    return topics.get(name);
  }

  /** How many partitions each topic has. */
  Map<String, Integer> partitionCounts() {
    return counts;
  }

  /** What a subscription names, and what exists now and matches its pattern; sorted. */
  Set<String> namesOf(Subscription subscription) {
    Set<String> names = new TreeSet<>(subscription.names());
    if (subscription.pattern() != null) {
      host.log().topicNames().stream().filter(subscription::includes).forEach(names::add);
    }
    return names;
  }

  /** Looks again; returns whether anything is new. A topic that a member named is never dropped. */
  boolean refresh(Collection<Membership> members) {
    Sawlog log = host.log();
    Map<String, Topic> found = new TreeMap<>();
    for (Membership member : members) {
      for (String name : namesOf(member.subscription())) {
        Topic topic = log.hasTopic(name) ? log.topic(name) : topics.get(name);
        if (topic != null) {
          found.put(name, topic);
          host.numberOf(topic, Partition::logStartOffset);
        }
      }
    }
    Map<String, Integer> foundCounts =
        found.values().stream().collect(Collectors.toMap(Topic::name, Topic::partitionCount));
    boolean changed = !found.equals(topics) || !foundCounts.equals(counts);
    topics = found;
    counts = foundCounts;
    return changed;
  }
}
