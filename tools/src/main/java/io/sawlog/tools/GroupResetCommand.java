package io.sawlog.tools;

import io.sawlog.groups.GroupAdmin;
import io.sawlog.groups.Reset;
import io.sawlog.groups.ResetPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moves a group in its topics. */
@Command(
    name = "reset",
    header = "Move a group in its topics. Shows a plan; --execute does it.",
    description = {
      "",
      "What the log does not hold any more, or not yet, is cut to it. LAG is how many records the"
          + " group will be behind. A shared group forgets what it knew of the records.",
      ""
    },
    footer = {
      "",
      "  sawlog group reset inventory --to-earliest",
      "  sawlog group reset inventory --shift-by -100 --topic orders:0,1 --execute",
      "  sawlog group reset inventory --to-current --export > offsets.csv",
      "  sawlog group reset inventory --from-file offsets.csv --execute"
    })
final class GroupResetCommand implements Callable<Integer> {
  private static final String COLUMNS = "%-20s %9s %14s %14s %10s%s";

  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Parameters(paramLabel = "GROUP", description = "Which.")
  private String group = "";

  @ArgGroup private ResetOptions target = new ResetOptions();

  @Option(
      names = "--topic",
      paramLabel = "TOPIC[:0,1...]",
      description = "Only this topic, or these partitions of it; may be repeated (default: all).")
  private List<String> topics = new ArrayList<>();

  @Option(names = "--execute", description = "Do it.")
  private boolean execute;

  @Option(names = "--dry-run", description = "Only show the plan (default).")
  private boolean dryRun;

  @Option(names = "--export", description = "Print the plan as --from-file reads it.")
  private boolean export;

  GroupResetCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    if (execute && dryRun) {
      throw new UsageException("--execute and --dry-run contradict each other");
    }
    if (target.namesPartitions() && !topics.isEmpty()) {
      throw new UsageException("--from-file names the partitions: leave out --topic");
    }
    Reset reset = target.reset();
    Output output = general.output();
    try (OpenGroups open = OpenGroups.open(general, opening)) {
      GroupAdmin admin = open.admin();
      ResetPlan plan =
          topics.isEmpty()
              ? admin.planReset(group, reset)
              : admin.planReset(group, reset, PartitionList.of(topics, open.log()));
      if (execute) {
        admin.execute(plan);
      }
      print(plan, output);
    }
    output.flush();
    if (!execute && !export) {
      System.err.println("sawlog: nothing was changed: add --execute to do it");
    }
    return 0;
  }

  private void print(ResetPlan plan, Output output) {
    if (export) {
      OffsetFile.print(plan, output);
    } else if (general.json()) {
      JsonLines json = JsonLines.on(output);
      plan.moves().forEach(move -> printJson(move, json));
    } else {
      output.line(
          String.format(Locale.ROOT, COLUMNS, "TOPIC", "PARTITION", "FROM", "TO", "LAG", ""));
      plan.moves().forEach(move -> printText(move, output));
    }
  }

  private static void printText(ResetPlan.Move move, Output output) {
    output.line(
        String.format(
            Locale.ROOT,
            COLUMNS,
            move.partition().topic(),
            move.partition().partition(),
            move.from().isPresent() ? Long.toString(move.from().getAsLong()) : "-",
            move.to(),
            move.lag(),
            move.cut() ? "  cut to the log" : ""));
  }

  private void printJson(ResetPlan.Move move, JsonLines json) {
    json.begin()
        .text("group", group)
        .text("topic", move.partition().topic())
        .number("partition", move.partition().partition());
    if (move.from().isPresent()) {
      json.number("from", move.from().getAsLong());
    } else {
      json.nothing("from");
    }
    json.number("to", move.to())
        .number("lag", move.lag())
        .bool("cut", move.cut())
        .bool("executed", execute)
        .end();
  }
}
