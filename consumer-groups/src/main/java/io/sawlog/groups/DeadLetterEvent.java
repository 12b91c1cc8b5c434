package io.sawlog.groups;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A record that a group has given up. */
@Name("io.sawlog.DeadLetter")
@Label("Dead Letter")
@Category("Sawlog")
@Description("A record was put among the dead letters of a group")
@StackTrace(false)
final class DeadLetterEvent extends Event {
  @Label("Group")
  String group = "";

  @Label("Topic")
  @Description("Topic that the record comes from")
  String topic = "";

  @Label("Partition")
  int partition;

  @Label("Offset")
  long offset;

  @Label("Letter")
  @Description("Offset among the dead letters of the group")
  long letter;

  @Label("Attempts")
  int attempts;

  @Label("Reason")
  String reason = "";
}
