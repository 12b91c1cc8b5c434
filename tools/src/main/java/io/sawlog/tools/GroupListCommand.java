package io.sawlog.tools;

import io.sawlog.groups.GroupDescription;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the names of all groups. */
@Command(name = "list", header = "Print the names of all groups, one a line.")
final class GroupListCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  GroupListCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    Output output = general.output();
    try (OpenGroups open = OpenGroups.open(general, opening)) {
      JsonLines json = general.json() ? JsonLines.on(output) : null;
      for (String name : open.admin().list()) {
        if (json == null) {
          output.line(name);
        } else {
          GroupDescription group = open.admin().describe(name);
          json.begin()
              .text("group", name)
              .text("type", GroupWords.of(group.type()))
              .text("status", GroupWords.of(group.status()))
              .end();
        }
      }
    }
    output.flush();
    return 0;
  }
}
