package io.sawlog.log;

import java.util.OptionalLong;
import java.util.UUID;

/** Tells retention what the consumers of a partition still need. */
@FunctionalInterface
public interface RetentionFloors {
  /**
   * Gives the lowest offset that somebody has not consumed. Called now and then on a background
   * thread; an exception counts as an empty answer and is reported.
   *
   * @param topic the name of the topic
   * @param topicId the identity of the topic
   * @param partition the partition
   * @return the offset, which is kept; empty if it cannot be had, so that nothing goes below the
   *     cap
   */
  OptionalLong floor(String topic, UUID topicId, int partition);
}
