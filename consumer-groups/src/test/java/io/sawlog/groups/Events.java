package io.sawlog.groups;

import io.sawlog.log.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Random events, in such an order as a side log can have them. */
final class Events {
  static final int TOPICS = 3;

  private Events() {}

  /** The beginning of every group. */
  static List<Event> beginning() {
    List<Event> events = new ArrayList<>();
    events.add(
        new Event.Created(
            new GroupOptions(GroupType.SHARED, Commits.SYNCED, Visibility.DURABLE, Order.KEY)));
    for (int topic = 1; topic <= TOPICS; topic++) {
      events.add(new Event.TopicAdded(topic, "topic-" + topic, new UUID(-topic, topic)));
    }
    return events;
  }

  static Event random(Random random) {
    int topic = random.nextInt(TOPICS + 1);
    int partition = random.nextInt(3);
    long offset = random.nextInt(200) + (random.nextInt(4) == 0 ? 1L << 31 : 0);
    OffsetRanges ranges = OffsetRanges.of(offset, offset + 1 + random.nextInt(10));
    if (random.nextBoolean()) {
      ranges.add(offset + 20, offset + 20 + random.nextInt(100));
    }
    return switch (random.nextInt(15)) {
      case 0 -> new Event.Opened(random.nextInt(1000));
      case 1 -> new Event.Paused(random.nextBoolean());
      case 2 -> new PartitionEvent.Moved(topic, partition, offset);
      case 3 -> new PartitionEvent.Committed(topic, partition, offset);
      case 4 -> new Event.DeadCounted(offset, random.nextInt(50));
      case 5, 6 -> new PartitionEvent.Leased(topic, partition, ranges);
      case 7, 8 -> new PartitionEvent.Finished(topic, partition, ranges);
      case 9 -> new PartitionEvent.Released(topic, partition, ranges);
      case 10 -> new PartitionEvent.Failed(topic, partition, offset, 1 + random.nextInt(5));
      case 11 -> new PartitionEvent.DeadLettered(topic, partition, offset, random.nextInt(50));
      case 12 -> new Event.TopicForgotten(1 + random.nextInt(TOPICS));
      case 13 -> new Event.PartitionForgotten(1 + random.nextInt(TOPICS), partition);
      default -> new Event.Redriven(ranges);
    };
  }
}
