package io.sawlog.tools;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.sawlog.groups.SideLogReader;
import io.sawlog.index.HeaderCheck;
import io.sawlog.index.IndexEntry;
import io.sawlog.index.IndexHeader;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.RecordCursor;
import io.sawlog.log.segment.SegmentHeader;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A dump of the bytes themselves: every field of every header, frame and record, with what it says
 * beside it. Follows {@code docs/FORMAT.md}.
 */
final class HexDump implements DumpFormat {
  private static final int INDEX_ENTRY_LENGTH = 16;
  private static final int MAGIC_LETTERS = 6;

  private final Output output;
  private final TextDump text;

  HexDump(Output output, TextDump text) {
    this.output = output;
    this.text = text;
  }

  @Override
  public void segment(SegmentFile segment) {
    text.segment(segment);
    byte[] bytes = segment.headerBytes();
    if (bytes.length < SegmentHeader.LENGTH) {
      new AnnotatedHex(0).field(bytes, "not a whole header").printTo(output);
      return;
    }
    SegmentHeader header = SegmentHeader.decode(ByteBuffer.wrap(bytes));
    UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    new AnnotatedHex(0)
        .field(buffer, 0, 8, "magic " + magic(buffer))
        .field(buffer, 8, 4, "version " + segment.version())
        .field(buffer, 12, 4, "partition " + header.partition())
        .field(buffer, 16, 16, "topic id " + header.topicId())
        .field(buffer, 32, 8, "base offset " + header.baseOffset())
        .field(buffer, 40, 8, "records before " + header.recordsBefore())
        .field(buffer, 48, 4, "capacity " + header.capacity())
        .field(buffer, 52, 4, "salt " + Words.hex(header.salt()))
        .field(buffer, 56, 4, "reserved")
        .field(buffer, 60, 4, "crc32c" + (segment.isHeaderIntact() ? " ok" : " does NOT match"))
        .printTo(output);
  }

  @Override
  public void frame(SegmentFile segment, Finding.Frame frame, DirectBuffer bytes, int at) {
    text.frame(segment, frame, bytes, at);
    AnnotatedHex hex =
        new AnnotatedHex(frame.position())
            .field(bytes, at + FrameFormat.LENGTH_FIELD, 4, "length " + frame.length())
            .field(bytes, at + FrameFormat.CRC_FIELD, 4, "crc32c " + Words.hex(frame.crc()) + " ok")
            .field(
                bytes,
                at + FrameFormat.BASE_OFFSET_FIELD,
                8,
                (frame.isEnd() ? "next base offset " : "base offset ") + frame.baseOffset())
            .field(
                bytes,
                at + FrameFormat.APPEND_TIME_FIELD,
                8,
                "append time " + Timestamp.of(frame.appendTime()))
            .field(bytes, at + FrameFormat.RECORD_COUNT_FIELD, 2, "records " + frame.recordCount())
            .field(bytes, at + FrameFormat.KIND_FIELD, 1, "kind " + frame.kindName())
            .field(bytes, at + FrameFormat.ATTRIBUTES_FIELD, 1, "attributes " + frame.attributes())
            .field(
                bytes,
                at + FrameFormat.DURABLE_FIELD,
                4,
                "durable to position " + frame.durablePosition());
    int bodyStart = at + FrameFormat.HEADER_LENGTH;
    int frameEnd = at + frame.length();
    if (frame.isData()) {
      hex.indent(1);
      int end = new HexRecords(hex, bytes, bodyStart, frameEnd).print(frame);
      hex.indent(-1);
      hex.field(bytes, end, frameEnd - end, "padding");
    } else {
      hex.field(bytes, bodyStart, frameEnd - bodyStart, "not used");
    }
    hex.printTo(output);
  }

  @Override
  public void record(
      SegmentFile segment, Finding.Frame frame, RecordCursor record, DirectBuffer bytes) {
    // Every record was shown with its frame.
  }

  @Override
  public void step(SegmentFile segment, Finding.Frame frame, long offset, SideLogReader.Step step) {
    text.step(segment, frame, offset, step);
  }

  @Override
  public void unfinished(SegmentFile segment, Finding.Unfinished unfinished) {
    text.unfinished(segment, unfinished);
  }

  @Override
  public void damage(SegmentFile segment, Finding.Damage damage, byte[] bytes) {
    text.damage(segment, damage, bytes);
    new AnnotatedHex(damage.position())
        .field(bytes, "the first bytes of the damaged place")
        .printTo(output);
  }

  @Override
  public void end(SegmentFile segment, Finding.End end) {
    text.end(segment, end);
  }

  @Override
  public void index(IndexCopy index, HeaderCheck check) {
    text.index(index, check);
    DirectBuffer bytes = index.bytes();
    if (bytes.capacity() < IndexHeader.LENGTH_BYTES) {
      return;
    }
    new AnnotatedHex(0)
        .field(bytes, 0, 6, "magic " + magic(bytes))
        .field(bytes, 6, 2, "version " + bytes.getShort(6, LITTLE_ENDIAN))
        .field(bytes, 8, 8, "salt " + Words.hex((int) bytes.getLong(8, LITTLE_ENDIAN)))
        .field(bytes, 16, 8, "base offset " + bytes.getLong(16, LITTLE_ENDIAN))
        .field(bytes, 24, 4, "segment bytes " + bytes.getInt(24, LITTLE_ENDIAN))
        .field(bytes, 28, 4, "interval bytes " + bytes.getInt(28, LITTLE_ENDIAN))
        .field(bytes, 32, 28, "reserved")
        .field(bytes, 60, 4, "crc32c")
        .printTo(output);
  }

  @Override
  public void entry(IndexCopy index, IndexEntry entry, long offset) {
    int at = IndexHeader.LENGTH_BYTES + entry.slot() * INDEX_ENTRY_LENGTH;
    DirectBuffer bytes = index.bytes();
    new AnnotatedHex(at)
        .field(bytes, at, 4, "slot " + entry.slot() + " offset " + offset)
        .field(bytes, at + 4, 4, "position " + entry.position())
        .field(bytes, at + 8, 8, "not before " + Timestamp.of(entry.appendTime()))
        .printTo(output);
  }

  private static String magic(DirectBuffer bytes) {
    byte[] magic = new byte[MAGIC_LETTERS];
    bytes.getBytes(0, magic);
    return Utf8.printable(magic);
  }
}
