package io.sawlog.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Fork;

/** Runs the contenders of a trial in turns, each time in a new JVM with the options of all. */
final class Trials {
  private final int count;
  private final boolean smoke;

  /**
   * Sets the length.
   *
   * @param count how many rounds
   * @param smoke as short as possible
   */
  Trials(int count, boolean smoke) {
    this.count = count;
    this.smoke = smoke;
  }

  /** The samples of each measure of each contender. */
  Map<String, Map<String, Samples>> run(Trial trial) {
    Map<String, Map<String, Samples>> answers = new LinkedHashMap<>();
    for (int round = 0; round < count; round++) {
      for (String contender : trial.contenders()) {
        List<String> arguments = new ArrayList<>(List.of(contender));
        arguments.addAll(smoke ? trial.smokeArguments() : trial.arguments());
        Map<String, Samples> measures =
            answers.computeIfAbsent(contender, name -> new LinkedHashMap<>());
        measure(trial.program(), contender, arguments)
            .forEach((measure, value) -> measures.merge(measure, value, Samples::and));
      }
    }
    return answers;
  }

  private static Map<String, Samples> measure(
      Class<?> program, String contender, List<String> arguments) {
    Map<String, Samples> measures = new LinkedHashMap<>();
    try {
      Process process =
          new ProcessBuilder(command(program, contender, arguments))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (BufferedReader lines = process.inputReader()) {
        String line;
        while ((line = lines.readLine()) != null) {
          int tab = line.indexOf('\t');
          if (tab > 0) { // libraries print, too
            double value = Double.parseDouble(line.substring(tab + 1));
            measures.put(line.substring(0, tab), new Samples(List.of(value)));
          }
        }
      }
      int status = process.onExit().join().exitValue();
      if (status != 0 || measures.isEmpty()) {
        throw new IllegalStateException(
            program.getSimpleName() + " " + arguments + " has failed: status " + status);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return measures;
  }

  /** The command line of a program that runs under the rules of {@link Contest}. */
  static List<String> command(Class<?> program, String contender, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(Contest.class.getAnnotation(Fork.class).jvmArgsAppend()));
    command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
    command.add("-cp");
    command.add(ClassPath.of(contender));
    command.add(program.getName());
    command.addAll(arguments);
    return command;
  }

  /** What a program of a trial prints for a measure. */
  static void print(String measure, double value) {
    System.out.println(measure + "\t" + value);
  }
}
