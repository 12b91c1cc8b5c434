package io.sawlog.tools;

import io.sawlog.groups.DeadLetter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints dead letters, for people or for programs. */
final class DeadLetterPrinter {
  private final Output output;
  private final @Nullable JsonLines json;

  DeadLetterPrinter(Output output, boolean asJson) {
    this.output = output;
    this.json = asJson ? JsonLines.on(output) : null;
    if (!asJson) {
      output.line(row("LETTER", "RECORD", "ATTEMPTS", "TIME", "KEY", "REASON"));
    }
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%8s %-28s %8s %-24s %-16s %s", cells);
  }

  void print(DeadLetter letter) {
    if (json != null) {
      printJson(letter, json);
      return;
    }
    String key = letter.message().keyAsString();
    output.line(
        row(
            letter.letter(),
            letter.topic() + "-" + letter.partition() + "@" + letter.offset(),
            letter.attempts(),
            Timestamp.of(letter.time().toEpochMilli()),
            key == null ? "-" : printable(key),
            printable(letter.reason())));
  }

  /** One line, whatever a handler has thrown. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }

  private static void printJson(DeadLetter letter, JsonLines json) {
    json.begin()
        .number("letter", letter.letter())
        .text("topic", letter.topic())
        .text("topic_id", letter.topicId().toString())
        .number("partition", letter.partition())
        .number("offset", letter.offset());
    if (letter.redrivenFrom().isPresent()) {
      json.number("redriven_from", letter.redrivenFrom().getAsLong());
    }
    json.number("attempts", letter.attempts())
        .text("reason", letter.reason())
        .time("time", letter.time().toEpochMilli())
        .bytes("key", letter.message().key())
        .bytes("value", letter.message().value())
        .end();
  }
}
