package io.sawlog.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The answers as a table for people and as JSON for programs. Misses are shown like the rest. */
final class Report {
  private final Map<String, Object> machine;
  private final List<String> lines = new ArrayList<>();
  private final List<Object> questions = new ArrayList<>();

  Report(Map<String, Object> machine) {
    this.machine = machine;
    machine.forEach((name, value) -> lines.add("- " + name + ": " + value));
    lines.add("");
    lines.add(
        "| question | contender | median for each record | spread | allocated"
            + " | Sawlog's time is | spread | to reach | |");
    lines.add("|---|---|---:|---:|---:|---:|---:|---:|---|");
  }

  /** Adds the rows of a question; the first outcome is Sawlog's, the others go with the targets. */
  void add(Question question, List<Outcome> outcomes) {
    Samples own = outcomes.get(0).times();
    row(question, outcomes.get(0), " | | | ");
    for (int i = 1; i < outcomes.size(); i++) {
      Samples ratio = own.dividedBy(outcomes.get(i).times());
      double target = question.targets().get(i - 1).ratio();
      String judgement =
          target == Question.Target.NONE
              ? " | "
              : format("<= %.2fx | %s", target, verdict(ratio.median() <= target));
      row(
          question,
          outcomes.get(i),
          format("%.2fx | %.2f-%.2f | %s", ratio.median(), ratio.least(), ratio.most(), judgement));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("question", question.title());
    json.put("threads", question.threads());
    json.put("unit", question.unit());
    for (Outcome outcome : outcomes) {
      json.put(
          outcome.contender(),
          Map.of(
              "time", outcome.times().values(),
              "allocatedBytes", outcome.allocatedBytes().values()));
    }
    questions.add(json);
  }

  private void row(Question question, Outcome outcome, String comparison) {
    Samples times = outcome.times();
    lines.add(
        format(
            "| %s | %s | %.1f %s | %.1f-%.1f | %.2f B | %s |",
            question.title(),
            outcome.contender(),
            times.median(),
            question.unit(),
            times.least(),
            times.most(),
            outcome.allocatedBytes().median(),
            comparison));
  }

  /** Compares what each contender needs for a record with many threads and with one. */
  void addScaling(
      Question many, Map<Question, List<Outcome>> answers, Question one, double target) {
    Map<String, Samples> alone =
        answers.getOrDefault(one, List.of()).stream()
            .collect(Collectors.toMap(Outcome::contender, Outcome::times));
    lines.add("");
    for (Outcome outcome : answers.getOrDefault(many, List.of())) {
      Samples single = alone.get(outcome.contender());
      if (single != null) {
        Samples ratio = outcome.times().dividedBy(single);
        boolean own = outcome.contender().equals(Question.SAWLOG);
        lines.add(
            format(
                "- %s, %s: %.3fx (%.3f-%.3f) the time of %s for each record%s",
                outcome.contender(),
                many.title(),
                ratio.median(),
                ratio.least(),
                ratio.most(),
                one.title(),
                own
                    ? format("; to reach <= %.3fx: %s", target, verdict(ratio.median() <= target))
                    : ""));
      }
    }
  }

  /** Begins the table of the trials. */
  void beginTrials() {
    lines.add("");
    lines.add(
        "| question | measure | Sawlog | spread | beside | median | spread | Sawlog's is | spread"
            + " | to reach | |");
    lines.add("|---|---|---:|---:|---|---:|---:|---:|---:|---:|---|");
  }

  /** Adds what a trial has measured, contender by contender. */
  void add(Trial trial, Map<String, Map<String, Samples>> measures) {
    Map<String, Samples> own = measures.getOrDefault(Question.SAWLOG, Map.of());
    own.forEach((measure, samples) -> rows(trial, measure, samples, measures));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("question", trial.title());
    measures.forEach(json::put);
    questions.add(json);
  }

  private void rows(
      Trial trial, String measure, Samples own, Map<String, Map<String, Samples>> measures) {
    Double target = trial.targets().get(measure);
    List<String> others = trial.contenders().subList(1, trial.contenders().size());
    for (String other : others.isEmpty() ? List.of("") : others) {
      Samples theirs = measures.getOrDefault(other, Map.of()).get(measure);
      Samples ratio = theirs == null ? null : own.dividedBy(theirs);
      Samples judged = ratio == null ? own : ratio;
      lines.add(
          format(
              "| %s | %s | %s | %s | %s | %s | %s |",
              trial.title(),
              measure,
              columns(own),
              other,
              columns(theirs),
              columns(ratio),
              target == null
                  ? " | "
                  : format("<= %.2f | %s", target, verdict(judged.median() <= target))));
    }
  }

  private static String columns(@Nullable Samples samples) {
    return samples == null
        ? " | "
        : format("%.2f | %.2f-%.2f", samples.median(), samples.least(), samples.most());
  }

  String markdown() {
    return String.join("\n", lines) + "\n";
  }

  Map<String, Object> json() {
    return Map.of("machine", machine, "questions", questions);
  }

  private static String verdict(boolean reached) {
    return reached ? "reached" : "MISSED";
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
