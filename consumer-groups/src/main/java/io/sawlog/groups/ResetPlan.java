package io.sawlog.groups;

import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What a reset would do, to be shown before {@link GroupAdmin#execute} does it.
 *
 * @param group the group
 * @param moves by topic and partition; those that change nothing included
 */
public record ResetPlan(String group, List<Move> moves) {
  /** Copies the list. */
  public ResetPlan {
    moves = List.copyOf(moves);
  }

  /**
   * What happens to one partition.
   *
   * @param partition which
   * @param topicId the identity of its topic
   * @param from where the group is; empty if it has no position there
   * @param to where it will be
   * @param cut whether another offset was asked for, which the log does not hold
   * @param lag how many records it will be behind then
   */
  public record Move(
      TopicPartition partition, UUID topicId, OptionalLong from, long to, boolean cut, long lag) {}
}
