package io.sawlog.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows on real records what a log does. */
@Command(
    name = "demo",
    header = "Append the orders of a shop, replay, look inside, check; takes a few seconds.",
    description = {
      "",
      "Works on the store of --dir or $SAWLOG_DIR, in the topic "
          + Demo.TOPIC
          + "; without either in a new temporary directory, which stays for you to try things on.",
      ""
    })
final class DemoCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Option(names = "--orders", paramLabel = "N", description = "How many orders (default: 100000).")
  private int orders = 100_000;

  DemoCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() throws IOException {
    if (orders < 10) {
      throw new UsageException("--orders is at least 10, not " + orders);
    }
    Path directory =
        general.isDirectoryGiven()
            ? general.directory()
            : Files.createTempDirectory("sawlog-demo-").resolve("store");
    Output output = Output.standard();
    Demo demo = new Demo(directory, opening, orders, output);
    boolean proved;
    try {
      proved = general.json() ? demo.runSilently(JsonLines.on(output)) : demo.run();
    } finally {
      output.flush();
    }
    return proved ? 0 : ErrorReport.FAILED;
  }
}
