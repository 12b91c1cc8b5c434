package io.sawlog.tools;

import io.sawlog.log.Sawlog;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Deletes a topic. */
@Command(name = "delete", header = "Delete a topic with all its records, at once and for good.")
final class TopicDeleteCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Parameters(paramLabel = "TOPIC", description = "Which.")
  private String name = "";

  TopicDeleteCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    Output output = general.output();
    try (Sawlog log = Store.openExisting(general.directory(), opening)) {
      ExistingTopic.require(log, name);
      log.deleteTopic(name);
      if (general.json()) {
        JsonLines.on(output).begin().text("topic", name).bool("deleted", true).end();
      } else {
        output.line("topic " + name + " deleted");
      }
    }
    output.flush();
    return 0;
  }
}
