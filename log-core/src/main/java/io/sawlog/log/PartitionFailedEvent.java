package io.sawlog.log;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A partition that stopped for good. */
@Name("io.sawlog.PartitionFailed")
@Label("Partition Failed")
@Description("A flush failed or a store was lost: nothing is appended until the store is reopened")
final class PartitionFailedEvent extends PartitionEvent {
  @Label("Durable Offset")
  @Description("Everything below it is durable and can be read")
  long durableOffset;

  @Label("Reason")
  String reason = "";
}
