package io.sawlog.tools;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;

/**
 * A command in the process of the tests. A JVM cannot change its working directory: relative paths
 * are resolved against the one given, and those printed are shown as if they were not.
 */
final class InProcess {
  private final Path directory;

  InProcess(Path directory) {
    this.directory = directory;
  }

  Cli.Result feed(byte[] input, String... arguments) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Cli.Result result = feed(input, out, arguments);
    return new Cli.Result(result.exitCode(), relative(out), result.stderr());
  }

  /** Runs a command that prints its data there. */
  Cli.Result feed(byte[] input, OutputStream out, String... arguments) throws IOException {
    Path in = Files.createTempFile(directory, "stdin", "");
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stderr = System.err;
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try (FileInputStream stdin = new FileInputStream(Files.write(in, input).toFile())) {
      GeneralOptions general = new GeneralOptions(new Invocation(stdin, out, environment()));
      CommandLine commandLine =
          Main.commandLine(general)
              .registerConverter(Path.class, directory::resolve)
              .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
      int exitCode = Main.run(commandLine, general, arguments);
      return new Cli.Result(
          exitCode, new byte[0], new String(relative(err), StandardCharsets.UTF_8));
    } finally {
      System.setErr(stderr);
      Files.delete(in);
    }
  }

  private Map<String, String> environment() {
    return Map.of("SAWLOG_DIR", directory.resolve("sawlog-data").toString());
  }

  /** Bytes that are no text stay as they are. */
  private byte[] relative(ByteArrayOutputStream printed) {
    return printed
        .toString(StandardCharsets.ISO_8859_1)
        .replace(directory + "/", "")
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
