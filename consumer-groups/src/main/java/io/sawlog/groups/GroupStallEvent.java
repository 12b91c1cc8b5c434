package io.sawlog.groups;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A group that does not get on. */
@Name("io.sawlog.GroupStall")
@Label("Group Stall")
@Category("Sawlog")
@Description("A consumer group began to stand still, as a whole or in a partition")
@StackTrace(false)
final class GroupStallEvent extends Event {
  @Label("Group")
  String group = "";

  @Label("Cause")
  @Description(
      "WINDOW_FULL: a record holds the window; EVERYTHING_FAILS: the breaker rests the group;"
          + " MEMBER_SILENT: a member did not poll and lost its partitions")
  String cause = "";

  @Label("Topic")
  @Description("Topic of the record that is the cause; empty for a silent member")
  String topic = "";

  @Label("Partition")
  @Description("Partition of the record that is the cause; -1 for a silent member")
  int partition = -1;

  @Label("Offset")
  @Description("Offset of the record that is the cause; -1 for a silent member")
  long offset = -1;

  @Label("Detail")
  @Description("The last failure, the width of the window, or the member")
  String detail = "";
}
