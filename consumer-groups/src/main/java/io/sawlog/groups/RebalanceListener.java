package io.sawlog.groups;

import java.util.Set;

/**
 * Told when partitions come and go, inside the member's own {@code poll} or {@code drain}, on its
 * own thread. The next owner waits until {@link #onRevoked} has returned, at most {@code
 * maxPollInterval}.
 */
public interface RebalanceListener {
  /**
   * Partitions are about to go to somebody else: still the member's own, so this may commit.
   *
   * @param partitions which
   */
  default void onRevoked(Set<TopicPartition> partitions) {}

  /**
   * Partitions are the member's own now, each at its committed position; this may seek.
   *
   * @param partitions which
   */
  default void onAssigned(Set<TopicPartition> partitions) {}

  /**
   * Partitions are not the member's own any more: it did not poll for too long, it was closed, or a
   * topic is gone. Nothing can be committed for them.
   *
   * @param partitions which
   */
  default void onLost(Set<TopicPartition> partitions) {}
}
