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
    return with(draft -> draft.commits = level);
  }

  /**
   * Changes which records are seen. {@code DURABLE} never shows a record that a power cut takes
   * back.
   *
   * @param which of the group
   * @return a changed copy
   */
  public ConsumerConfig visibility(Visibility which) {
    return with(draft -> draft.visibility = which);
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
    return with(draft -> draft.first = position);
  }

  /**
   * Refuses to begin in topics that the group has not seen.
   *
   * @return a changed copy
   */
  public ConsumerConfig failWithoutPosition() {
    return with(draft -> draft.first = null);
  }

  /**
   * Changes how partitions are shared.
   *
   * @param newAssignor the same for all members
   * @return a changed copy
   */
  public ConsumerConfig assignor(Assignor newAssignor) {
    return with(draft -> draft.assignor = newAssignor);
  }

  /**
   * Changes who is told when partitions come and go.
   *
   * @param newListener called by this member's polls
   * @return a changed copy
   */
  public ConsumerConfig listener(RebalanceListener newListener) {
    return with(draft -> draft.listener = newListener);
  }

  /**
   * Changes how many messages one poll returns.
   *
   * @param most at least 1
   * @return a changed copy
   */
  public ConsumerConfig maxPollRecords(int most) {
    return with(draft -> draft.maxPollRecords = most);
  }

  /**
   * Changes how long a member may take between polls.
   *
   * @param interval 1 ms to 365 days
   * @return a changed copy
   */
  public ConsumerConfig maxPollInterval(Duration interval) {
    return with(draft -> draft.maxPollInterval = interval);
  }

  /**
   * Lets polls commit what earlier polls returned.
   *
   * @param interval how often
   * @return a changed copy
   */
  public ConsumerConfig autoCommit(Duration interval) {
    return with(draft -> draft.autoCommit = interval);
  }

  private ConsumerConfig with(java.util.function.Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.finish();
  }

  /** A copy in the making. */
  private static final class Draft {
    private Commits commits;
    private Visibility visibility;
    private @Nullable Position first;
    private Assignor assignor;
    private RebalanceListener listener;
    private int maxPollRecords;
    private Duration maxPollInterval;
    private @Nullable Duration autoCommit;

    Draft(ConsumerConfig from) {
      commits = from.commits;
      visibility = from.visibility;
      first = from.first;
      assignor = from.assignor;
      listener = from.listener;
      maxPollRecords = from.maxPollRecords;
      maxPollInterval = from.maxPollInterval;
      autoCommit = from.autoCommit;
    }

    ConsumerConfig finish() {
      return new ConsumerConfig(
          commits,
          visibility,
          first,
          assignor,
          listener,
          maxPollRecords,
          maxPollInterval,
          autoCommit);
    }
  }
}
