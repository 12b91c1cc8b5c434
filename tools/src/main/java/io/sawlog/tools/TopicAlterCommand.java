package io.sawlog.tools;

import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Changes the settings of a topic. */
@Command(
    name = "alter",
    header = "Change the settings of a topic; what is not given stays as it is.",
    description = {"", "More partitions send keys to other partitions than before.", ""})
final class TopicAlterCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Mixin private final TopicOptions options = new TopicOptions();

  @Parameters(paramLabel = "TOPIC", description = "Which.")
  private String name = "";

  TopicAlterCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    Output output = general.output();
    try (Sawlog log = Store.openExisting(general.directory(), opening)) {
      ExistingTopic.require(log, name);
      Topic topic = log.alterTopic(name, options.applyTo(log.topic(name).config()));
      TopicDescription description = new TopicDescription(topic);
      if (general.json()) {
        description.printJson(JsonLines.on(output));
      } else {
        description.printText(output);
      }
    }
    output.flush();
    return 0;
  }
}
