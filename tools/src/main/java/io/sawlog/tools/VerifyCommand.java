package io.sawlog.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Checks the files of a store. */
@Command(
    name = "verify",
    header = "Read everything, check everything, change nothing.",
    description = {
      "",
      "Checks every frame, record, header and index entry, that segments follow each other without"
          + " a gap, and that all that was durable is there. Needs no lock; a store may be in use.",
      "Prints a line for each problem, and a summary. Damage exits with 1. A torn tail, which a"
          + " crash may leave and the next opening mends, is only noted.",
      ""
    },
    footer = {"", "  sawlog verify", "  sawlog verify /backup/store/flights/0"})
final class VerifyCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Parameters(
      paramLabel = "PATH",
      arity = "0..1",
      description = "A store, topic, partition or segment; copies too (default: the store).")
  private @Nullable Path path;

  VerifyCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() throws IOException {
    Path target = path == null ? general.directory() : path;
    if (!Files.exists(target)) {
      throw new CommandException("there is no store at " + target + ": --dir names another");
    }
    Output output = general.output();
    Verdict verdict =
        new Verdict(
            output, general.json() ? JsonLines.on(output) : null, Terminal.isStdoutColoured());
    try {
      new Verification(verdict).run(LogPath.of(target));
      verdict.printSummary();
    } finally {
      output.flush();
    }
    return verdict.isDamaged() ? ErrorReport.FAILED : 0;
  }
}
