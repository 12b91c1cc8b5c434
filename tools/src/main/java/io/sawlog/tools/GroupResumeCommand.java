package io.sawlog.tools;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Ends the rest of a group. */
@Command(name = "resume", header = "End the rest of a group.")
final class GroupResumeCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Parameters(paramLabel = "GROUP", description = "Which.")
  private String group = "";

  GroupResumeCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    try (OpenGroups open = OpenGroups.open(general, opening)) {
      open.admin().resume(group);
    }
    return 0;
  }
}
