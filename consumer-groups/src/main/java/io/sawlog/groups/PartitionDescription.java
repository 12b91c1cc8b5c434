package io.sawlog.groups;

import java.util.Optional;
import java.util.UUID;

/**
 * Where a group stands in one partition.
 *
 * @param partition which
 * @param topicId the identity of the topic
 * @param deleted whether that topic does not exist any more; then nothing below is known of the log
 * @param committed the lowest offset that is not finished: where a partition group would go on
 * @param logStart the lowest offset that can be read
 * @param logEnd the offset that the next record will get
 * @param lag how many records are not finished, and the age of the first of them
 * @param inFlight how many records are leased
 * @param failing how many records have failed and are neither finished nor dead
 * @param member who owns the partition, if that is a thread of this process
 */
public record PartitionDescription(
    TopicPartition partition,
    UUID topicId,
    boolean deleted,
    long committed,
    long logStart,
    long logEnd,
    Lag lag,
    long inFlight,
    long failing,
    Optional<String> member) {}
