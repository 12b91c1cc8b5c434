package io.sawlog.tools;

import io.sawlog.log.FlushPolicy;
import io.sawlog.log.Partition;
import io.sawlog.log.Retention;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicConfig;
import java.util.Locale;

/** A topic's settings and the state of its partitions, for people and for programs. */
final class TopicDescription {
  private final Topic topic;

  TopicDescription(Topic topic) {
    this.topic = topic;
  }

  void printText(Output output) {
    TopicConfig config = topic.config();
    output.line("topic " + topic.name() + "  id " + topic.id());
    output.line(
        "  "
            + Words.count(config.partitions(), "partition")
            + "  segments to "
            + ByteSize.inWords(config.segmentBytes())
            + "  frames to "
            + ByteSize.inWords(config.maxFrameBytes())
            + "  index every "
            + ByteSize.inWords(config.indexIntervalBytes()));
    output.line(
        "  flush " + flush(config.flushPolicy()) + "  retention " + retention(config.retention()));
    output.line(
        String.format(
            Locale.ROOT,
            "  %9s %14s %14s %14s %14s %10s %9s",
            "PARTITION",
            "START",
            "DURABLE",
            "END",
            "RECORDS",
            "SIZE",
            "SEGMENTS"));
    for (Partition partition : topic.partitions()) {
      output.line(
          String.format(
              Locale.ROOT,
              "  %9d %14d %14d %14d %14d %10s %9d",
              partition.number(),
              partition.logStartOffset(),
              partition.durableOffset(),
              partition.logEndOffset(),
              partition.recordCount(),
              ByteSize.inWords(partition.sizeBytes()),
              partition.segments().size()));
    }
  }

  void printJson(JsonLines json) {
    TopicConfig config = topic.config();
    json.begin()
        .text("topic", topic.name())
        .text("topic_id", topic.id().toString())
        .number("segment_bytes", config.segmentBytes())
        .number("index_interval_bytes", config.indexIntervalBytes())
        .number("max_frame_bytes", config.maxFrameBytes())
        .text("flush", flush(config.flushPolicy()));
    limit(json, "retention_ms", config.retention().maxAgeMs());
    limit(json, "retention_bytes", config.retention().maxBytes());
    unconsumed(json, config.retention().unconsumed());
    json.beginArray("partitions");
    for (Partition partition : topic.partitions()) {
      json.beginElement()
          .number("partition", partition.number())
          .number("log_start_offset", partition.logStartOffset())
          .number("durable_offset", partition.durableOffset())
          .number("log_end_offset", partition.logEndOffset())
          .number("records", partition.recordCount())
          .number("size_bytes", partition.sizeBytes())
          .number("segments", partition.segments().size())
          .endInner();
    }
    json.endArray().end();
  }

  private static void unconsumed(JsonLines json, Retention.Unconsumed unconsumed) {
    if (unconsumed instanceof Retention.Unconsumed.KeptUpTo cap) {
      json.text("unconsumed", "kept up to a cap");
      limit(json, "cap_bytes", cap.capBytes());
      limit(json, "cap_ms", cap.capAgeMs());
    } else if (unconsumed instanceof Retention.Unconsumed.KeptWhole cap) {
      json.text("unconsumed", "kept, appends are refused at the cap");
      limit(json, "cap_bytes", cap.capBytes());
    } else {
      json.text("unconsumed", "may go");
    }
  }

  private static void limit(JsonLines json, String name, long limit) {
    if (limit == Retention.UNLIMITED) {
      json.nothing(name);
    } else {
      json.number(name, limit);
    }
  }

  private static String flush(FlushPolicy policy) {
    if (policy instanceof FlushPolicy.Interval interval) {
      return "every " + Durations.inWords(interval.intervalMs());
    }
    if (policy instanceof FlushPolicy.Bytes amount) {
      return "every " + ByteSize.inWords(amount.bytes());
    }
    return "on request";
  }

  private static String retention(Retention retention) {
    String age = limit("", retention.maxAgeMs(), Durations.inWords(retention.maxAgeMs()));
    String size = limit("", retention.maxBytes(), ByteSize.inWords(retention.maxBytes()));
    String limits;
    if (age.isEmpty() && size.isEmpty()) {
      limits = "forever";
    } else {
      limits = age + (age.isEmpty() || size.isEmpty() ? "" : ", ") + size;
    }
    if (retention.unconsumed() instanceof Retention.Unconsumed.KeptUpTo cap) {
      limits +=
          "; what no group has consumed is kept up to "
              + limit("any size", cap.capBytes(), ByteSize.inWords(cap.capBytes()))
              + ", "
              + limit("any age", cap.capAgeMs(), Durations.inWords(cap.capAgeMs()));
    }
    if (retention.unconsumed() instanceof Retention.Unconsumed.KeptWhole cap) {
      limits +=
          "; what no group has consumed is kept, and appends are refused at "
              + ByteSize.inWords(cap.capBytes());
    }
    return limits;
  }

  private static String limit(String unlimited, long limit, String words) {
    return limit == Retention.UNLIMITED ? unlimited : words;
  }
}
