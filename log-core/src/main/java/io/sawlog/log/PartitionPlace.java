package io.sawlog.log;

import io.sawlog.log.file.Storage;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Which partition, and where it is.
 *
 * @param storage where the files are
 * @param directory the directory of the partition
 * @param topic the name of the topic
 * @param topicId its identity
 * @param number the partition in the topic
 */
record PartitionPlace(Storage storage, Path directory, String topic, UUID topicId, int number) {
  /** For messages, as Kafka users write it. */
  String name() {
    return topic + "-" + number;
  }
}
