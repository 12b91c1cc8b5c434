package io.sawlog.tools;

import io.sawlog.groups.GroupDescription;
import io.sawlog.groups.GroupNotFoundException;
import io.sawlog.groups.GroupStatus;
import io.sawlog.log.LogException;
import io.sawlog.log.Partition;
import io.sawlog.log.TopicNotFoundException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store at one moment.
 *
 * @param timeMs the moment, epoch ms
 * @param writer the process that writes it, in words
 * @param partitions of all topics, or of the one that was asked for
 * @param groups those that read one of them
 * @param problems groups that cannot be read
 */
record StoreStats(
    long timeMs,
    Optional<String> writer,
    List<PartitionStats> partitions,
    List<GroupDescription> groups,
    List<String> problems) {

  /**
   * Looks at a store.
   *
   * @param topic the only topic of interest, null for all
   * @throws TopicNotFoundException if that topic does not exist
   */
  static StoreStats of(OpenGroups open, @Nullable String topic) {
    long now = System.currentTimeMillis();
    List<PartitionStats> partitions = new ArrayList<>();
    for (String name : topic == null ? open.log().topicNames() : List.of(topic)) {
      try {
        for (Partition partition : open.log().topic(name).partitions()) {
          partitions.add(PartitionStats.of(partition, now));
        }
      } catch (TopicNotFoundException e) {
        if (topic != null) {
          throw e;
        }
        // deleted since the names were listed
      }
    }
    List<GroupDescription> groups = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String name : open.admin().list()) {
      try {
        GroupDescription group = open.admin().describe(name);
        if (topic == null || reads(group, topic)) {
          groups.add(group);
        }
      } catch (GroupNotFoundException e) {
        // deleted since the names were listed
      } catch (LogException e) {
        problems.add("group '" + name + "': " + e.getMessage());
      }
    }
    return new StoreStats(now, open.log().writer(), partitions, groups, problems);
  }

  private static boolean reads(GroupDescription group, String topic) {
    return group.partitions().stream()
        .anyMatch(partition -> partition.partition().topic().equals(topic));
  }

  /** Since when a group has done nothing; zero while somebody hosts it. */
  Duration unhosted(GroupDescription group) {
    boolean hosted = group.status() == GroupStatus.HOSTED || group.host().isPresent();
    long idleMs = timeMs - group.lastEvent().toEpochMilli();
    return hosted || idleMs < 0 ? Duration.ZERO : Duration.ofMillis(idleMs);
  }

  /** What was known of a partition at this moment; null if nothing was. */
  @Nullable PartitionStats find(PartitionStats other) {
    for (PartitionStats partition : partitions) {
      if (partition.partition() == other.partition() && partition.topic().equals(other.topic())) {
        return partition;
      }
    }
    return null;
  }
}
