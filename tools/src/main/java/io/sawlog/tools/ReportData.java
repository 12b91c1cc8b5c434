package io.sawlog.tools;

import io.sawlog.groups.GroupDescription;
import io.sawlog.groups.PartitionDescription;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What the script of a report draws, as JSON that may stand in a script element. */
final class ReportData {
  private final StoreSurvey survey;
  private final long now;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Output output = new Output(bytes);
  private final JsonLines json = JsonLines.on(output);

  ReportData(StoreSurvey survey, long now) {
    this.survey = survey;
    this.now = now;
  }

  /** The data; without the signs that begin a tag or a place of the template. */
  String json() {
    json.begin().number("now", now).number("interval_ms", survey.intervalMs());
    json.beginArray("partitions");
    survey.partitions().forEach(this::partition);
    json.endArray().beginArray("growth");
    survey.growth().forEach(this::growth);
    json.endArray().beginArray("groups");
    survey.groups().forEach(group -> group.partitions().forEach(part -> group(group, part)));
    json.endArray().end();
    output.flush();
    return bytes.toString(StandardCharsets.UTF_8).replace("<", "\\u003c").replace("@", "\\u0040");
  }

  private void partition(PartitionSurvey partition) {
    json.beginElement().text("name", partition.name()).text("topic", partition.topic());
    json.beginArray("segments");
    partition.segments().forEach(this::segment);
    json.endArray().beginArray("traces");
    for (PartitionSurvey.Trace trace : partition.traces()) {
      json.beginElement()
          .text("kind", GroupWords.of(trace.kind()))
          .number("time", trace.time())
          .text("what", trace.what())
          .endInner();
    }
    json.endArray().endInner();
  }

  private void segment(SegmentSurvey segment) {
    json.beginElement()
        .number("base", segment.baseOffset())
        .number("records", segment.records())
        .number("used", segment.usedBytes())
        .number("damaged", segment.damagedPlaces())
        .bool("sealed", segment.sealed())
        .text("index", GroupWords.of(segment.index()))
        .number("entries", segment.indexEntries())
        .number("blocks", segment.indexBlocks());
    if (segment.firstTime() != SegmentSurvey.UNKNOWN) {
      json.number("first", segment.firstTime()).number("last", segment.lastTime());
    }
    json.endInner();
  }

  private void growth(String topic, TimeBins bins) {
    json.beginElement().text("topic", topic).beginArray("bins");
    for (TimeBins.Bin bin : bins.bins()) {
      json.beginElement()
          .number("start", bin.start())
          .number("bytes", bin.bytes())
          .number("records", bin.records())
          .endInner();
    }
    json.endArray().endInner();
  }

  private void group(GroupDescription group, PartitionDescription partition) {
    PartitionSurvey log =
        survey.partitions().stream()
            .filter(each -> each.name().equals(partition.partition().toString()))
            .findFirst()
            .orElse(null);
    json.beginElement()
        .text("group", group.group())
        .text("partition", partition.partition().toString())
        .number("held", log == null ? 0 : log.records())
        .number("lag", partition.lag().records())
        .number("lag_ms", partition.lag().age().toMillis())
        .number("in_flight", partition.inFlight())
        .number("failing", partition.failing())
        .endInner();
  }
}
