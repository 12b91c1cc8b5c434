package io.sawlog.tools;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Draws a store. */
@Command(
    name = "report",
    header = "Write a page with pictures of the store: segments, growth, index, groups, recovery.",
    description = {
      "",
      "One HTML file that needs no network and no server: open it, mail it, keep it. Reads all of"
          + " the store, as verify does, and changes nothing; a store may be in use, damaged, or a"
          + " copy. Damage exits with 1; the page is written all the same, and lists it.",
      ""
    },
    footer = {"", "  sawlog report -o orders.html"})
final class ReportCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to write the page; replaced if it exists (default: ${DEFAULT-VALUE}).")
  private Path file = Path.of("report.html");

  ReportCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() throws IOException {
    Path store = general.existingStore();
    Path target = file.toAbsolutePath();
    if (Files.isDirectory(target)) {
      throw new UsageException(file + " is a directory: -o names the file of the page");
    }
    StoreSurvey survey = StoreSurvey.of(store, opening);
    write(target, new ReportPage(survey, System.currentTimeMillis()).html());
    print(survey);
    return survey.damage().isEmpty() ? 0 : ErrorReport.FAILED;
  }

  /** A page of before stays until the new one is whole. */
  private static void write(Path target, String page) throws IOException {
    Path building = target.resolveSibling("." + target.getFileName() + ".building");
    try {
      Files.writeString(building, page, StandardCharsets.UTF_8);
      Files.move(building, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(building);
    }
  }

  private void print(StoreSurvey survey) {
    Output output = general.output();
    if (general.json()) {
      JsonLines.on(output)
          .begin()
          .text("report", file.toString())
          .number("topics", survey.growth().size())
          .number("partitions", survey.partitions().size())
          .number("segments", survey.segmentCount())
          .number("records", survey.records())
          .number("groups", survey.groupCount())
          .number("damage", survey.damage().size())
          .number("notes", survey.notes().size())
          .end();
    } else {
      output.line(
          file
              + ": "
              + Words.count(survey.growth().size(), "topic")
              + ", "
              + Words.count(survey.segmentCount(), "segment")
              + ", "
              + Words.count(survey.records(), "record")
              + ", "
              + Words.count(survey.groupCount(), "group")
              + ": "
              + (survey.damage().isEmpty()
                  ? "no damage"
                  : Words.count(survey.damage().size(), "problem") + ", listed in the page"));
    }
    output.flush();
  }
}
