package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The command line tool. Its commands run in this process, which is much faster than to start
 * another; what is started, or comes from {@link #processes} or {@link #launcher}, has one of its
 * own.
 */
final class Cli {
  /** Far more than anything takes; only keeps a hanging test from hanging for ever. */
  static final long PATIENCE_SECONDS = 120;

  private final Path workingDirectory;
  private final List<String> program;
  private final boolean forks;
  private final String javaOptions;

  private Cli(Path workingDirectory, List<String> program, boolean forks) {
    this(workingDirectory, program, forks, "");
  }

  private Cli(Path workingDirectory, List<String> program, boolean forks, String javaOptions) {
    this.workingDirectory = workingDirectory;
    this.program = program;
    this.forks = forks;
    this.javaOptions = javaOptions;
  }

  /** The tool as it is shipped: the launcher and the executable jar. */
  static Cli launcher(Path workingDirectory) {
    return program(workingDirectory, launcher());
  }

  /** With options that the launcher gives to Java. */
  Cli withJavaOptions(String options) {
    return new Cli(workingDirectory, program, forks, options);
  }

  /** Where the launcher is. */
  static Path launcher() {
    return Path.of("bin", "sawlog").toAbsolutePath();
  }

  /** Some program, with its first arguments. */
  static Cli program(Path workingDirectory, Path program, String... arguments) {
    List<String> words = new ArrayList<>(List.of(program.toString()));
    words.addAll(List.of(arguments));
    return new Cli(workingDirectory, words, true);
  }

  /** The tool, with a directory to work in and the default store in it. */
  static Cli in(Path workingDirectory) {
    return new Cli(workingDirectory, java(), false);
  }

  /** The same, with a process for every command. */
  static Cli processes(Path workingDirectory) {
    return new Cli(workingDirectory, java(), true);
  }

  private static List<String> java() {
    List<String> program =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "--add-opens",
                "java.base/jdk.internal.misc=ALL-UNNAMED"));
    if (Runtime.version().feature() >= 24) {
      program.add("--enable-native-access=ALL-UNNAMED");
      program.add("--sun-misc-unsafe-memory-access=allow");
    }
    program.addAll(List.of("-cp", classPath(), Main.class.getName()));
    return program;
  }

  /**
   * What a command printed, and how it ended.
   *
   * @param exitCode its exit code
   * @param stdout its data
   * @param stderr everything else, as text
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Result(int exitCode, byte[] stdout, String stderr) {
    String text() {
      return new String(stdout, StandardCharsets.UTF_8);
    }

    List<String> lines() {
      return text().lines().toList();
    }

    /** Fails unless the command was good and had nothing to complain about. */
    Result quiet() {
      assertEquals("", stderr);
      assertEquals(0, exitCode, text());
      return this;
    }

    /** Fails unless the command ended with this code and one line about all of these words. */
    Result failed(int expectedCode, String... words) {
      assertEquals(expectedCode, exitCode, stderr + text());
      assertEquals(1, stderr.lines().count(), stderr);
      assertTrue(stderr.startsWith("sawlog: "), stderr);
      for (String word : words) {
        assertTrue(stderr.contains(word), () -> "'" + word + "' is not in: " + stderr);
      }
      return this;
    }
  }

  /** Runs a command without input. */
  Result run(String... arguments) throws IOException {
    return feed(new byte[0], arguments);
  }

  /** Runs a command with input. */
  Result feed(String input, String... arguments) throws IOException {
    return feed(input.getBytes(StandardCharsets.UTF_8), arguments);
  }

  /** Runs a command with input. */
  Result feed(byte[] input, String... arguments) throws IOException {
    return forks
        ? feedProcess(input, arguments)
        : new InProcess(workingDirectory).feed(input, arguments);
  }

  private Result feedProcess(byte[] input, String... arguments) throws IOException {
    Path in = Files.createTempFile(workingDirectory, "stdin", "");
    Path out = Files.createTempFile(workingDirectory, "stdout", "");
    Path err = Files.createTempFile(workingDirectory, "stderr", "");
    try {
      Files.write(in, input);
      Process process =
          builder(arguments)
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      int exitCode = await(process, arguments);
      return new Result(exitCode, Files.readAllBytes(out), Files.readString(err));
    } finally {
      Files.delete(in);
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** Starts a command, to be talked to while it runs. */
  RunningCli start(String... arguments) throws IOException {
    return RunningCli.of(builder(arguments).start(), arguments);
  }

  /**
   * Starts a command that SIGINT ends, also where this build was started by a shell in the
   * background, whose children ignore it.
   */
  RunningCli startInterruptible(String... arguments) throws IOException {
    ProcessBuilder builder = builder(arguments);
    if (System.getProperty("os.name").equals("Linux")) {
      List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
      command.addAll(builder.command());
      builder.command(command);
    }
    return RunningCli.of(builder.start(), arguments);
  }

  /** Runs a line of shell in which {@code "$@"} is the tool. */
  Result shell(String script) throws IOException {
    Path out = Files.createTempFile(workingDirectory, "stdout", "");
    Path err = Files.createTempFile(workingDirectory, "stderr", "");
    try {
      List<String> command = new ArrayList<>(List.of("bash", "-c", script, "sawlog"));
      command.addAll(program);
      Process process =
          clean(new ProcessBuilder(command))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      process.getOutputStream().close();
      int exitCode = await(process, script);
      return new Result(exitCode, Files.readAllBytes(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** The process of a command that was not started yet. */
  ProcessBuilder builder(String... arguments) {
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of(arguments));
    return clean(new ProcessBuilder(command));
  }

  /** Without the tests, and without what only they use, which would only be searched in vain. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.endsWith("test-classes"))
        .reduce((a, b) -> a + File.pathSeparator + b)
        .orElseThrow();
  }

  private ProcessBuilder clean(ProcessBuilder builder) {
    builder.environment().remove("SAWLOG_DIR");
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("TZ", "UTC");
    builder.environment().put("SAWLOG_JAVA_OPTS", javaOptions);
    return builder.directory(workingDirectory.toFile());
  }

  static int await(Process process, String... what) {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("did not end: " + Arrays.toString(what));
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + Arrays.toString(what), e);
    }
  }
}
