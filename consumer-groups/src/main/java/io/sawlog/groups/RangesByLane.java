package io.sawlog.groups;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Offsets of several partitions, for the events of one step. There are few partitions in a step.
 */
final class RangesByLane {
  private final List<Lane> lanes = new ArrayList<>(2);
  private final List<OffsetRanges> ranges = new ArrayList<>(2);

  void add(Lane lane, long offset) {
    of(lane).add(offset, offset + 1);
  }

  void addAll(Lane lane, OffsetRanges offsets) {
    if (!offsets.isEmpty()) {
      of(lane).addAll(offsets);
    }
  }

  private OffsetRanges of(Lane lane) {
    for (int i = 0; i < lanes.size(); i++) {
      if (lanes.get(i) == lane) {
        return ranges.get(i);
      }
    }
    OffsetRanges made = new OffsetRanges();
    lanes.add(lane);
    ranges.add(made);
    return made;
  }

  void forEach(BiConsumer<Lane, OffsetRanges> task) {
    for (int i = 0; i < lanes.size(); i++) {
      task.accept(lanes.get(i), ranges.get(i));
    }
  }

  void addLeased(List<Event> events) {
    forEach(
        (lane, offsets) ->
            events.add(new PartitionEvent.Leased(lane.topic(), number(lane), offsets)));
  }

  void addFinished(List<Event> events) {
    forEach(
        (lane, offsets) ->
            events.add(new PartitionEvent.Finished(lane.topic(), number(lane), offsets)));
  }

  void addReleased(List<Event> events) {
    forEach(
        (lane, offsets) ->
            events.add(new PartitionEvent.Released(lane.topic(), number(lane), offsets)));
  }

  private static int number(Lane lane) {
    return lane.name().partition();
  }
}
