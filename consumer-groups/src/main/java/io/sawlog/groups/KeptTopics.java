package io.sawlog.groups;

import io.sawlog.log.Partition;
import io.sawlog.log.Retention;
import io.sawlog.log.Sawlog;
import io.sawlog.log.SawlogConfig;
import io.sawlog.log.Topic;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The topics of a store whose retention asks for the floors of the groups. For one thread. */
final class KeptTopics implements AutoCloseable {
  private final Sawlog log;

  private KeptTopics(Sawlog log) {
    this.log = log;
  }

  static KeptTopics open(Path store, SawlogConfig config) {
    return new KeptTopics(Sawlog.openReadOnly(store, config));
  }

  /** How far each of their partitions is durable. */
  GroupFloors.Offsets durableEnds() {
    Map<UUID, Map<Integer, Long>> ends = new HashMap<>();
    for (String name : log.topicNames()) {
      Topic topic = Topics.find(log, name);
      if (topic != null
          && !(topic.config().retention().unconsumed() instanceof Retention.Unconsumed.MayGo)) {
        Map<Integer, Long> partitions = new HashMap<>();
        for (Partition partition : topic.partitions()) {
          partitions.put(partition.number(), partition.durableOffset());
        }
        ends.put(topic.id(), partitions);
      }
    }
    return new GroupFloors.Offsets(ends);
  }

  @Override
  public void close() {
    log.close();
  }
}
