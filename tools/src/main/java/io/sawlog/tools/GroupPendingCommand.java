package io.sawlog.tools;

import io.sawlog.groups.PendingRecord;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what is leased, or has failed. */
@Command(
    name = "pending",
    header = "Print the records of a shared group that are leased, or have failed.",
    description = {
      "",
      "STATE is leased, failed (it comes again), or suspect (leased when its process ended: it"
          + " comes again, alone). FAILURES counts failures, not deliveries.",
      ""
    })
final class GroupPendingCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Parameters(paramLabel = "GROUP", description = "Which.")
  private String group = "";

  @Option(names = "--max", paramLabel = "N", description = "Stop after so many records.")
  private long max = Long.MAX_VALUE;

  GroupPendingCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    Output output = general.output();
    try (OpenGroups open = OpenGroups.open(general, opening)) {
      JsonLines json = general.json() ? JsonLines.on(output) : null;
      if (json == null) {
        output.line(row("TOPIC", "PARTITION", "OFFSET", "STATE", "FAILURES"));
      }
      open.admin().pending(group).stream()
          .limit(Math.max(0, max))
          .forEach(
              record -> {
                if (json == null) {
                  output.line(text(record));
                } else {
                  printJson(record, json);
                }
              });
    }
    output.flush();
    return 0;
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-20s %9s %14s %-8s %8s", cells);
  }

  private static String text(PendingRecord record) {
    return row(
        record.partition().topic(),
        record.partition().partition(),
        record.offset(),
        GroupWords.of(record.state()),
        record.failures());
  }

  private static void printJson(PendingRecord record, JsonLines json) {
    json.begin()
        .text("topic", record.partition().topic())
        .number("partition", record.partition().partition())
        .number("offset", record.offset())
        .text("state", GroupWords.of(record.state()))
        .number("failures", record.failures())
        .end();
  }
}
