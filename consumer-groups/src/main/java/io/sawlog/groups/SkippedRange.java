package io.sawlog.groups;

/**
 * Offsets that were passed over because their frames are damaged.
 *
 * @param partition where
 * @param from the first of them
 * @param to the one behind the last, where reading goes on
 */
public record SkippedRange(TopicPartition partition, long from, long to) {}
