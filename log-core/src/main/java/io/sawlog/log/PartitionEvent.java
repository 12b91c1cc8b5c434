package io.sawlog.log;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;

/** What all events of a partition tell. */
@Category("Sawlog")
abstract class PartitionEvent extends Event {
  @Label("Topic")
  String topic = "";

  @Label("Partition")
  int partition;

  /** Commits the event, if it is wanted. */
  void commitFor(String topicName, int number) {
    topic = topicName;
    partition = number;
    commit();
  }

  /** Commits the event, if it is wanted. */
  void commitFor(PartitionPlace place) {
    commitFor(place.topic(), place.number());
  }
}
