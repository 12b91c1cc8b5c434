package io.sawlog.tools;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Makes a group that stands where another one stands. */
@Command(
    name = "copy",
    header = "Make a group that stands where another one stands.",
    description = {"", "Dead letters, and who has what, are not copied.", ""})
final class GroupCopyCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Parameters(index = "0", paramLabel = "GROUP", description = "Which.")
  private String group = "";

  @Parameters(index = "1", paramLabel = "COPY", description = "The name of the new group.")
  private String copy = "";

  GroupCopyCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    try (OpenGroups open = OpenGroups.open(general, opening)) {
      open.admin().copy(group, copy);
    }
    return 0;
  }
}
