package io.sawlog.log.file;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM that runs a main class of the tests, talked to line by line. */
public final class Child implements AutoCloseable {
  /** The option without which a store cannot be opened. */
  public static final List<String> OPEN =
      List.of("--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED");

  private final Process process;
  private final BufferedReader output;
  private final PrintWriter input;

  private Child(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.input = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /**
   * Starts it; what it says on stderr is part of its output.
   *
   * @param main what it runs
   * @param arguments for that
   * @return the child, which ends when it is closed
   * @throws IOException if it cannot be started
   */
  public static Child start(Class<?> main, String... arguments) throws IOException {
    return start(List.of(), System.getProperty("java.class.path"), OPEN, main, arguments);
  }

  /**
   * Starts it in an environment that another command prepares.
   *
   * @param prefix that command, which runs the JVM
   * @param classPath where the JVM finds its classes
   * @param options of the JVM, beside the usual ones
   * @param main what it runs
   * @param arguments for that
   * @return the child, which ends when it is closed
   * @throws IOException if it cannot be started
   */
  public static Child start(
      List<String> prefix,
      String classPath,
      List<String> options,
      Class<?> main,
      String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    return new Child(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /**
   * Runs it to its end.
   *
   * @param main what it runs
   * @param arguments for that
   * @return what it said
   * @throws IOException if it cannot be started
   */
  public static List<String> run(Class<?> main, String... arguments) throws IOException {
    try (Child child = start(main, arguments)) {
      child.input.close();
      return child.output.lines().toList();
    }
  }

  /**
   * Waits for the next line of its output.
   *
   * @return the line, or null if it has ended
   * @throws IOException if that fails
   */
  public String readLine() throws IOException {
    return output.readLine();
  }

  /**
   * Sends a line to its input.
   *
   * @param line the line
   */
  public void writeLine(String line) {
    input.println(line);
  }

  /** Ends its input. */
  public void endInput() {
    input.close();
  }

  /**
   * Names the process.
   *
   * @return its id
   */
  public long pid() {
    return process.pid();
  }

  /** Ends it with SIGKILL, and waits until it is gone. What it has said can still be read. */
  public void kill() {
    process.toHandle().destroyForcibly();
    process.onExit().join();
  }

  /** Kills it, if it has not ended. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
