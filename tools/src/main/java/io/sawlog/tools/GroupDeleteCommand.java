package io.sawlog.tools;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Deletes a group. */
@Command(name = "delete", header = "Delete a group, with its positions and its dead letters.")
final class GroupDeleteCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Parameters(paramLabel = "GROUP", description = "Which.")
  private String group = "";

  GroupDeleteCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    try (OpenGroups open = OpenGroups.open(general, opening)) {
      open.admin().delete(group);
    }
    return 0;
  }
}
