package io.sawlog.groups;

import io.sawlog.log.LogException;
import io.sawlog.log.Message;
import io.sawlog.log.MessageHandler;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Visibility;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A member of a partition group. It reads the partitions that are its own, and commits how far it
 * is; what was not committed comes again.
 *
 * <pre>{@code
 * try (Consumer c = Groups.of(log).consumer("inventory", "orders")) {
 *   while (running) {
 *     for (Message m : c.poll(Duration.ofSeconds(1))) reserve(m);
 *     c.commit();
 *   }
 * }
 * }</pre>
 *
 * <p>For one thread at a time, except for {@link #wakeup}. All methods but that and {@link #close}
 * throw {@link GroupClosedException} after it was closed.
 */
public final class Consumer implements AutoCloseable {
  private static final long WAIT_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private final PartitionGroup group;
  private final ConsumerConfig config;
  private final Membership member;
  private final GroupClock clock;
  private final OwnedPartitions reading = new OwnedPartitions();
  private long seenVersion = -1;
  private long autoCommittedAt;
  private volatile boolean wakeup;
  private volatile @Nullable Thread waiting;
  private boolean groupPaused;
  private boolean closed;

  Consumer(PartitionGroup group, ConsumerConfig config, Subscription subscription) {
    this.group = group;
    this.config = config;
    this.clock = group.host().clock();
    this.member = group.join(config, subscription);
    this.autoCommittedAt = clock.nanoTime();
  }

  /**
   * Returns messages, waiting for the first one. Takes part in the group first: partitions come and
   * go here, and with auto-commit, what earlier polls returned is committed here.
   *
   * @param timeout how long to wait at most
   * @return up to {@code maxPollRecords} messages, those of a partition in order; none if the time
   *     is over, after {@link #wakeup}, or if the thread was interrupted
   * @throws RecordsLostException if retention has deleted records before they were consumed
   * @throws LogException as {@link io.sawlog.log.Tailer#poll(MessageHandler, int)}: of damage,
   *     every time, until the member has moved or called {@link #skipDamaged}
   */
  public List<Message> poll(Duration timeout) {
    List<Message> messages = new ArrayList<>();
    long start = clock.nanoTime();
    long timeoutNs =
        timeout.compareTo(Duration.ofDays(365)) < 0 ? timeout.toNanos() : Long.MAX_VALUE;
    waiting = Thread.currentThread();
    try {
      do {
        prepare();
        if (!groupPaused) {
          reading.poll(view -> messages.add(view.copy()), config.maxPollRecords(), messages);
        }
      } while (messages.isEmpty() && !isWoken() && waitsOn(start, timeoutNs));
    } finally {
      waiting = null;
    }
    return messages;
  }

  private boolean isWoken() {
    boolean woken = wakeup;
    if (woken) {
      wakeup = false;
    }
    return woken;
  }

  private boolean waitsOn(long start, long timeoutNs) {
    long rest = timeoutNs - (clock.nanoTime() - start);
    if (rest <= 0 || Thread.currentThread().isInterrupted()) {
      return false;
    }
    LockSupport.parkNanos(this, Math.min(rest, WAIT_NS));
    return true;
  }

  /**
   * Shows the records that are there where they lie in a buffer, without waiting and without an
   * object for each. Otherwise as {@link #poll}.
   *
   * @param handler receives each record; if it throws, the position stays before that record
   * @param limit how many records to show at most
   * @return how many were shown
   * @throws RecordsLostException if retention has deleted records before they were consumed
   * @throws LogException as {@link #poll}
   */
  public int drain(MessageHandler handler, int limit) {
    prepare();
    return isWoken() || groupPaused ? 0 : reading.poll(handler, limit, List.of());
  }

  private void prepare() {
    checkOpen();
    long now = clock.nanoTime();
    member.polled(now);
    group.refreshIfDue(now);
    Duration interval = config.autoCommit();
    if (interval != null && now - autoCommittedAt >= interval.toNanos()) {
      autoCommittedAt = now;
      commitOwn(reading.all());
    }
    if (group.version() != seenVersion) {
      takePart();
    }
  }

  /** Gives up and takes what the group has decided since the last look. */
  private void takePart() {
    long seen = group.version();
    groupPaused = group.locked(GroupState::isPaused);
    List<OwnedPartition> lost = group.readmit(member, reading.all());
    if (lost != null) {
      reading.close(lost);
      if (!lost.isEmpty()) {
        config.listener().onLost(names(lost));
      }
    }
    List<OwnedPartition> given = group.toGiveUp(member);
    if (!given.isEmpty()) {
      if (config.autoCommit() != null) {
        commitOwn(given);
      }
      config.listener().onRevoked(names(given));
      group.release(member, given);
      reading.close(given);
    }
    List<OwnedPartition> taken = group.take(member);
    reading.addAll(taken);
    seenVersion = seen;
    if (!taken.isEmpty()) {
      config.listener().onAssigned(names(taken));
    }
  }

  private static Set<TopicPartition> names(List<OwnedPartition> partitions) {
    Set<TopicPartition> names = new TreeSet<>();
    partitions.forEach(partition -> names.add(partition.name()));
    return names;
  }

  /** Commits the positions of those partitions that are still the member's own. */
  private void commitOwn(List<OwnedPartition> partitions) {
    List<OwnedPartition> owned = new ArrayList<>(partitions);
    owned.removeIf(partition -> !group.locked(state -> partition.isOwned()));
    commitAll(positionsOf(owned));
  }

  /**
   * Commits the positions: everything that polls have returned so far.
   *
   * @throws StaleMemberException if a partition is not the member's own any more; nothing was
   *     committed
   * @throws LogException if the side log cannot be written; nothing was committed
   */
  public void commit() {
    checkOpen();
    commitAll(positionsOf(reading.all()));
  }

  private static List<PartitionGroup.Commit> positionsOf(List<OwnedPartition> partitions) {
    List<PartitionGroup.Commit> commits = new ArrayList<>(partitions.size());
    for (OwnedPartition partition : partitions) {
      commits.add(new PartitionGroup.Commit(partition, partition.position()));
    }
    return commits;
  }

  /**
   * Commits up to and including a message. One that is committed already changes nothing, unless
   * the member has moved back since.
   *
   * @param message one that this member was given
   * @throws StaleMemberException if its partition is not the member's own; nothing was committed
   * @throws CommitOutOfRangeException if the log does not hold the message
   * @throws LogException if the side log cannot be written; nothing was committed
   */
  public void commit(Message message) {
    TopicPartition partition = new TopicPartition(message.topic(), message.partition());
    commitAll(List.of(checked(partition, message.offset() + 1)));
  }

  /**
   * Commits positions, all or none; otherwise as {@link #commit(Message)}.
   *
   * @param positions by partition, each the next offset to read
   * @throws StaleMemberException if a partition is not the member's own; nothing was committed
   * @throws CommitOutOfRangeException if a position lies outside its log; nothing was committed
   * @throws LogException if the side log cannot be written; nothing was committed
   */
  public void commit(Map<TopicPartition, Long> positions) {
    List<PartitionGroup.Commit> commits = new ArrayList<>(positions.size());
    positions.forEach((partition, offset) -> commits.add(checked(partition, offset)));
    commitAll(commits);
  }

  private void commitAll(List<PartitionGroup.Commit> commits) {
    commits.forEach(commit -> makeDurable(commit.partition(), commit.offset()));
    group.commit(commits);
  }

  /** A synced commit covers only records that survive whatever it survives. */
  private void makeDurable(OwnedPartition partition, long offset) {
    if (config.commits() == Commits.SYNCED
        && config.visibility() == Visibility.PUBLISHED
        && offset > 0) {
      partition.partition().sync(offset - 1);
    }
  }

  private PartitionGroup.Commit checked(TopicPartition name, long offset) {
    OwnedPartition owned = own(name);
    Partition partition = owned.partition();
    long start = partition.logStartOffset();
    if (offset < start || (offset > owned.position() && offset > partition.logEndOffset())) {
      throw new CommitOutOfRangeException(
          "group '"
              + group.host().name()
              + "': "
              + offset
              + " cannot be committed in "
              + owned.name()
              + ", whose log holds "
              + start
              + " to "
              + partition.logEndOffset()
              + " (exclusive)");
    }
    return new PartitionGroup.Commit(owned, offset);
  }

  /**
   * Puts a message among the group's dead letters, durably, so that it need not be consumed: a
   * message that was put there and not committed does not come again. The position does not change.
   *
   * @param message one that this member was given
   * @param reason why
   * @throws StaleMemberException if its partition is not the member's own; nothing was changed
   * @throws LogException if it cannot be written; nothing was changed
   */
  public void deadLetter(Message message, String reason) {
    OwnedPartition partition = own(new TopicPartition(message.topic(), message.partition()));
    GroupHost host = group.host();
    group.locked(
        state -> {
          group.checkOwned(partition);
          if (partition.progress().isFinished(message.offset())) {
            return message;
          }
          host.bury(
              partition.topicNumber(),
              message.partition(),
              message.offset(),
              () ->
                  host.deadLetters().add(message, partition.topicId(), 1, reason, clock.epochMs()));
          partition.skip(message.offset());
          return message;
        });
  }

  /**
   * The offset of the next record to read.
   *
   * @param partition one of the member's own
   * @return the offset
   * @throws StaleMemberException if it is not
   */
  public long position(TopicPartition partition) {
    return own(partition).position();
  }

  /**
   * What the group has committed: where it would go on after a restart. Before the first commit,
   * where it began.
   *
   * @param partition one of the member's own
   * @return the offset
   * @throws StaleMemberException if it is not
   */
  public long committed(TopicPartition partition) {
    OwnedPartition owned = own(partition);
    return group.locked(state -> owned.progress().floor());
  }

  /**
   * How far the position is behind the log end.
   *
   * @param partition one of the member's own
   * @return records and age
   * @throws StaleMemberException if it is not
   */
  public Lag lag(TopicPartition partition) {
    OwnedPartition owned = own(partition);
    return Lags.behind(owned.partition(), owned.position(), clock.epochMs());
  }

  /**
   * How far the member is behind in all its partitions.
   *
   * @return the sum of the records, and the greatest age
   */
  public Lag lag() {
    checkOpen();
    Lag sum = Lag.NONE;
    for (OwnedPartition partition : reading.all()) {
      sum = sum.plus(lag(partition.name()));
    }
    return sum;
  }

  /**
   * Moves, also backwards; the next commit stores it.
   *
   * @param partition one of the member's own
   * @param position where to
   * @throws StaleMemberException if it is not
   * @throws io.sawlog.log.OffsetOutOfRangeException if the log does not hold the offset
   */
  public void seek(TopicPartition partition, Position position) {
    own(partition).seek(position);
  }

  /**
   * Moves past damaged frames where the member stands: what was thrown by {@link #poll} until now.
   * The records in them are given up; the next commit stores that.
   *
   * @return what was passed over; nothing if nothing is damaged where the member stands
   * @throws LogException if the device cannot deliver bytes
   */
  public List<SkippedRange> skipDamaged() {
    checkOpen();
    List<SkippedRange> skipped = new ArrayList<>();
    for (OwnedPartition partition : reading.all()) {
      SkippedRange range = partition.skipDamaged();
      if (range != null) {
        skipped.add(range);
      }
    }
    return skipped;
  }

  /**
   * Reads no more from partitions until {@link #resume}, or until they were with somebody else.
   *
   * @param partitions of the member's own
   * @throws StaleMemberException if one is not; those before it are paused
   */
  public void pause(Collection<TopicPartition> partitions) {
    partitions.forEach(partition -> own(partition).pause(true));
  }

  /**
   * Ends {@link #pause}.
   *
   * @param partitions of the member's own
   * @throws StaleMemberException if one is not; those before it are resumed
   */
  public void resume(Collection<TopicPartition> partitions) {
    partitions.forEach(partition -> own(partition).pause(false));
  }

  /**
   * The member's own partitions, as of its last poll.
   *
   * @return a copy
   */
  public Set<TopicPartition> assignment() {
    checkOpen();
    return names(reading.all());
  }

  /**
   * The name by which the group knows the member.
   *
   * @return unique among the members of the group that this process hosts
   */
  public String memberId() {
    return member.id();
  }

  /** Ends the present {@link #poll}, or else the next one, early. From any thread. */
  public void wakeup() {
    wakeup = true;
    LockSupport.unpark(waiting);
  }

  private OwnedPartition own(TopicPartition name) {
    checkOpen();
    OwnedPartition owned = reading.find(name);
    if (owned == null) {
      throw new StaleMemberException(
          "group '" + group.host().name() + "': " + name + " is not this member's own");
    }
    return owned;
  }

  private void checkOpen() {
    if (closed) {
      throw new GroupClosedException(
          "group '" + group.host().name() + "': " + member.id() + " is closed");
    }
  }

  /**
   * Leaves the group. Commits nothing, so that an exception on the way here loses no record: what
   * was not committed comes again. Calling it again does nothing.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    Set<TopicPartition> lost = names(reading.all());
    try {
      group.leave(member);
      reading.close(reading.all());
      if (!lost.isEmpty()) {
        config.listener().onLost(lost);
      }
    } finally {
      Hosts.leave(group);
    }
  }
}
