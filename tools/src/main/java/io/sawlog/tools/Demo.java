package io.sawlog.tools;

import io.sawlog.log.Message;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Sawlog;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * One run of {@code demo}: appends orders, opens the store again as another process would, replays
 * the second half from its offset, looks into a segment, and checks all files. What it claims at
 * the end it has counted.
 */
final class Demo {
  static final String TOPIC = "demo-orders";

  private static final int FRAMES_SHOWN = 3;

  private final Path directory;
  private final OpenOptions opening;
  private final int orders;
  private final Output output;
  private long firstOffset;
  private long endOffset;
  private long durableOffset;
  private long replayed;
  private long wrong;
  private double seconds;
  private long replayFrom;

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
   */
  boolean run() throws IOException {
    output.line("The orders of a shop, in the topic " + TOPIC + " of " + directory);
    append();
    output.line(
        String.format(
            Locale.ROOT,
            "1. appended  %,d orders in %.2f s, offsets %d..%d; durable up to %d",
            orders,
            seconds,
            firstOffset,
            endOffset - 1,
            durableOffset));
    output.flush();
    replay();
    output.line(
        String.format(
            Locale.ROOT,
            "2. replayed  %,d orders from offset %d on, after opening the store again",
            replayed,
            replayFrom));
    output.line("3. dumped    the frames of the last orders:");
    output.flush();
    dump(new TextDump(output, Terminal.isStdoutColoured()));
    output.line("4. verified  every frame of the store:");
    Verdict verdict = new Verdict(output, null, Terminal.isStdoutColoured());
    verify(verdict);
    boolean proved = isProved(verdict);
    printProof(proved);
    return proved;
  }

  /** Runs, and prints only the result, as one object. */
  boolean runSilently(JsonLines json) throws IOException {
    append();
    replay();
    Verdict verdict = new Verdict(new Output(OutputStream.nullOutputStream()), null, false);
    verify(verdict);
    boolean proved = isProved(verdict);
    json.begin()
        .text("directory", directory.toString())
        .text("topic", TOPIC)
        .number("appended", orders)
        .number("first_offset", firstOffset)
        .number("next_offset", endOffset)
        .number("replayed", replayed)
        .number("replayed_wrong", wrong)
        .bool("damaged", verdict.isDamaged())
        .bool("ok", proved)
        .end();
    return proved;
  }

  private void append() {
    try (Sawlog log = Store.openForWriting(directory, opening)) {
      Partition partition = log.topic(TOPIC).partition(0);
      firstOffset = partition.logEndOffset();
      Orders source = new Orders(firstOffset, firstOffset);
      long started = System.nanoTime();
      for (int i = 1; i < orders; i++) {
        source.next();
        partition.append(source.key(), source.value());
      }
      // A flush covers all that was appended before it.
      source.next();
      endOffset = partition.appendSynced(source.key(), source.value()) + 1;
      seconds = (System.nanoTime() - started) / 1e9;
      durableOffset = partition.durableOffset();
    }
  }

  private void replay() {
    replayFrom = firstOffset + orders / 2;
    Orders source = new Orders(firstOffset, firstOffset);
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
  }

  private void dump(TextDump text) throws IOException {
    new Dump(
            text,
            new Dump.Selection(endOffset - FRAMES_SHOWN, endOffset, FRAMES_SHOWN, true, false))
        .add(LogPath.of(partitionDirectory()));
  }

  private Path partitionDirectory() {
    return directory.resolve(TOPIC).resolve("0");
  }

  private void verify(Verdict verdict) throws IOException {
    new Verification(verdict).run(LogPath.of(directory));
    verdict.printSummary();
  }

  private boolean isProved(Verdict verdict) {
    return endOffset - firstOffset == orders
        && durableOffset >= endOffset
        && replayed == endOffset - replayFrom
        && wrong == 0
        && !verdict.isDamaged()
        && verdict.records() >= orders;
  }

  private void printProof(boolean proved) {
    output.line("");
    output.line(proved ? "Counted, not assumed:" : "NOT as it must be:");
    printClaim(
        endOffset - firstOffset == orders,
        String.format(Locale.ROOT, "%,d orders got %,d offsets", orders, endOffset - firstOffset));
    printClaim(
        durableOffset >= endOffset, "all of them were on the device when the last append returned");
    printClaim(
        wrong == 0 && replayed == endOffset - replayFrom,
        String.format(
            Locale.ROOT,
            "%,d of %,d came back, %,d of them wrong or out of order",
            replayed,
            endOffset - replayFrom,
            wrong));
    output.line("");
    output.line("Try:");
    output.line("  sawlog --dir " + directory + " consume " + TOPIC + " --from " + (endOffset - 5));
    output.line("  sawlog dump " + partitionDirectory() + " --hex --max 1");
    output.line("  sawlog --dir " + directory + " topic describe");
  }

  private void printClaim(boolean holds, String claim) {
    output.line((holds ? "  yes  " : "  NO   ") + claim);
  }
}
