package io.sawlog.log;

/**
 * The figures of a store that this process writes, named {@code
 * io.sawlog:type=Store,store="DIRECTORY"}; see {@link SawlogConfig#withJmx}.
 */
public interface StoreMXBean {
  /**
   * The store.
   *
   * @return its directory, absolute
   */
  String getDirectory();

  /**
   * The partitions of all topics.
   *
   * @return how many are open
   */
  int getPartitionCount();

  /**
   * To alarm on: partitions to which nothing can be appended until the store is opened again.
   *
   * @return how many have failed
   */
  int getFailedPartitions();

  /**
   * To alarm on when it grows: appends that failed because the disk, or a topic, was full, since
   * the opening.
   *
   * @return how many, in all partitions
   */
  long getRefusedAppends();

  /**
   * What all segments hold.
   *
   * @return bytes
   */
  long getSizeBytes();

  /**
   * Partitions that had not been closed cleanly before this opening; see {@link
   * PartitionMXBean#getRecovery}.
   *
   * @return how many were recovered
   */
  int getRecoveredPartitions();
}
