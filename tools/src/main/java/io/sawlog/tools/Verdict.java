package io.sawlog.tools;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a verification has found so far: a line for each problem as it is found, and the counts. */
final class Verdict {
  /** A file as a whole. */
  static final long NO_POSITION = -1;

  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";

  private final Output output;
  private final @Nullable JsonLines json;
  private final boolean coloured;
  private long topics;
  private long partitions;
  private long segments;
  private long frames;
  private long records;
  private long abortedRecords;
  private long bytes;
  private long damageCount;
  private long noteCount;

  Verdict(Output output, @Nullable JsonLines json, boolean coloured) {
    this.output = output;
    this.json = json;
    this.coloured = coloured;
  }

  void countTopic() {
    topics++;
  }

  void countPartition() {
    partitions++;
  }

  void countSegment() {
    segments++;
  }

  /** Counts an intact frame. */
  void countFrame(Finding.Frame frame) {
    frames++;
    bytes += frame.length();
    if (frame.isData()) {
      records += frame.recordCount();
    } else {
      abortedRecords += frame.recordCount();
    }
  }

  long records() {
    return records;
  }

  long frames() {
    return frames;
  }

  boolean isDamaged() {
    return damageCount > 0;
  }

  /** Something is not as it was written. */
  void damage(Path file, long position, long firstOffset, long nextOffset, String problem) {
    damageCount++;
    print("damage", file, position, firstOffset, nextOffset, problem);
  }

  /** Damage to a file as a whole. */
  void damage(Path file, String problem) {
    damage(file, NO_POSITION, Finding.UNKNOWN, Finding.UNKNOWN, problem);
  }

  /** Something worth knowing that a crash explains, or that mends itself. */
  void note(Path file, long position, long firstOffset, long nextOffset, String problem) {
    noteCount++;
    print("note", file, position, firstOffset, nextOffset, problem);
  }

  /** A note on a file as a whole. */
  void note(Path file, String problem) {
    note(file, NO_POSITION, Finding.UNKNOWN, Finding.UNKNOWN, problem);
  }

  private void print(
      String type, Path file, long position, long firstOffset, long nextOffset, String problem) {
    if (json != null) {
      json.begin().text("type", type).text("file", file.toString());
      number(json, "position", position);
      number(json, "first_offset", firstOffset);
      number(json, "next_offset", nextOffset);
      json.text("problem", problem).end();
      return;
    }
    StringBuilder line = new StringBuilder(type).append(": ").append(file);
    if (position != NO_POSITION) {
      line.append(": position ").append(position);
    }
    if (firstOffset != Finding.UNKNOWN) {
      line.append(": ").append(Words.offsets(firstOffset, nextOffset));
    }
    line.append(": ").append(problem);
    output.line(coloured && type.equals("damage") ? RED + line + PLAIN : line.toString());
  }

  private static void number(JsonLines json, String name, long number) {
    if (number < 0) {
      json.nothing(name);
    } else {
      json.number(name, number);
    }
  }

  /** Ends the output. */
  void printSummary() {
    if (json != null) {
      json.begin()
          .text("type", "summary")
          .bool("ok", !isDamaged())
          .number("topics", topics)
          .number("partitions", partitions)
          .number("segments", segments)
          .number("frames", frames)
          .number("records", records)
          .number("aborted_records", abortedRecords)
          .number("bytes", bytes)
          .number("damage", damageCount)
          .number("notes", noteCount)
          .end();
      return;
    }
    output.line(
        (isDamaged() ? "DAMAGED" : "ok")
            + ": "
            + (topics == 0 ? "" : Words.count(topics, "topic") + ", ")
            + (partitions == 0 ? "" : Words.count(partitions, "partition") + ", ")
            + Words.count(segments, "segment")
            + ", "
            + Words.count(frames, "frame")
            + ", "
            + Words.count(records, "record")
            + (abortedRecords == 0 ? "" : ", " + Words.count(abortedRecords, "aborted record"))
            + ", "
            + ByteSize.inWords(bytes)
            + ": "
            + (isDamaged() ? Words.count(damageCount, "problem") : "no damage")
            + (noteCount == 0 ? "" : ", " + Words.count(noteCount, "note")));
  }
}
