package io.sawlog.tools;

import io.sawlog.groups.SideLogReader;
import io.sawlog.index.HeaderCheck;
import io.sawlog.index.IndexEntry;
import io.sawlog.index.IndexHeader;
import io.sawlog.log.segment.FrameBuilder;
import io.sawlog.log.segment.RecordCursor;
import io.sawlog.log.segment.SegmentHeader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.agrona.DirectBuffer;

/** A dump for people: a line for each frame and record. */
final class TextDump implements DumpFormat {
  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";

  private final Output output;
  private final boolean coloured;

  TextDump(Output output, boolean coloured) {
    this.output = output;
    this.coloured = coloured;
  }

  @Override
  public void segment(SegmentFile segment) {
    output.line(segment.path() + "  " + ByteSize.inWords(segment.size()));
    String problem = segment.headerProblem();
    if (problem != null) {
      alarm("  position 0  DAMAGED  " + problem);
    }
    if (segment.isReadable()) {
      SegmentHeader header = segment.header();
      output.line(
          String.format(
              Locale.ROOT,
              "  position 0  %s  topic %s  partition %d  base offset %d  records before %d"
                  + "  capacity %d  salt %08x  version %d",
              segment.isHeaderIntact() ? "SEGMENT" : "GUESSED SEGMENT",
              header.topicId(),
              header.partition(),
              header.baseOffset(),
              header.recordsBefore(),
              header.capacity(),
              header.salt(),
              segment.version()));
    }
  }

  @Override
  public void frame(SegmentFile segment, Finding.Frame frame, DirectBuffer bytes, int at) {
    output.line(describe(frame));
  }

  static String describe(Finding.Frame frame) {
    String offsets =
        frame.isEnd()
            ? "next base offset " + frame.baseOffset()
            : Words.offsets(frame.baseOffset(), frame.nextOffset())
                + "  "
                + Words.count(frame.recordCount(), "record");
    return String.format(
        Locale.ROOT,
        "  position %d  %s  %s  %d bytes  %s  crc %08x  durable %d%s",
        frame.position(),
        frame.kindName(),
        offsets,
        frame.length(),
        Timestamp.of(frame.appendTime()),
        frame.crc(),
        frame.durablePosition(),
        frame.attributes() == 0 ? "" : "  attributes " + frame.attributes());
  }

  @Override
  public void record(
      SegmentFile segment, Finding.Frame frame, RecordCursor record, DirectBuffer bytes) {
    output.line(describe(record, bytes));
  }

  @Override
  public void step(SegmentFile segment, Finding.Frame frame, long offset, SideLogReader.Step step) {
    String start = "    step " + offset + "  ";
    switch (step.kind()) {
      case CHANGE -> start += step.events().size() == 1 ? "" : "several events at once:";
      case SNAPSHOT_BEGIN -> start += "a snapshot begins";
      case SNAPSHOT_PART -> start += "part of the snapshot:";
      case SNAPSHOT_END -> start += "the snapshot is whole";
    }
    if (step.kind() == SideLogReader.Kind.CHANGE && step.events().size() == 1) {
      output.line(start + printable(step.events().get(0)));
    } else {
      output.line(start);
      step.events().forEach(event -> output.line("      " + printable(event)));
    }
  }

  private static String printable(String words) {
    return Utf8.printable(words.getBytes(StandardCharsets.UTF_8));
  }

  static String describe(RecordCursor record, DirectBuffer bytes) {
    StringBuilder line = new StringBuilder("    offset ").append(record.offset());
    if (record.eventTime() != FrameBuilder.NO_EVENT_TIME) {
      line.append("  event time ").append(Timestamp.of(record.eventTime()));
    }
    append(line, "key", bytes, record.keyPosition(), record.keyLength());
    append(line, "value", bytes, record.valuePosition(), record.valueLength());
    byte[][] headers = record.copyHeaders();
    for (int i = 0; i < headers.length; i += 2) {
      line.append("  header ")
          .append(Utf8.printable(headers[i]))
          .append('=')
          .append(Utf8.printable(headers[i + 1]));
    }
    return line.toString();
  }

  private static void append(
      StringBuilder line, String name, DirectBuffer bytes, int position, int length) {
    if (length == RecordCursor.ABSENT) {
      line.append("  no ").append(name);
    } else {
      byte[] copy = new byte[length];
      bytes.getBytes(position, copy);
      line.append("  ").append(name).append(' ').append(Utf8.printable(copy));
    }
  }

  @Override
  public void unfinished(SegmentFile segment, Finding.Unfinished unfinished) {
    output.line(
        "  position "
            + unfinished.position()
            + "  UNFINISHED  an append that did not end"
            + place(unfinished.firstOffset(), unfinished.nextOffset(), unfinished.nextPosition()));
  }

  @Override
  public void damage(SegmentFile segment, Finding.Damage damage, byte[] bytes) {
    alarm(
        "  position "
            + damage.position()
            + "  DAMAGED  the frame "
            + damage.what()
            + place(damage.firstOffset(), damage.nextOffset(), damage.nextPosition()));
  }

  private static String place(long first, long next, int nextPosition) {
    return ": "
        + Words.offsets(first, next)
        + (next == Finding.UNKNOWN
            ? ", up to the end of the file at "
            : "; the log goes on at position ")
        + nextPosition;
  }

  @Override
  public void end(SegmentFile segment, Finding.End end) {
    if (!end.sealed()) {
      output.line(
          "  position " + end.position() + "  end of the log, next offset " + end.nextOffset());
    }
  }

  @Override
  public void index(IndexCopy index, HeaderCheck check) {
    output.line(index.path() + "  " + ByteSize.inWords(index.bytes().capacity()));
    if (check instanceof HeaderCheck.Unusable unusable) {
      alarm("  UNUSABLE  " + unusable.reason() + "; it is rebuilt when the store is opened");
    } else if (check instanceof HeaderCheck.Valid valid) {
      IndexHeader header = valid.header();
      output.line(
          String.format(
              Locale.ROOT,
              "  INDEX  base offset %d  segment of %d bytes  an entry for %d bytes  salt %08x",
              header.baseOffset(),
              header.segmentBytes(),
              header.intervalBytes(),
              (int) header.salt()));
    }
  }

  @Override
  public void entry(IndexCopy index, IndexEntry entry, long offset) {
    output.line(
        "  slot "
            + entry.slot()
            + "  offset "
            + offset
            + "  position "
            + entry.position()
            + "  not before "
            + Timestamp.of(entry.appendTime()));
  }

  /** A line that must not be overlooked. */
  private void alarm(String line) {
    output.line(coloured ? RED + line + PLAIN : line);
  }
}
