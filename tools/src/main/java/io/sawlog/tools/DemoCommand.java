package io.sawlog.tools;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows on real records what a log does. */
@Command(
    name = "demo",
    header = "Let the orders of a shop flow through three services, one of them killed on the way.",
    description = {
      "",
      "Counts that nothing is lost, replays, looks inside, checks; takes some ten seconds. Works on"
          + " the store of --dir or $SAWLOG_DIR, in the topic "
          + Demo.TOPIC
          + "; without either in a new temporary directory, which stays for you to try things on.",
      ""
    })
final class DemoCommand implements Callable<Integer> {
  private static final int FEWEST_ORDERS = 100;

  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Option(
      names = "--orders",
      paramLabel = "N",
      description =
          "How many orders (default: 20000). The slow service takes a second for some 2000.")
  private int orders = 20_000;

  DemoCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() throws IOException {
    if (orders < FEWEST_ORDERS) {
      throw new UsageException("--orders is at least " + FEWEST_ORDERS + ", not " + orders);
    }
    try (Interruption interruption = Interruption.handle()) {
      try {
        return general.isDirectoryGiven() ? run(general.directory()) : runInNewDirectory();
      } catch (InterruptedException e) {
        return ErrorReport.FAILED;
      } catch (RuntimeException | IOException e) {
        // The interrupt may have hit it anywhere.
        if (interruption.requested()) {
          return ErrorReport.FAILED;
        }
        throw e;
      }
    }
  }

  /** What a demo that did not come to its end has left is of no use to anybody. */
  private int runInNewDirectory() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("sawlog-demo-");
    boolean ended = false;
    try {
      int exitCode = run(directory.resolve("store"));
      ended = true;
      return exitCode;
    } finally {
      if (!ended) {
        Directories.delete(directory);
      }
    }
  }

  private int run(Path directory) throws IOException, InterruptedException {
    Output output = general.output();
    Output story = general.json() ? new Output(OutputStream.nullOutputStream()) : output;
    Demo demo = new Demo(directory, opening, orders, story);
    boolean proved = demo.run();
    if (general.json()) {
      demo.printJson(JsonLines.on(output));
    }
    output.flush();
    return proved ? 0 : ErrorReport.FAILED;
  }
}
