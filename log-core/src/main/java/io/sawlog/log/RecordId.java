package io.sawlog.log;

/**
 * Names one record of a topic for ever.
 *
 * @param partition the partition, from 0
 * @param offset the record's number in it; of a batch, the first one's
 */
public record RecordId(int partition, long offset) {}
