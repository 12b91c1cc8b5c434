package io.sawlog.tools;

import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the names of all topics. */
@Command(name = "list", header = "Print the names of all topics, one a line.")
final class TopicListCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  TopicListCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    Output output = general.output();
    try (Sawlog log = Store.openForReading(general.directory(), opening)) {
      JsonLines json = general.json() ? JsonLines.on(output) : null;
      for (String name : log.topicNames()) {
        if (json == null) {
          output.line(name);
        } else {
          Topic topic = log.topic(name);
          json.begin()
              .text("topic", name)
              .text("topic_id", topic.id().toString())
              .number("partitions", topic.partitionCount())
              .end();
        }
      }
    }
    output.flush();
    return 0;
  }
}
