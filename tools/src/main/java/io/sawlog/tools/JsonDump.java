package io.sawlog.tools;

import io.sawlog.groups.SideLogReader;
import io.sawlog.index.HeaderCheck;
import io.sawlog.index.IndexEntry;
import io.sawlog.index.IndexHeader;
import io.sawlog.log.segment.FrameBuilder;
import io.sawlog.log.segment.RecordCursor;
import io.sawlog.log.segment.SegmentHeader;
import java.util.Locale;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/** A dump for programs: an object for each frame and record, its kind in the field {@code type}. */
final class JsonDump implements DumpFormat {
  private final JsonLines json;

  JsonDump(JsonLines json) {
    this.json = json;
  }

  private JsonLines begin(String type, SegmentFile segment) {
    return json.begin().text("type", type).text("file", segment.path().toString());
  }

  @Override
  public void segment(SegmentFile segment) {
    begin("segment", segment)
        .number("size_bytes", segment.size())
        .bool("header_ok", segment.headerProblem() == null);
    String problem = segment.headerProblem();
    if (problem != null) {
      json.text("problem", problem);
    }
    if (segment.isReadable()) {
      SegmentHeader header = segment.header();
      json.text("topic_id", header.topicId().toString())
          .number("partition", header.partition())
          .number("base_offset", header.baseOffset())
          .number("records_before", header.recordsBefore())
          .number("capacity_bytes", header.capacity())
          .text("salt", Words.hex(header.salt()))
          .number("version", segment.version());
    }
    json.end();
  }

  @Override
  public void frame(SegmentFile segment, Finding.Frame frame, DirectBuffer bytes, int at) {
    begin("frame", segment)
        .number("position", frame.position())
        .number("length", frame.length())
        .text("kind", frame.kindName())
        .number("base_offset", frame.baseOffset())
        .number("next_offset", frame.nextOffset())
        .number("records", frame.recordCount())
        .time("append_time", frame.appendTime())
        .text("crc32c", Words.hex(frame.crc()))
        .number("attributes", frame.attributes())
        .number("durable_position", frame.durablePosition())
        .end();
  }

  @Override
  public void record(
      SegmentFile segment, Finding.Frame frame, RecordCursor record, DirectBuffer bytes) {
    begin("record", segment)
        .number("position", frame.position())
        .number("offset", record.offset())
        .time("append_time", record.appendTime());
    if (record.eventTime() != FrameBuilder.NO_EVENT_TIME) {
      json.time("event_time", record.eventTime());
    }
    json.bytes("key", copy(bytes, record.keyPosition(), record.keyLength()))
        .bytes("value", copy(bytes, record.valuePosition(), record.valueLength()));
    byte[][] headers = record.copyHeaders();
    if (headers.length > 0) {
      json.beginArray("headers");
      for (int i = 0; i < headers.length; i += 2) {
        json.beginElement().bytes("name", headers[i]).bytes("value", headers[i + 1]).endInner();
      }
      json.endArray();
    }
    json.end();
  }

  @Override
  public void step(SegmentFile segment, Finding.Frame frame, long offset, SideLogReader.Step step) {
    begin("step", segment)
        .number("position", frame.position())
        .number("offset", offset)
        .text("kind", step.kind().name().toLowerCase(Locale.ROOT))
        .beginArray("events");
    step.events().forEach(json::element);
    json.endArray().end();
  }

  private static byte @Nullable [] copy(DirectBuffer bytes, int position, int length) {
    if (length == RecordCursor.ABSENT) {
      return null;
    }
    byte[] copy = new byte[length];
    bytes.getBytes(position, copy);
    return copy;
  }

  @Override
  public void unfinished(SegmentFile segment, Finding.Unfinished unfinished) {
    begin("unfinished", segment).number("position", unfinished.position());
    range(unfinished.nextPosition(), unfinished.firstOffset(), unfinished.nextOffset());
    json.end();
  }

  @Override
  public void damage(SegmentFile segment, Finding.Damage damage, byte[] bytes) {
    begin("damage", segment).number("position", damage.position());
    range(damage.nextPosition(), damage.firstOffset(), damage.nextOffset());
    json.text("problem", "the frame " + damage.what()).end();
  }

  private void range(int nextPosition, long firstOffset, long nextOffset) {
    json.number("next_position", nextPosition).number("first_offset", firstOffset);
    if (nextOffset == Finding.UNKNOWN) {
      json.nothing("next_offset");
    } else {
      json.number("next_offset", nextOffset);
    }
  }

  @Override
  public void end(SegmentFile segment, Finding.End end) {
    begin("end", segment)
        .number("position", end.position())
        .number("next_offset", end.nextOffset())
        .bool("sealed", end.sealed())
        .end();
  }

  @Override
  public void index(IndexCopy index, HeaderCheck check) {
    json.begin()
        .text("type", "index")
        .text("file", index.path().toString())
        .number("size_bytes", index.bytes().capacity())
        .bool("header_ok", check instanceof HeaderCheck.Valid);
    if (check instanceof HeaderCheck.Unusable unusable) {
      json.text("problem", unusable.reason());
    } else if (check instanceof HeaderCheck.Valid valid) {
      IndexHeader header = valid.header();
      json.number("base_offset", header.baseOffset())
          .number("segment_bytes", header.segmentBytes())
          .number("interval_bytes", header.intervalBytes())
          .text("salt", Words.hex((int) header.salt()));
    }
    json.end();
  }

  @Override
  public void entry(IndexCopy index, IndexEntry entry, long offset) {
    json.begin()
        .text("type", "index_entry")
        .text("file", index.path().toString())
        .number("slot", entry.slot())
        .number("offset", offset)
        .number("position", entry.position())
        .time("not_before", entry.appendTime())
        .end();
  }
}
