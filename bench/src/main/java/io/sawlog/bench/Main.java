package io.sawlog.bench;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;

/** Asks all questions; {@code bench/run} calls it. */
final class Main {
  private Main() {}

  /**
   * Runs.
   *
   * @param arguments how many rounds, 0 for a smoke run; the commit; the file for JMH's output; the
   *     result files without their endings, which a smoke run does not write; {@code short} or
   *     {@code full}
   */
  public static void main(String[] arguments) throws IOException, RunnerException {
    int rounds = Integer.parseInt(arguments[0]);
    boolean smoke = rounds == 0;
    Report report = new Report(Machine.describe(arguments[1]));
    Rounds series = new Rounds(smoke ? 1 : rounds, smoke, Path.of(arguments[2]));
    PrintStream out = System.out;

    if (!RedisServer.isInstalled()) {
      out.println("redis-server is not installed: the work queue has nothing beside it");
    }
    List<Question> questions = new ArrayList<>(Question.SHORT);
    if (arguments[4].equals("full")) {
      questions.addAll(Question.MORE);
    }
    Chart chart = new Chart();
    Map<Question, List<Outcome>> answers = new HashMap<>();
    for (Question question : questions) {
      out.println("asking: " + question.title() + " (load " + Machine.loadAverage() + ")");
      List<Outcome> answer = series.ask(question);
      answers.put(question, answer);
      report.add(question, answer);
      chart.add(question, answer);
    }
    report.addScaling(Question.APPEND_2_THREADS, answers, Question.APPEND, /* target= */ 1);
    report.addScaling(Question.SYNCED_64_WRITERS, answers, Question.SYNCED, 1 / 12.0);
    Trials trials = new Trials(smoke ? 1 : rounds, smoke);
    report.beginTrials();
    for (Trial trial : arguments[4].equals("full") ? Trial.FULL : Trial.SHORT) {
      out.println("asking: " + trial.title() + " (load " + Machine.loadAverage() + ")");
      report.add(trial, trials.run(trial));
    }
    out.println();
    out.print(report.markdown());
    if (smoke) {
      chart.write(Path.of(arguments[2] + ".svg"));
      out.println("\nThis was a smoke run: all of it runs, and the figures mean nothing.");
      return;
    }

    JsonMapper json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    Files.writeString(
        Path.of(arguments[3] + ".json"), json.writeValueAsString(report.json()) + "\n");
    Files.writeString(Path.of(arguments[3] + ".md"), report.markdown());
    chart.write(Path.of(arguments[3] + ".svg"));
    out.println("\nwritten: " + arguments[3] + ".md, .json and .svg");
  }
}
