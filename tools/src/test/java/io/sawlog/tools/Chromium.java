package io.sawlog.tools;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A browser without a window. Tests that need one are skipped where there is none. */
final class Chromium {
  private final Path program;
  private final Path directory;

  private Chromium(Path program, Path directory) {
    this.program = program;
    this.directory = directory;
  }

  /** The browser of this machine; skips the test if there is none. */
  static Chromium required(Path directory) {
    Optional<Path> program =
        Pattern.compile(Pattern.quote(File.pathSeparator))
            .splitAsStream(System.getenv().getOrDefault("PATH", ""))
            .flatMap(
                place -> Stream.of(Path.of(place, "chromium"), Path.of(place, "chromium-browser")))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(program.isPresent(), "no chromium in the PATH: apt-get install chromium");
    return new Chromium(program.orElseThrow(), directory);
  }

  /** The page after its scripts have run. */
  String dom(Path page) throws IOException {
    Path out = directory.resolve("dom.html");
    run(out, "--dump-dom", page.toUri().toString());
    return Files.readString(out);
  }

  /** A picture of the page. */
  Path shot(Path page, int width, int height, boolean dark) throws IOException {
    Path picture = directory.resolve("page.png");
    List<String> arguments = new ArrayList<>();
    arguments.add("--window-size=" + width + "," + height);
    arguments.add("--screenshot=" + picture);
    arguments.add("--force-color-profile=srgb");
    arguments.add("--blink-settings=preferredColorScheme=" + (dark ? 0 : 1));
    arguments.add(page.toUri().toString());
    run(directory.resolve("shot.out"), arguments.toArray(String[]::new));
    return picture;
  }

  private void run(Path out, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(
        List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--disable-dev-shm-usage",
            "--user-data-dir=" + directory.resolve("profile")));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Cli.await(process, command.toArray(String[]::new));
  }
}
