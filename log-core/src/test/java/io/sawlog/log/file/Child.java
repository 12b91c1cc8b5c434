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
final class Child implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;
  private final PrintWriter input;

  private Child(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.input = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /** Starts it; what it says on stderr is part of its output. */
  static Child start(Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED"));
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new Child(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /** Runs it to its end, and returns what it said. */
  static List<String> run(Class<?> main, String... arguments) throws IOException {
    try (Child child = start(main, arguments)) {
      child.input.close();
      return child.output.lines().toList();
    }
  }

  String readLine() throws IOException {
    return output.readLine();
  }

  void writeLine(String line) {
    input.println(line);
  }

  /** Ends it with SIGKILL, and waits until it is gone. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
