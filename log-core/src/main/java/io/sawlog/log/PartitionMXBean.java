package io.sawlog.log;

/**
 * The figures of a partition in the process that writes it, named {@code
 * io.sawlog:type=Partition,store="DIRECTORY",topic=TOPIC,partition=NUMBER}; see {@link
 * SawlogConfig#withJmx}. What is counted is counted from the opening of the store.
 */
public interface PartitionMXBean {
  /**
   * The topic.
   *
   * @return its name
   */
  String getTopic();

  /**
   * The partition.
   *
   * @return its number
   */
  int getPartition();

  /**
   * The lowest offset that can be read.
   *
   * @return the log start offset
   */
  long getLogStartOffset();

  /**
   * The offset behind the last record that would survive a power cut.
   *
   * @return the durable offset
   */
  long getDurableOffset();

  /**
   * The offset that the next record gets. Its growth is the rate of appends.
   *
   * @return the log end offset
   */
  long getLogEndOffset();

  /**
   * What the segments hold.
   *
   * @return bytes
   */
  long getSizeBytes();

  /**
   * The segments.
   *
   * @return how many there are
   */
  int getSegmentCount();

  /**
   * To alarm on: whether nothing can be appended until the store is opened again.
   *
   * @return whether a flush has failed, or a store into the log was lost
   */
  boolean isFailed();

  /**
   * Why it has failed.
   *
   * @return the message of the exception that appends get; empty if it has not failed
   */
  String getFailure();

  /**
   * To alarm on when it grows: appends that failed because the disk, or the topic, was full.
   *
   * @return how many
   */
  long getRefusedAppends();

  /**
   * Appends that had to wait for a segment, or to begin one; also those that were refused then.
   *
   * @return how many
   */
  long getStalledAppends();

  /**
   * How long those appends took, the waits of all threads together.
   *
   * @return milliseconds
   */
  long getStalledMs();

  /**
   * Segments that were begun.
   *
   * @return how many
   */
  long getRolls();

  /**
   * Flushes that made records durable.
   *
   * @return how many
   */
  long getFlushes();

  /**
   * What those flushes made durable.
   *
   * @return bytes
   */
  long getFlushedBytes();

  /**
   * How long those flushes took.
   *
   * @return milliseconds
   */
  long getFlushMs();

  /**
   * What the opening of the store found and did, in words.
   *
   * @return the cause and the details of the recovery report; empty if it was closed cleanly
   */
  String getRecovery();
}
