package io.sawlog.groups;

/**
 * The figures of a consumer group while this process hosts it, named {@code
 * io.sawlog:type=Group,store="DIRECTORY",group=NAME}. It is there if the store with the topics was
 * opened with {@link io.sawlog.log.SawlogConfig#withJmx}. That it is gone means that this process
 * does not host the group.
 *
 * <p>What is read from files is at most a second old.
 */
public interface GroupMXBean {
  /**
   * The group.
   *
   * @return its name
   */
  String getGroup();

  /**
   * What it is.
   *
   * @return {@code PARTITION} or {@code SHARED}
   */
  String getType();

  /**
   * To alarm on: how far the group is behind, in all partitions.
   *
   * @return records that are not finished
   */
  long getLagRecords();

  /**
   * To alarm on: how long the oldest of those has been waiting since it was appended.
   *
   * @return milliseconds
   */
  long getLagMs();

  /**
   * Records that are leased to workers.
   *
   * @return how many; 0 for a partition group
   */
  long getInFlight();

  /**
   * Records that have failed and are neither finished nor dead.
   *
   * @return how many; 0 for a partition group
   */
  long getFailing();

  /**
   * To alarm on when it grows: all dead letters.
   *
   * @return how many
   */
  long getDeadLetters();

  /**
   * Dead letters that were never redriven.
   *
   * @return how many
   */
  long getRedrivable();

  /**
   * The members or workers of the group.
   *
   * @return how many
   */
  int getMembers();

  /**
   * Whether somebody has paused the group.
   *
   * @return whether polls return nothing until it is resumed
   */
  boolean isPaused();

  /**
   * To alarm on: whether everything failed lately, so that the group tries one record at a time.
   *
   * @return whether the breaker is open; false for a partition group
   */
  boolean isResting();
}
