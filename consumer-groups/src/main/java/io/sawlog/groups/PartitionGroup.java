package io.sawlog.groups;

import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A partition group that this process hosts: who its members are, and who owns what. Members are
 * told nothing; each looks, inside its own polls, what has become of it since.
 */
final class PartitionGroup implements Hosts.Hosted {
  private static final System.Logger LOGGER = System.getLogger("io.sawlog");
  private static final long REFRESH_NS = TimeUnit.SECONDS.toNanos(1);

  private final GroupHost host;
  private final Map<String, Membership> members = new TreeMap<>();
  private final Map<TopicPartition, Membership> owners = new HashMap<>();
  private final ReadTopics topics;
  private @Nullable Assignor assignor;
  private long joined;
  private final AtomicLong version = new AtomicLong();
  private volatile long refreshedAt;

  PartitionGroup(GroupHost host) {
    this.host = host;
    this.topics = new ReadTopics(host);
  }

  @Override
  public GroupHost host() {
    return host;
  }

  @Override
  public void changed() {
    version.incrementAndGet();
  }

  @Override
  public List<MemberDescription> members() {
    return members.values().stream()
        .map(member -> new MemberDescription(member.id(), List.copyOf(member.owned().keySet()), 0))
        .toList();
  }

  /** Changes whenever a member may have something to give up or to take. */
  long version() {
    return version.get();
  }

  Membership join(ConsumerConfig config, Subscription subscription) {
    host.lock().lock();
    try {
      if (assignor != null && !members.isEmpty() && !assignor.equals(config.assignor())) {
        throw new GroupMismatchException(
            "group '"
                + host.name()
                + "' shares its partitions by "
                + assignor
                + " now, not by "
                + config.assignor()
                + ": give all members the same assignor");
      }
      for (String name : topics.namesOf(subscription)) {
        Topic topic = host.log().topic(name);
        host.numberOf(topic, first(topic, config));
      }
      assignor = config.assignor();
      long now = host.clock().nanoTime();
      Membership member =
          new Membership(
              "member-" + ++joined, subscription, config.maxPollInterval().toNanos(), now);
      members.put(member.id(), member);
      refresh(now);
      rebalance();
      watch(member);
      return member;
    } finally {
      host.lock().unlock();
    }
  }

  /** Makes sure that the timer looks when the member may have been silent for too long. */
  private void watch(Membership member) {
    long now = host.clock().nanoTime();
    host.timer().wakeBy(now + member.patience(now));
  }

  private Function<Partition, Long> first(Topic topic, ConsumerConfig config) {
    Position first = config.first();
    if (first == null) {
      return partition -> {
        throw new GroupNotFoundException(
            "group '"
                + host.name()
                + "' has no position in topic '"
                + topic.name()
                + "': create it with Groups.create, or give the consumer a first position");
      };
    }
    return partition -> offsetOf(partition, first);
  }

  /** The offset that a position means now. */
  static long offsetOf(Partition partition, Position position) {
    if (position instanceof Position.Latest) {
      return partition.logEndOffset();
    }
    if (position instanceof Position.Earliest) {
      return partition.logStartOffset();
    }
    try (var tailer = partition.tailer(position)) {
      return tailer.position();
    }
  }

  /** Looks for new topics and partitions now and then; called by every poll. */
  void refreshIfDue(long now) {
    if (now - refreshedAt < REFRESH_NS) {
      return;
    }
    host.lock().lock();
    try {
      if (now - refreshedAt >= REFRESH_NS && refresh(now)) {
        rebalance();
      }
    } finally {
      host.lock().unlock();
    }
  }

  /** Returns whether anything is new. */
  private boolean refresh(long now) {
    refreshedAt = now;
    return topics.refresh(members.values());
  }

  private void rebalance() {
    Assignor sharing = assignor;
    if (sharing != null) {
      List<Member> asMembers = new ArrayList<>();
      for (Membership member : members.values()) {
        Set<String> reads =
            topics.partitionCounts().keySet().stream()
                .filter(member.subscription()::includes)
                .collect(Collectors.toSet());
        asMembers.add(new Member(member.id(), reads, member.owned().keySet()));
      }
      Map<String, SortedSet<TopicPartition>> targets =
          sharing.assign(topics.partitionCounts(), asMembers);
      members.forEach((id, member) -> member.aimAt(targets.getOrDefault(id, new TreeSet<>())));
    }
    version.incrementAndGet();
  }

  /**
   * What a member has to give up: what it is not to own any more, and partitions of topics that are
   * not what they were.
   */
  List<OwnedPartition> toGiveUp(Membership member) {
    host.lock().lock();
    try {
      return member.owned().values().stream()
          .filter(owned -> !member.target().contains(owned.name()) || isReplaced(owned))
          .toList();
    } finally {
      host.lock().unlock();
    }
  }

  private boolean isReplaced(OwnedPartition owned) {
    Topic topic = topics.get(owned.name().topic());
    return topic != null && !topic.id().equals(owned.topicId());
  }

  /** Ends assignments; others may take the partitions then. */
  void release(Membership member, List<OwnedPartition> given) {
    host.lock().lock();
    try {
      for (OwnedPartition partition : given) {
        partition.end();
        member.owned().remove(partition.name());
        // if this took too long, the member was expelled, and somebody else may own it by now
        owners.remove(partition.name(), member);
      }
      version.incrementAndGet();
    } finally {
      host.lock().unlock();
    }
  }

  /** Takes what a member is to own and nobody else does: all of it, or nothing. */
  List<OwnedPartition> take(Membership member) {
    host.lock().lock();
    try {
      if (member.isExpelled()) {
        return List.of();
      }
      List<OwnedPartition> taken = new ArrayList<>();
      for (TopicPartition name : member.target()) {
        Topic topic = topics.get(name.topic());
        if (topic != null && !owners.containsKey(name)) {
          taken.add(assign(topic, name));
        }
      }
      for (OwnedPartition partition : taken) {
        member.owned().put(partition.name(), partition);
        owners.put(partition.name(), member);
      }
      return taken;
    } finally {
      host.lock().unlock();
    }
  }

  private OwnedPartition assign(Topic topic, TopicPartition name) {
    int number = host.state().numberOf(topic.id());
    Partition partition = topic.partition(name.partition());
    if (host.state().progress(number, name.partition()) == null) {
      host.record(new PartitionEvent.Moved(number, name.partition(), partition.logStartOffset()));
    }
    return new OwnedPartition(
        host.name(),
        name,
        topic.id(),
        number,
        partition,
        host.state().progressOf(number, name.partition()),
        host.options().visibility());
  }

  /** Lets a member that was expelled in again; returns what it has lost, null if it was not. */
  @Nullable List<OwnedPartition> readmit(Membership member, List<OwnedPartition> held) {
    host.lock().lock();
    try {
      if (!member.isExpelled()) {
        return null;
      }
      member.expelled(false);
      members.put(member.id(), member);
      rebalance();
      watch(member);
      return List.copyOf(held);
    } finally {
      host.lock().unlock();
    }
  }

  void leave(Membership member) {
    host.lock().lock();
    try {
      member.endAll().forEach(partition -> owners.remove(partition.name()));
      if (members.remove(member.id()) != null) {
        rebalance();
      }
    } finally {
      host.lock().unlock();
    }
  }

  /** Expels members that have not polled for too long. */
  @Override
  public long tick(long now) {
    host.lock().lock();
    try {
      long next = Long.MAX_VALUE;
      boolean changed = false;
      for (Membership member : List.copyOf(members.values())) {
        long patience = member.patience(now);
        if (patience <= 0) {
          LOGGER.log(
              System.Logger.Level.WARNING,
              "group {0}: {1} has not polled for longer than maxPollInterval, others get its"
                  + " partitions",
              host.name(),
              member.id());
          GroupEvents.memberSilent(host.name(), member.id());
          member.expelled(true);
          members.remove(member.id());
          member.endAll().forEach(partition -> owners.remove(partition.name()));
          changed = true;
        } else {
          next = Math.min(next, patience);
        }
      }
      if (changed) {
        rebalance();
      }
      return next;
    } finally {
      host.lock().unlock();
    }
  }

  /**
   * What a member wants to commit.
   *
   * @param partition one that it may still own
   * @param offset the next offset to read
   */
  record Commit(OwnedPartition partition, long offset) {}

  /**
   * Commits positions, all or none.
   *
   * @throws StaleMemberException if one of the partitions is not the member's own any more
   */
  void commit(List<Commit> commits) {
    host.lock().lock();
    try {
      List<Event> events = new ArrayList<>(commits.size());
      for (Commit commit : commits) {
        checkOwned(commit.partition());
        if (moves(commit.partition(), commit.offset())) {
          events.add(committed(commit.partition(), commit.offset()));
        }
      }
      host.record(events);
      commits.forEach(commit -> commit.partition().committed());
    } finally {
      host.lock().unlock();
    }
  }

  private static boolean moves(OwnedPartition partition, long offset) {
    long floor = partition.progress().floor();
    return offset > floor || (offset < floor && partition.wasSought());
  }

  private static Event committed(OwnedPartition partition, long offset) {
    return new PartitionEvent.Committed(
        partition.topicNumber(), partition.name().partition(), offset);
  }

  /** Throws if an assignment has ended; under the lock. */
  void checkOwned(OwnedPartition partition) {
    if (!partition.isOwned()) {
      throw new StaleMemberException(
          "group '"
              + host.name()
              + "': "
              + partition.name()
              + " is not this member's own any more, nothing was committed: poll more often than"
              + " maxPollInterval, or give it more time");
    }
  }

  /** Calls something under the group's lock. */
  <T> T locked(Function<GroupState, T> question) {
    host.lock().lock();
    try {
      return question.apply(host.state());
    } finally {
      host.lock().unlock();
    }
  }
}
