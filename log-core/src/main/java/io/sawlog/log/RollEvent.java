package io.sawlog.log;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A segment that began. */
@Name("io.sawlog.Roll")
@Label("Segment Roll")
@Description("The active segment was sealed and the next one took its place, under the roll lock")
@StackTrace(false)
final class RollEvent extends PartitionEvent {
  @Label("Base Offset")
  @Description("Offset of the first record of the new segment")
  long baseOffset;

  @Label("Segment Size")
  @Description("Size of the file of the new segment")
  @DataAmount
  long segmentBytes;

  @Label("Previous Segment Used")
  @Description("Bytes that the sealed segment holds; 0 if the new one is the first")
  @DataAmount
  long previousUsedBytes;

  static RollEvent begun() {
    RollEvent event = new RollEvent();
    event.begin();
    return event;
  }
}
