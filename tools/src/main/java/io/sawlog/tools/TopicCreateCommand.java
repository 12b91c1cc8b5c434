package io.sawlog.tools;

import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicConfig;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Creates a topic, and the store if there is none. */
@Command(
    name = "create",
    header = "Create a topic, and the store if there is none.",
    description = {"", "By default: one partition, segments of up to 256 MiB, kept for ever.", ""})
final class TopicCreateCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Mixin private final TopicOptions options = new TopicOptions();

  @Parameters(
      paramLabel = "TOPIC",
      description = "1 to 249 of A-Z a-z 0-9 . _ - with no leading dot.")
  private String name = "";

  @Option(names = "--if-not-exists", description = "Leave a topic that exists as it is.")
  private boolean ifNotExists;

  TopicCreateCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    TopicConfig config = options.applyTo(TopicConfig.defaults());
    Output output = general.output();
    try (Sawlog log = Store.openForWriting(general.directory(), opening)) {
      boolean existed = ifNotExists && log.hasTopic(name);
      Topic topic = existed ? log.topic(name) : log.createTopic(name, config);
      if (general.json()) {
        new TopicDescription(topic).printJson(JsonLines.on(output));
      } else {
        output.line(
            "topic "
                + name
                + (existed ? " exists, " : " created, ")
                + Words.count(topic.partitionCount(), "partition"));
      }
    }
    output.flush();
    return 0;
  }
}
