package io.sawlog.tools;

import io.sawlog.log.Sawlog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints the settings of topics, and where their partitions stand. */
@Command(
    name = "describe",
    header = "Print the settings of topics, and where their partitions stand.",
    description = {
      "",
      "START is the first offset that exists, DURABLE the first one that a power cut may take, END"
          + " the next one to be given out.",
      ""
    })
final class TopicDescribeCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Parameters(paramLabel = "TOPIC", arity = "0..*", description = "Which (default: all).")
  private List<String> names = new ArrayList<>();

  TopicDescribeCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    Output output = general.output();
    try (Sawlog log = Store.openForReading(general.directory(), opening)) {
      JsonLines json = general.json() ? JsonLines.on(output) : null;
      for (String name : names.isEmpty() ? log.topicNames() : names) {
        TopicDescription description = new TopicDescription(log.topic(name));
        if (json == null) {
          description.printText(output);
        } else {
          description.printJson(json);
        }
      }
    }
    output.flush();
    return 0;
  }
}
