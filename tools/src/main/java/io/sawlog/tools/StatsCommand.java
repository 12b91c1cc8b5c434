package io.sawlog.tools;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what is going on in a store. */
@Command(
    name = "stats",
    header = "Print sizes, rates, offsets, and how far groups are behind.",
    description = {
      "",
      "Works on a store that another process writes. RATE/S is records a second in the last minute;"
          + " with --watch, since the look before, as GROWTH/S is. OLDEST and NEWEST are the append"
          + " times of the first and the last record, AGE is how old the first record is that a"
          + " group has not finished.",
      ""
    },
    footer = {
      "",
      "A group that nobody hosts, and that has done nothing for long, is named: it may hold records"
          + " back from retention. With --json, an object for each partition and each group, its"
          + " kind in the field type.",
      "",
      "  sawlog stats",
      "  sawlog stats flights --watch",
      "  sawlog stats --json | jq 'select(.type==\"group\") | .lag'"
    })
final class StatsCommand implements Callable<Integer> {
  private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
  private static final String HOME_AND_CLEAR = "\u001b[H\u001b[2J";

  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Parameters(
      paramLabel = "TOPIC",
      arity = "0..1",
      description = "Only this topic, and the groups that read it (default: all).")
  private @Nullable String topic;

  @Option(
      names = "--watch",
      description = "Look again every second, until Ctrl-C: redraws a terminal, appends elsewhere.")
  private boolean watch;

  @Option(
      names = "--idle",
      paramLabel = "D",
      converter = Durations.class,
      description = "Name groups that nobody hosted for longer than this (default: 1d).")
  private Duration idle = Duration.ofDays(1);

  StatsCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    Output output = general.output();
    JsonLines json = general.json() ? JsonLines.on(output) : null;
    boolean redraws = watch && json == null && Terminal.isStdout();
    Set<String> problems = new LinkedHashSet<>();
    try (OpenGroups open = OpenGroups.open(general, opening);
        Interruption interruption = Interruption.handle()) {
      StoreStats before = null;
      do {
        StoreStats now = StoreStats.of(open, topic);
        StatsReport report = new StatsReport(now, before, idle);
        if (json == null) {
          output.text(redraws ? HOME_AND_CLEAR : "");
          report.printText(output);
        } else {
          report.printJson(json);
        }
        output.flush();
        complain(now, problems);
        before = now;
      } while (watch && !interruption.requested() && pause(interruption));
    }
    return problems.isEmpty() ? 0 : ErrorReport.FAILED;
  }

  /** Each problem once, however often it is met. */
  private static void complain(StoreStats now, Set<String> known) {
    for (PartitionStats partition : now.partitions()) {
      if (!partition.problem().isEmpty() && known.add(partition.problem())) {
        System.err.println("sawlog: " + partition.problem());
      }
    }
    for (String problem : now.problems()) {
      if (known.add(problem)) {
        System.err.println("sawlog: " + problem);
      }
    }
  }

  /** Waits for the next look; false if there is to be none. */
  private static boolean pause(Interruption interruption) {
    long due = System.nanoTime() + INTERVAL_NS;
    while (!interruption.requested() && System.nanoTime() - due < 0) {
      LockSupport.parkNanos(due - System.nanoTime());
    }
    return !interruption.requested();
  }
}
