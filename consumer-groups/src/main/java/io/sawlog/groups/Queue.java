package io.sawlog.groups;

import io.sawlog.log.Position;
import io.sawlog.log.Visibility;
import java.time.Duration;
import java.util.Objects;

/**
 * How a shared group gives out records. Immutable; each setter gives a changed copy. {@code order},
 * {@code commits} and {@code visibility} belong to the group for ever; the rest to the process that
 * hosts it, and is the same for all its workers.
 *
 * @param order in which order records of one key are given out
 * @param commits what an answer survives
 * @param visibility which records are seen
 * @param first where a new group begins
 * @param maxAttempts a record that has failed so often is put among the dead letters
 * @param backoff how long a record that has failed waits
 * @param lease how long a worker has for a record that it has received
 * @param handlingLimit how long a handler given to {@code run} has for a record
 * @param window how many records of a partition may be under way above the first unfinished one
 * @param maxInFlight how many records all workers together may have
 * @param maxInFlightPerWorker how many records one worker may have
 * @param breakerFailures after so many records have failed with no success between, the group rests
 *     and tries one record at a time
 */
public record Queue(
    Order order,
    Commits commits,
    Visibility visibility,
    Position first,
    int maxAttempts,
    Backoff backoff,
    Duration lease,
    Duration handlingLimit,
    int window,
    int maxInFlight,
    int maxInFlightPerWorker,
    int breakerFailures) {
  private static final Queue DEFAULTS =
      new Queue(
          Order.NONE,
          Commits.WRITTEN,
          Visibility.PUBLISHED,
          Position.earliest(),
          5,
          Backoff.exponential(Duration.ofSeconds(1), Duration.ofMinutes(5)),
          Duration.ofSeconds(30),
          Duration.ofMinutes(10),
          65_536,
          10_000,
          1_000,
          20);

  /** Checks the ranges. */
  public Queue {
    Objects.requireNonNull(order, "order");
    Objects.requireNonNull(commits, "commits");
    Objects.requireNonNull(visibility, "visibility");
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(backoff, "backoff");
    atLeastOne("maxAttempts", maxAttempts);
    atLeastOne("window", window);
    atLeastOne("maxInFlight", maxInFlight);
    atLeastOne("maxInFlightPerWorker", maxInFlightPerWorker);
    atLeastOne("breakerFailures", breakerFailures);
    inRange("lease", lease);
    inRange("handlingLimit", handlingLimit);
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is at least 1, not " + value);
    }
  }

  private static void inRange(String name, Duration time) {
    if (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(Duration.ofDays(365)) > 0) {
      throw new IllegalArgumentException(name + " is 1 ms to 365 days, not " + time);
    }
  }

  /**
   * Records in no particular order; {@code WRITTEN} answers, 5 attempts, a backoff from 1 s to 5
   * min, leases of 30 s.
   *
   * @return the defaults
   */
  public static Queue unordered() {
    return DEFAULTS;
  }

  /**
   * Records of one key strictly one after the other, the rest as {@link #unordered}.
   *
   * @return the defaults, in order
   */
  public static Queue keyOrdered() {
    return DEFAULTS.with(draft -> draft.order = Order.KEY);
  }

  GroupOptions options() {
    return new GroupOptions(GroupType.SHARED, commits, visibility, order);
  }

  /**
   * Changes what an answer survives.
   *
   * @param level of the group
   * @return a changed copy
   */
  public Queue commits(Commits level) {
    return with(draft -> draft.commits = level);
  }

  /**
   * Changes which records are seen.
   *
   * @param which of the group
   * @return a changed copy
   */
  public Queue visibility(Visibility which) {
    return with(draft -> draft.visibility = which);
  }

  /**
   * Changes where a new group begins.
   *
   * @param position applied to each partition
   * @return a changed copy
   */
  public Queue first(Position position) {
    return with(draft -> draft.first = position);
  }

  /**
   * Changes how often a record may fail.
   *
   * @param most at least 1
   * @return a changed copy
   */
  public Queue maxAttempts(int most) {
    return with(draft -> draft.maxAttempts = most);
  }

  /**
   * Lets records that have failed wait, twice as long after each failure.
   *
   * @param least after the first failure
   * @param most the limit
   * @return a changed copy
   */
  public Queue backoff(Duration least, Duration most) {
    return backoff(Backoff.exponential(least, most));
  }

  /**
   * Changes how long records that have failed wait.
   *
   * @param newBackoff how long
   * @return a changed copy
   */
  public Queue backoff(Backoff newBackoff) {
    return with(draft -> draft.backoff = newBackoff);
  }

  /**
   * Changes how long a worker has for what it has received.
   *
   * @param time 1 ms to 365 days
   * @return a changed copy
   */
  public Queue lease(Duration time) {
    return with(draft -> draft.lease = time);
  }

  /**
   * Changes how long a handler given to {@code run} has for a record; until then its lease is kept.
   *
   * @param time 1 ms to 365 days
   * @return a changed copy
   */
  public Queue handlingLimit(Duration time) {
    return with(draft -> draft.handlingLimit = time);
  }

  /**
   * Changes how many records of a partition may be under way above the first unfinished one. Memory
   * and side log depend on this, never on the backlog.
   *
   * @param records at least 1
   * @return a changed copy
   */
  public Queue window(int records) {
    return with(draft -> draft.window = records);
  }

  /**
   * Changes how many records all workers together may have. Nothing more is given out then;
   * renewing leases that had run out may exceed it.
   *
   * @param records at least 1
   * @return a changed copy
   */
  public Queue maxInFlight(int records) {
    return with(draft -> draft.maxInFlight = records);
  }

  /**
   * Changes how many records one worker may have.
   *
   * @param records at least 1
   * @return a changed copy
   */
  public Queue maxInFlightPerWorker(int records) {
    return with(draft -> draft.maxInFlightPerWorker = records);
  }

  /**
   * Changes how many records must fail, with no success between, until the group rests.
   *
   * @param records at least 1
   * @return a changed copy
   */
  public Queue breakerFailures(int records) {
    return with(draft -> draft.breakerFailures = records);
  }

  private Queue with(java.util.function.Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.finish();
  }

  /** A copy in the making. */
  private static final class Draft {
    private Order order;
    private Commits commits;
    private Visibility visibility;
    private Position first;
    private int maxAttempts;
    private Backoff backoff;
    private Duration lease;
    private Duration handlingLimit;
    private int window;
    private int maxInFlight;
    private int maxInFlightPerWorker;
    private int breakerFailures;

    Draft(Queue from) {
      order = from.order;
      commits = from.commits;
      visibility = from.visibility;
      first = from.first;
      maxAttempts = from.maxAttempts;
      backoff = from.backoff;
      lease = from.lease;
      handlingLimit = from.handlingLimit;
      window = from.window;
      maxInFlight = from.maxInFlight;
      maxInFlightPerWorker = from.maxInFlightPerWorker;
      breakerFailures = from.breakerFailures;
    }

    Queue finish() {
      return new Queue(
          order,
          commits,
          visibility,
          first,
          maxAttempts,
          backoff,
          lease,
          handlingLimit,
          window,
          maxInFlight,
          maxInFlightPerWorker,
          breakerFailures);
    }
  }
}
