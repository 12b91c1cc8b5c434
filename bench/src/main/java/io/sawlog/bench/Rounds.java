package io.sawlog.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the contenders of a question in turns, A B C A B C, each time in a new JVM: a machine that
 * is slow for a while is slow for all of them.
 */
final class Rounds {
  private final int count;
  private final boolean smoke;
  private final Path log;

  /**
   * Sets the length.
   *
   * @param count how many rounds
   * @param smoke as short as possible: shows that everything runs, measures nothing
   * @param log JMH's own output goes here
   */
  Rounds(int count, boolean smoke, Path log) {
    this.count = count;
    this.smoke = smoke;
    this.log = log;
  }

  List<Outcome> ask(Question question) throws RunnerException {
    List<Outcome> outcomes = new ArrayList<>(List.of(new Outcome(Question.SAWLOG)));
    question.targets().forEach(target -> outcomes.add(new Outcome(target.contender())));
    for (int round = 0; round < count; round++) {
      for (Outcome outcome : outcomes) {
        RunResult result = run(question, outcome.contender());
        // the threads work at once: a record takes as long as all of them need for one each
        double time = result.getPrimaryResult().getScore() / question.threads();
        outcome.add(time, allocatedBytes(result));
      }
    }
    return outcomes;
  }

  private RunResult run(Question question, String contender) throws RunnerException {
    // JMH gives the class path of this JVM to those that it starts
    System.setProperty("java.class.path", ClassPath.of(contender));
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + question.benchmark().getName() + "." + contender + "$")
            .threads(question.threads())
            .param("batch", String.valueOf(question.batch()))
            .jvmArgsPrepend("-D" + Payload.LENGTH_PROPERTY + "=" + question.recordBytes())
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.EXTRA)
            .output(log.toString());
    if (smoke) {
      options
          .warmupIterations(1)
          .warmupTime(TimeValue.milliseconds(200))
          .measurementIterations(1)
          .measurementTime(TimeValue.milliseconds(200))
          .param("records", "100000");
    }
    return new Runner(options.build()).runSingle();
  }

  @SuppressWarnings("rawtypes") // JMH's own signature
  private static double allocatedBytes(RunResult result) {
    return result.getSecondaryResults().entrySet().stream()
        .filter(entry -> entry.getKey().endsWith("gc.alloc.rate.norm"))
        .mapToDouble(entry -> entry.getValue().getScore())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("JMH has not counted what was allocated"));
  }
}
