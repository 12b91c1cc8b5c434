package io.sawlog.tools;

import io.sawlog.log.Sawlog;

/** A writer's store creates a topic when it is asked for one; these commands must not. */
final class ExistingTopic {
  private ExistingTopic() {}

  static void require(Sawlog log, String name) {
    if (!log.hasTopic(name)) {
      throw new CommandException(
          "there is no topic '"
              + name
              + "' in "
              + log.directory()
              + ": 'sawlog topic list' shows those that are");
    }
  }
}
