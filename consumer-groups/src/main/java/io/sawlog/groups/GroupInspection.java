package io.sawlog.groups;

import io.sawlog.log.Partition;
import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts what the files of a group tell, and what its host knows, beside the logs of its topics. */
final class GroupInspection {
  private final String group;
  private final GroupView view;
  private final Sawlog log;
  private final long now;
  private final List<MemberDescription> members;
  private final List<Delivery> leases;

  /**
   * Looks at a group.
   *
   * @param hosted the group, if this process hosts it; used under its lock, and only here
   * @param now epoch ms
   */
  GroupInspection(
      String group, GroupView view, Sawlog log, Hosts.@Nullable Hosted hosted, long now) {
    this.group = group;
    this.view = view;
    this.log = log;
    this.now = now;
    if (hosted == null) {
      members = List.of();
      leases = List.of();
    } else {
      hosted.host().lock().lock();
      try {
        members = hosted.members();
        leases = hosted.leases();
      } finally {
        hosted.host().lock().unlock();
      }
    }
  }

  GroupDescription describe() {
    GroupState state = view.state();
    GroupOptions options = GroupOptions.orNotFound(state.options(), group);
    Optional<String> host = view.host();
    GroupStatus status = host.isPresent() ? GroupStatus.HOSTED : GroupStatus.IDLE;
    Partition letters = view.letters();
    return new GroupDescription(
        group,
        options.type(),
        options.commits(),
        options.visibility(),
        options.order(),
        state.isPaused() ? GroupStatus.PAUSED : status,
        host,
        members,
        partitions(state),
        letters.recordCount(),
        letters.recordsFrom(state.nextRedrive()),
        Instant.ofEpochMilli(view.lastEventMs()));
  }

  private List<PartitionDescription> partitions(GroupState state) {
    Map<TopicPartition, String> owners = new HashMap<>();
    members.forEach(member -> member.partitions().forEach(name -> owners.put(name, member.id())));
    Map<TopicPartition, PartitionDescription> described = new TreeMap<>();
    for (int number = 1; number < state.topics().size(); number++) {
      GroupState.TopicProgress known = state.topics().get(number);
      Topic topic = Topics.find(log, known.name(), known.id());
      for (var entry : known.partitions().entrySet()) {
        TopicPartition name = new TopicPartition(known.name(), entry.getKey());
        if (topic == null) {
          described.putIfAbsent(name, deleted(name, known, entry.getValue()));
        }
      }
      if (topic != null) {
        for (Partition partition : topic.partitions()) {
          Progress progress = known.partitions().getOrDefault(partition.number(), new Progress());
          TopicPartition name = new TopicPartition(known.name(), partition.number());
          Optional<String> owner = Optional.ofNullable(owners.get(name));
          described.put(name, describe(name, topic, partition, progress, owner));
        }
      }
    }
    return List.copyOf(described.values());
  }

  private PartitionDescription deleted(
      TopicPartition name, GroupState.TopicProgress topic, Progress progress) {
    return new PartitionDescription(
        name,
        topic.id(),
        true,
        progress.floor(),
        0,
        0,
        Lag.NONE,
        progress.leased().count(),
        progress.failures().size(),
        Optional.empty());
  }

  private PartitionDescription describe(
      TopicPartition name,
      Topic topic,
      Partition partition,
      Progress progress,
      Optional<String> owner) {
    return new PartitionDescription(
        name,
        topic.id(),
        false,
        progress.floor(),
        partition.logStartOffset(),
        partition.logEndOffset(),
        Lags.behind(partition, progress, now),
        progress.leased().count(),
        progress.failures().size(),
        owner);
  }

  /** What is leased or has failed, by partition and offset. */
  List<PendingRecord> pending() {
    boolean hosted = view.host().isPresent();
    List<PendingRecord> pending = new ArrayList<>();
    GroupState state = view.state();
    for (int number = 0; number < state.topics().size(); number++) {
      GroupState.TopicProgress topic = state.topics().get(number);
      for (var entry : topic.partitions().entrySet()) {
        TopicPartition name = new TopicPartition(topic.name(), entry.getKey());
        addPending(name, entry.getValue(), hosted, pending);
      }
    }
    return pending;
  }

  private void addPending(
      TopicPartition name, Progress progress, boolean hosted, List<PendingRecord> pending) {
    OffsetRanges offsets = OffsetRanges.copyOf(progress.leased());
    offsets.addAll(progress.suspects());
    progress.failures().keySet().forEach(offset -> offsets.add(offset, offset + 1));
    for (int i = 0; i < offsets.rangeCount(); i++) {
      for (long offset = offsets.from(i); offset < offsets.to(i); offset++) {
        pending.add(pending(name, offset, progress, hosted));
      }
    }
  }

  private PendingRecord pending(
      TopicPartition name, long offset, Progress progress, boolean hosted) {
    boolean leased = progress.leased().contains(offset);
    boolean suspected = progress.suspects().contains(offset);
    PendingRecord.State state = PendingRecord.State.FAILED;
    if (leased && hosted) {
      state = PendingRecord.State.LEASED;
    } else if (leased || suspected) {
      state = PendingRecord.State.SUSPECT;
    }
    Optional<Delivery> lease =
        leases.stream()
            .filter(d -> d.item().offset() == offset && d.item().lane().name().equals(name))
            .findFirst();
    return new PendingRecord(
        name,
        offset,
        state,
        progress.failures(offset),
        lease.map(delivery -> delivery.seat().id()),
        lease.map(delivery -> Instant.ofEpochMilli(delivery.sinceMs())));
  }
}
