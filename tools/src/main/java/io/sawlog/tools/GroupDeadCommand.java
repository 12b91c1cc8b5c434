package io.sawlog.tools;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the dead letters of a group. */
@Command(
    name = "dead",
    header = "Print the dead letters of a group: what it gave up, and why.",
    description = {"", "LETTER is the number by which 'sawlog group redrive' knows it.", ""})
final class GroupDeadCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Parameters(paramLabel = "GROUP", description = "Which.")
  private String group = "";

  @Option(names = "--max", paramLabel = "N", description = "Stop after so many.")
  private long max = Long.MAX_VALUE;

  GroupDeadCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    Output output = general.output();
    try (OpenGroups open = OpenGroups.open(general, opening)) {
      DeadLetterPrinter printer = new DeadLetterPrinter(output, general.json());
      open.admin().deadLetters(group).stream().limit(Math.max(0, max)).forEach(printer::print);
    }
    output.flush();
    return 0;
  }
}
