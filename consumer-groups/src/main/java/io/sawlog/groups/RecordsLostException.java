package io.sawlog.groups;

import io.sawlog.log.GroupException;

/**
 * The log start is beyond what the group has consumed: retention has deleted the records between,
 * or the power went before they were durable. It goes on at the log start; this is thrown once, and
 * again after a restart until the group commits.
 */
public final class RecordsLostException extends GroupException {
  private static final long serialVersionUID = 1L;

  private final String topic;
  private final int partition;
  private final long from;
  private final long to;

  RecordsLostException(String group, TopicPartition partition, long from, long to) {
    super(
        "group '"
            + group
            + "': offsets "
            + from
            + " to "
            + (to - 1)
            + " of "
            + partition
            + " are gone, by retention or with the power, before they were consumed; going on at "
            + to
            + ", commit to acknowledge; see Retention.keepUnconsumed");
    this.topic = partition.topic();
    this.partition = partition.partition();
    this.from = from;
    this.to = to;
  }

  /**
   * Where.
   *
   * @return the partition
   */
  public TopicPartition partition() {
    return new TopicPartition(topic, partition);
  }

  /**
   * The first offset that was lost.
   *
   * @return an offset
   */
  public long from() {
    return from;
  }

  /**
   * The offset behind the last that was lost, where the group goes on.
   *
   * @return an offset
   */
  public long to() {
    return to;
  }
}
