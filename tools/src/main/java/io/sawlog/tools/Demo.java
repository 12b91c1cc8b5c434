package io.sawlog.tools;

import io.sawlog.log.Message;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Sawlog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One run of {@code demo}: lets orders flow through three services, opens the store again as
 * another process would, replays the second half from its offset, looks into a segment, and checks
 * all files. What it claims at the end it has counted.
 */
final class Demo {
  static final String TOPIC = "demo-orders";

  private static final int FRAMES_SHOWN = 3;

  private final Path directory;
  private final OpenOptions opening;
  private final int orders;
  private final Output output;
  private final Claims claims = new Claims();
  private List<ServiceTally> tallies = new ArrayList<>();
  private int deadLetters;
  private long firstOffset;
  private long endOffset;
  private long replayFrom;
  private long replayed;
  private long wrong;
  private boolean damaged;

  /**
   * Does nothing yet.
   *
   * @param output gets what happens, for people
   */
  Demo(Path directory, OpenOptions opening, int orders, Output output) {
    this.directory = directory;
    this.opening = opening;
    this.orders = orders;
    this.output = output;
  }

  /**
   * Runs, and tells what happens.
   *
   * @return whether everything was as it must be
   * @throws InterruptedException if the thread was interrupted; then nothing of it runs any more
   */
  boolean run() throws IOException, InterruptedException {
    begin("1. The orders of a shop flow through the topic " + TOPIC + " of " + directory);
    flow();
    replay();
    begin(
        String.format(
            Locale.ROOT,
            "2. Replayed %,d orders from offset %d on, after opening the store again",
            replayed,
            replayFrom));
    begin("3. The frames of the last orders:");
    dump();
    begin("4. Every frame of the store, checked:");
    verify();
    output.line("");
    claims.print(output);
    printCommands();
    return claims.allHold();
  }

  private void begin(String step) {
    output.line(step);
    output.flush();
  }

  private void flow() throws IOException, InterruptedException {
    try (Sawlog log = Store.openForWriting(directory, opening)) {
      OrderFlow flow = new OrderFlow(log, opening, orders);
      flow.run(output);
      flow.prove(claims);
      firstOffset = flow.firstOffset();
      endOffset = firstOffset + orders;
      tallies = flow.tallies();
      deadLetters = flow.deadLetters().size();
    }
  }

  private void replay() {
    replayFrom = firstOffset + orders / 2;
    Orders source = OrderFlow.ordersFrom(firstOffset, orders);
    for (long offset = firstOffset; offset < replayFrom; offset++) {
      source.next();
    }
    try (Sawlog log = Store.openForReading(directory, opening)) {
      Partition partition = log.topic(TOPIC).partition(0);
      for (Message message : partition.read(Position.atOffset(replayFrom))) {
        source.next();
        if (message.offset() != replayFrom + replayed
            || !Arrays.equals(message.key(), source.key())
            || !Arrays.equals(message.value(), source.value())) {
          wrong++;
        }
        replayed++;
      }
    }
    claims.add(
        wrong == 0 && replayed == endOffset - replayFrom,
        String.format(
            Locale.ROOT,
            "%,d of %,d came back in the replay, %,d of them wrong or out of order",
            replayed,
            endOffset - replayFrom,
            wrong));
  }

  private void dump() throws IOException {
    TextDump text = new TextDump(output, Terminal.isStdoutColoured());
    new Dump(
            text,
            new Dump.Selection(endOffset - FRAMES_SHOWN, endOffset, FRAMES_SHOWN, true, false))
        .add(LogPath.of(partitionDirectory()));
  }

  private Path partitionDirectory() {
    return directory.resolve(TOPIC).resolve("0");
  }

  private void verify() throws IOException {
    Verdict verdict = new Verdict(output, null, Terminal.isStdoutColoured());
    new Verification(verdict).run(LogPath.of(directory));
    verdict.printSummary();
    damaged = verdict.isDamaged();
    claims.add(
        !damaged && verdict.records() >= orders,
        String.format(
            Locale.ROOT,
            "%,d records in the files of topic and groups are %s",
            verdict.records(),
            damaged ? "DAMAGED in places" : "intact"));
  }

  private void printCommands() {
    output.line("");
    output.line("Try:");
    output.line("  sawlog --dir " + directory + " group dead " + EmailService.GROUP);
    output.line("  sawlog --dir " + directory + " consume " + TOPIC + " --from " + (endOffset - 5));
    output.line("  sawlog dump " + partitionDirectory() + " --hex --max 1");
  }

  /** Prints the result, as one object. */
  void printJson(JsonLines json) {
    json.begin()
        .text("directory", directory.toString())
        .text("topic", TOPIC)
        .number("appended", orders)
        .number("first_offset", firstOffset)
        .number("next_offset", endOffset)
        .beginArray("services");
    for (ServiceTally tally : tallies) {
      json.beginElement()
          .text("group", tally.service())
          .number("handled", tally.count())
          .number("redelivered", tally.redelivered())
          .number("out_of_order", tally.outOfOrder())
          .endInner();
    }
    json.endArray()
        .number("dead_letters", deadLetters)
        .number("replayed", replayed)
        .number("replayed_wrong", wrong)
        .bool("damaged", damaged)
        .bool("ok", claims.allHold())
        .end();
  }
}
