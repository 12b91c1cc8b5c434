package io.sawlog.groups;

import io.sawlog.log.Message;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A record that a group gave up.
 *
 * @param letter its offset among the group's dead letters
 * @param topic the name of the topic that it was in
 * @param topicId the identity of that topic
 * @param partition the partition that it was in
 * @param offset its offset there
 * @param redrivenFrom the dead letter that it was, if it failed after it was redriven
 * @param attempts how often it had failed, this time included
 * @param reason why it was given up
 * @param time when
 * @param message the record as it was, with headers that tell all this
 */
public record DeadLetter(
    long letter,
    String topic,
    UUID topicId,
    int partition,
    long offset,
    OptionalLong redrivenFrom,
    int attempts,
    String reason,
    Instant time,
    Message message) {}
