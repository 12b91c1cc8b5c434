package io.sawlog.tools;

import io.sawlog.log.RepairStep;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What {@code repair} prints: each step, what stands in the way, and the sum. */
final class RepairReport {
  private final Output output;
  private final @Nullable JsonLines json;
  private long planned;
  private long done;
  private long lost;
  private long obstacles;

  RepairReport(Output output, @Nullable JsonLines json) {
    this.output = output;
    this.json = json;
  }

  /** Shows what was said so far. */
  void flush() {
    output.flush();
  }

  /** A step, be it of the plan only or done. */
  void step(RepairStep step, boolean executed) {
    if (executed) {
      done++;
    } else {
      planned++;
    }
    if (step.nextOffset() != RepairStep.NONE) {
      lost += step.nextOffset() - step.firstOffset();
    }
    if (json != null) {
      printJson(json, step, executed);
      return;
    }
    StringBuilder line = new StringBuilder(executed ? "done: " : "plan: ").append(step.file());
    if (step.position() != RepairStep.NONE) {
      line.append(": position ").append(step.position());
    }
    if (step.firstOffset() != RepairStep.NONE) {
      line.append(": lost: ").append(Words.offsets(step.firstOffset(), step.nextOffset()));
    }
    line.append(": ").append(step.action());
    if (step.keptIn() != null) {
      line.append("; what is replaced is kept in ").append(step.keptIn().getFileName());
    }
    output.line(line.toString());
  }

  private static void printJson(JsonLines json, RepairStep step, boolean executed) {
    json.begin().text("type", "step").bool("done", executed).text("file", step.file().toString());
    number(json, "position", step.position());
    number(json, "first_offset", step.firstOffset());
    number(json, "next_offset", step.nextOffset());
    json.text("action", step.action());
    if (step.keptIn() == null) {
      json.nothing("kept_in");
    } else {
      json.text("kept_in", step.keptIn().toString());
    }
    json.end();
  }

  private static void number(JsonLines json, String name, long number) {
    if (number == RepairStep.NONE) {
      json.nothing(name);
    } else {
      json.number(name, number);
    }
  }

  /** What cannot be repaired. */
  void obstacle(String problem) {
    obstacles++;
    if (json != null) {
      json.begin().text("type", "obstacle").text("problem", problem).end();
    } else {
      output.line("cannot be repaired without guessing: " + problem);
    }
  }

  /** Whether no damage is left that this command has found. */
  boolean isDone() {
    return planned == 0 && obstacles == 0;
  }

  /** Ends the output. */
  void summary(Path path) {
    if (json != null) {
      json.begin()
          .text("type", "summary")
          .bool("ok", isDone())
          .number("planned", planned)
          .number("done", done)
          .number("lost_records", lost)
          .number("obstacles", obstacles)
          .end();
      return;
    }
    if (planned + done + obstacles == 0) {
      output.line("nothing that was durable is damaged");
      return;
    }
    String changes =
        planned > 0
            ? Words.count(planned, "change") + " planned, nothing done yet"
            : Words.count(done, "change") + " made";
    String loss =
        lost == 0 ? "no record is lost" : Words.count(lost, "offset") + " without a record";
    String next = obstacles > 0 ? "restore the rest from a backup" : "'sawlog verify' checks it";
    output.line(
        changes
            + "; "
            + loss
            + "; "
            + (planned > 0 && obstacles == 0
                ? "'sawlog repair " + path + " --execute' does it"
                : next));
  }
}
