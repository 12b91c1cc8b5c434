package io.sawlog.tools;

import io.sawlog.groups.DeadLetter;
import io.sawlog.groups.GroupAdmin;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives dead letters another chance. */
@Command(
    name = "redrive",
    header = "Give dead letters another chance. Shows a plan; --execute does it.",
    description = {
      "",
      "To the workers of a shared group, or with --to-topic once more to the topics they come from,"
          + " which nobody else may be writing. Without --from and --to, those that were never"
          + " redriven.",
      ""
    },
    footer = {
      "",
      "  sawlog group redrive email",
      "  sawlog group redrive email --from 17 --to 18 --execute"
    })
final class GroupRedriveCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Parameters(paramLabel = "GROUP", description = "Which.")
  private String group = "";

  @Option(names = "--from", paramLabel = "LETTER", description = "The first of them.")
  private @Nullable Long from;

  @Option(names = "--to", paramLabel = "LETTER", description = "The one behind the last.")
  private @Nullable Long to;

  @Option(names = "--to-topic", description = "Append them to the topics they come from.")
  private boolean toTopic;

  @Option(names = "--execute", description = "Do it.")
  private boolean execute;

  GroupRedriveCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    Output output = general.output();
    try (OpenGroups open =
        toTopic && execute
            ? OpenGroups.openForWriting(general, opening)
            : OpenGroups.open(general, opening)) {
      List<DeadLetter> letters = letters(open.admin());
      if (execute) {
        redrive(open.admin(), letters);
      }
      DeadLetterPrinter printer = new DeadLetterPrinter(output, general.json());
      letters.forEach(printer::print);
    }
    output.flush();
    if (!execute) {
      System.err.println("sawlog: nothing was changed: add --execute to do it");
    }
    return 0;
  }

  private List<DeadLetter> letters(GroupAdmin admin) {
    if (from == null && to == null) {
      return admin.redrivable(group);
    }
    return admin.deadLetters(group).stream()
        .filter(letter -> from == null || letter.letter() >= from)
        .filter(letter -> to == null || letter.letter() < to)
        .toList();
  }

  private void redrive(GroupAdmin admin, List<DeadLetter> letters) {
    if (letters.isEmpty()) {
      return;
    }
    long first = letters.get(0).letter();
    long behind = letters.get(letters.size() - 1).letter() + 1;
    if (toTopic) {
      admin.redriveToTopic(group, first, behind);
    } else {
      admin.redrive(group, first, behind);
    }
  }
}
