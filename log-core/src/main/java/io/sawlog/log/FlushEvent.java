package io.sawlog.log;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** A flush that made records durable. */
@Name("io.sawlog.Flush")
@Label("Flush")
@Description("Published records were made durable, by the flusher or by a thread that asked for it")
@Threshold("1 ms")
@StackTrace(false)
final class FlushEvent extends PartitionEvent {
  @Label("Flushed")
  @Description("Bytes of the log that became durable")
  @DataAmount
  long bytes;

  @Label("Durable Offset")
  @Description("Offset behind the last durable record")
  long durableOffset;

  static FlushEvent begun() {
    FlushEvent event = new FlushEvent();
    event.begin();
    return event;
  }
}
