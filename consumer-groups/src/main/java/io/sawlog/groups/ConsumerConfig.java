package io.sawlog.groups;

import io.sawlog.log.Position;
import io.sawlog.log.Visibility;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a member of a partition group reads. Immutable; each setter gives a changed copy. {@code
 * commits} and {@code visibility} belong to the group and are the same for all its members, for
 * ever; so is, among the members of the time, the assignor.
 *
 * @param commits what a commit survives
 * @param visibility which records are seen
 * @param first where the group begins in topics that it has not seen; null to throw instead
 * @param assignor shares the partitions among the members
 * @param listener told when partitions come and go
 * @param maxPollRecords the most messages that one poll returns
 * @param maxPollInterval a member that does not poll for longer loses its partitions
 * @param autoCommit how often polling commits what earlier polls returned; null for never
 */
public record ConsumerConfig(
    Commits commits,
    Visibility visibility,
    @Nullable Position first,
    Assignor assignor,
    RebalanceListener listener,
    int maxPollRecords,
    Duration maxPollInterval,
    @Nullable Duration autoCommit) {
  private static final ConsumerConfig DEFAULTS =
      new ConsumerConfig(
          Commits.WRITTEN,
          Visibility.PUBLISHED,
          Position.earliest(),
          Assignor.cooperativeSticky(),
          new RebalanceListener() {},
          500,
          Duration.ofMinutes(5),
          null);

  /** Checks the ranges. */
  public ConsumerConfig {
    Objects.requireNonNull(commits, "commits");
    Objects.requireNonNull(visibility, "visibility");
    Objects.requireNonNull(assignor, "assignor");
    Objects.requireNonNull(listener, "listener");
    if (maxPollRecords < 1) {
      throw new IllegalArgumentException("maxPollRecords is at least 1, not " + maxPollRecords);
    }
    checkInterval("maxPollInterval", maxPollInterval);
    if (autoCommit != null) {
      checkInterval("autoCommit", autoCommit);
    }
  }

  private static void checkInterval(String name, Duration interval) {
    if (interval.compareTo(Duration.ofMillis(1)) < 0
        || interval.compareTo(Duration.ofDays(365)) > 0) {
      throw new IllegalArgumentException(name + " is 1 ms to 365 days, not " + interval);
    }
  }

  /**
   * {@code WRITTEN} commits by hand, published records from the earliest on, cooperative-sticky
   * assignment, 500 messages a poll, 5 minutes between polls.
   *
   * @return the defaults
   */
  public static ConsumerConfig defaults() {
    return DEFAULTS;
  }

  GroupOptions options() {
    return new GroupOptions(GroupType.PARTITION, commits, visibility, Order.NONE);
  }

  /**
   * Changes what a commit survives.
   *
   * @param level of the group
   * @return a changed copy
   */
  public ConsumerConfig commits(Commits level) {
    return new ConsumerConfig(
        level, visibility, first, assignor, listener, maxPollRecords, maxPollInterval, autoCommit);
  }

  /**
   * Changes which records are seen. {@code DURABLE} never shows a record that a power cut takes
   * back.
   *
   * @param which of the group
   * @return a changed copy
   */
  public ConsumerConfig visibility(Visibility which) {
    return new ConsumerConfig(
        commits, which, first, assignor, listener, maxPollRecords, maxPollInterval, autoCommit);
  }

  /**
   * Changes where the group begins in topics that it has not seen. Stored at once, so that {@code
   * latest} skips nothing after a restart.
   *
   * @param position applied to each partition
   * @return a changed copy
   */
  public ConsumerConfig first(Position position) {
    Objects.requireNonNull(position, "position");
    return new ConsumerConfig(
        commits,
        visibility,
        position,
        assignor,
        listener,
        maxPollRecords,
        maxPollInterval,
        autoCommit);
  }

  /**
   * Refuses to begin in topics that the group has not seen.
   *
   * @return a changed copy
   */
  public ConsumerConfig failWithoutPosition() {
    return new ConsumerConfig(
        commits, visibility, null, assignor, listener, maxPollRecords, maxPollInterval, autoCommit);
  }

  /**
   * Changes how partitions are shared.
   *
   * @param newAssignor the same for all members
   * @return a changed copy
   */
  public ConsumerConfig assignor(Assignor newAssignor) {
    return new ConsumerConfig(
        commits,
        visibility,
        first,
        newAssignor,
        listener,
        maxPollRecords,
        maxPollInterval,
        autoCommit);
  }

  /**
   * Changes who is told when partitions come and go.
   *
   * @param newListener called by this member's polls
   * @return a changed copy
   */
  public ConsumerConfig listener(RebalanceListener newListener) {
    return new ConsumerConfig(
        commits,
        visibility,
        first,
        assignor,
        newListener,
        maxPollRecords,
        maxPollInterval,
        autoCommit);
  }

  /**
   * Changes how many messages one poll returns.
   *
   * @param most at least 1
   * @return a changed copy
   */
  public ConsumerConfig maxPollRecords(int most) {
    return new ConsumerConfig(
        commits, visibility, first, assignor, listener, most, maxPollInterval, autoCommit);
  }

  /**
   * Changes how long a member may take between polls.
   *
   * @param interval 1 ms to 365 days
   * @return a changed copy
   */
  public ConsumerConfig maxPollInterval(Duration interval) {
    return new ConsumerConfig(
        commits, visibility, first, assignor, listener, maxPollRecords, interval, autoCommit);
  }

  /**
   * Lets polls commit what earlier polls returned.
   *
   * @param interval how often
   * @return a changed copy
   */
  public ConsumerConfig autoCommit(Duration interval) {
    return new ConsumerConfig(
        commits, visibility, first, assignor, listener, maxPollRecords, maxPollInterval, interval);
  }
}
