package io.sawlog.log;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;

/** An append that had to wait for a segment. */
@Name("io.sawlog.AppendStall")
@Label("Append Stall")
@Description(
    "An append found no room in the active segment and waited for the next one, or began it")
@Threshold("1 ms")
final class AppendStallEvent extends PartitionEvent {
  @Label("Frame Size")
  @Description("Size of the record or batch that waited")
  @DataAmount
  long frameBytes;

  static AppendStallEvent begun() {
    AppendStallEvent event = new AppendStallEvent();
    event.begin();
    return event;
  }
}
