package io.sawlog.tools;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what is in the files of a store. */
@Command(
    name = "dump",
    header = "Print what is in the files of a store, also of a damaged or a live one.",
    description = {
      "",
      "Prints each frame (a batch of records that were appended together) with its position in the"
          + " file, checks it, and marks each damaged place. Goes on behind damage where it can,"
          + " and then exits with 1. Changes nothing, and needs no lock.",
      "The frames of a group's side log are followed by the events that they hold, in words. Only"
          + " the directories around it tell that it is one: put a lone copy of such a segment in"
          + " groups/NAME/state/0.",
      ""
    },
    footer = {
      "",
      "  sawlog dump sawlog-data/flights/0 --records --from 12345 --max 10",
      "  sawlog dump sawlog-data/flights/0/*.log --json --max 5",
      "  sawlog dump sawlog-data --index",
      "  sawlog dump sawlog-data/groups/email"
    })
final class DumpCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "Segments, indexes, directories of partitions, topics or groups, or a store; copies"
              + " too.")
  private List<Path> files = new ArrayList<>();

  @Option(names = "--records", description = "Print the records of each frame as well.")
  private boolean records;

  @Option(names = "--hex", description = "Print the bytes, each field with what it says.")
  private boolean hex;

  @Option(names = "--index", description = "Print the entries of the indexes instead.")
  private boolean index;

  @Option(
      names = "--from",
      paramLabel = "OFFSET",
      description = "Only what holds this offset or a higher one.")
  private long from;

  @Option(names = "--to", paramLabel = "OFFSET", description = "Only what is before this offset.")
  private long to = Long.MAX_VALUE;

  @Option(
      names = "--max",
      paramLabel = "N",
      description = "Stop after so many frames, or records with --records.")
  private long max = Long.MAX_VALUE;

  DumpCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() throws IOException {
    if (hex && general.json()) {
      throw new UsageException("--hex is for people and --json for programs: choose one");
    }
    if (max < 0) {
      throw new UsageException("--max is not negative, but " + max);
    }
    Output output = general.output();
    Dump dump = new Dump(format(output), new Dump.Selection(from, to, max, records && !hex, index));
    try {
      for (Path file : files) {
        dump.add(LogPath.of(file));
      }
    } finally {
      output.flush();
    }
    if (dump.damageCount() > 0) {
      System.err.println(
          "sawlog: "
              + Words.count(dump.damageCount(), "damaged place")
              + ": 'sawlog verify' tells what is lost");
      return ErrorReport.FAILED;
    }
    return 0;
  }

  private DumpFormat format(Output output) {
    if (general.json()) {
      return new JsonDump(JsonLines.on(output));
    }
    TextDump text = new TextDump(output, Terminal.isStdoutColoured());
    return hex ? new HexDump(output, text) : text;
  }
}
