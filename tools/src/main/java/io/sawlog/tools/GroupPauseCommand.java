package io.sawlog.tools;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lets a group rest. */
@Command(name = "pause", header = "Let a group rest: it gives out nothing until it is resumed.")
final class GroupPauseCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Parameters(paramLabel = "GROUP", description = "Which.")
  private String group = "";

  GroupPauseCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    try (OpenGroups open = OpenGroups.open(general, opening)) {
      open.admin().pause(group);
    }
    return 0;
  }
}
