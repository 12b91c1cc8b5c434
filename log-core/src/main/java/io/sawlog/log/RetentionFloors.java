package io.sawlog.log;

import java.util.OptionalLong;
import java.util.UUID;

/** Tells retention what the consumers of a partition still need. */
@FunctionalInterface
public interface RetentionFloors {
  /**
   * Gives the lowest offset that somebody has not consumed.
   *
   * <p>Called now and then, for one partition after the other, on the background thread that also
   * prepares segments for all stores of the process: it should answer from memory. It must not
   * create, open, alter or delete topics, nor close a store: whoever closes or deletes holds the
   * lock that these calls need, and waits for this method to return. Reading is allowed, and
   * appending to a topic that is open.
   *
   * <p>A {@link RuntimeException} counts as an empty answer, so that nothing goes below the cap,
   * and is logged as a warning. After an {@link Error} nothing goes in this round; it is logged
   * too, and the thread lives on.
   *
   * @param topic the name of the topic
   * @param topicId the identity of the topic
   * @param partition the partition
   * @return the offset, which is kept; empty if it cannot be had, so that nothing goes below the
   *     cap
   */
  OptionalLong floor(String topic, UUID topicId, int partition);
}
