package io.sawlog.groups;

import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicNotFoundException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds topics without making them. */
final class Topics {
  private Topics() {}

  /** The topic of this name; null if there is none. */
  static @Nullable Topic find(Sawlog log, String name) {
    try {
      return log.hasTopic(name) ? log.topic(name) : null;
    } catch (TopicNotFoundException e) {
      return null;
    }
  }

  /** The topic of this name, if it still is the one with this identity; null if not. */
  static @Nullable Topic find(Sawlog log, String name, UUID id) {
    Topic topic = find(log, name);
    return topic != null && topic.id().equals(id) ? topic : null;
  }
}
