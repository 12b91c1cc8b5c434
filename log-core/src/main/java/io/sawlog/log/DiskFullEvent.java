package io.sawlog.log;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A segment for which there was no room on the disk. */
@Name("io.sawlog.DiskFull")
@Label("Disk Full")
@Description("There was no room for a segment; appends succeed again when there is")
final class DiskFullEvent extends PartitionEvent {
  @Label("Directory")
  String directory = "";

  @Label("Append Refused")
  @Description(
      "Whether an append failed; otherwise a segment could not be prepared ahead of its use")
  boolean appendRefused;

  @Label("Frame Size")
  @Description("Size of the record or batch that was refused")
  @DataAmount
  long frameBytes;
}
