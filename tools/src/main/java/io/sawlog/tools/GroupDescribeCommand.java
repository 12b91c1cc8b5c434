package io.sawlog.tools;

import io.sawlog.groups.GroupDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what groups are, and where they stand. */
@Command(
    name = "describe",
    header = "Print what groups are, and where they stand.",
    description = {
      "",
      "COMMITTED is the lowest offset that is not finished, END the next one to be given out, LAG"
          + " how many records are not finished (gaps count nothing), AGE how old the first of them"
          + " is.",
      ""
    })
final class GroupDescribeCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Parameters(paramLabel = "GROUP", arity = "0..*", description = "Which (default: all).")
  private List<String> names = new ArrayList<>();

  @Option(names = "--state", description = "Only the group, not its partitions.")
  private boolean stateOnly;

  GroupDescribeCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    Output output = general.output();
    try (OpenGroups open = OpenGroups.open(general, opening)) {
      JsonLines json = general.json() ? JsonLines.on(output) : null;
      for (String name : names.isEmpty() ? open.admin().list() : names) {
        GroupDescription group = open.admin().describe(name);
        GroupReport report = new GroupReport(group, !stateOnly);
        if (json == null) {
          report.printText(output);
        } else {
          report.printJson(json);
        }
      }
    }
    output.flush();
    return 0;
  }
}
