package io.sawlog.tools;

import io.sawlog.log.LogException;
import io.sawlog.log.PartitionInspection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A partition directory, and which partition it is.
 *
 * @param directory the directory
 * @param topic the name of the topic, for messages
 * @param topicId the topic
 * @param number the partition in it
 */
record NamedPartition(Path directory, String topic, UUID topicId, int number) {

  /**
   * Asks the topic around the partition; one that was copied out of it says it itself.
   *
   * @throws CommandException if neither can tell
   */
  static NamedPartition of(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    Path topic = absolute.getParent();
    String topicName = topic == null ? "" : String.valueOf(topic.getFileName());
    try {
      TopicFile file = TopicFile.read(absolute.resolveSibling(LogPath.TOPIC_FILE));
      int number = Integer.parseInt(String.valueOf(absolute.getFileName()));
      return new NamedPartition(directory, topicName, file.id(), number);
    } catch (IOException | IllegalArgumentException e) {
      try {
        PartitionInspection meta = PartitionInspection.of(directory);
        return new NamedPartition(directory, topicName, meta.topicId(), meta.partition());
      } catch (LogException unreadable) {
        CommandException nobodyKnows =
            new CommandException(
                directory
                    + ": nobody knows which topic it belongs to, for "
                    + LogPath.TOPIC_FILE
                    + " beside it cannot be used and neither can its "
                    + LogPath.META_FILE
                    + ": restore one of them from a backup",
                unreadable);
        nobodyKnows.addSuppressed(e);
        throw nobodyKnows;
      }
    }
  }
}
