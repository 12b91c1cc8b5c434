package io.sawlog.groups;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How far a group is in one partition: everything below the floor is finished, and above it are
 * such offsets as were finished out of order, are leased, or have failed.
 */
final class Progress {
  private long floor;
  private final OffsetRanges done = new OffsetRanges();
  private final OffsetRanges leased = new OffsetRanges();
  private final OffsetRanges suspects = new OffsetRanges();
  private final NavigableMap<Long, Integer> failures = new TreeMap<>();

  /** The lowest offset that is not finished; for a partition group, what is committed. */
  long floor() {
    return floor;
  }

  /** What is finished above the floor. */
  OffsetRanges done() {
    return done;
  }

  OffsetRanges leased() {
    return leased;
  }

  /** What was leased when a process ended, and one of which may have ended it. */
  OffsetRanges suspects() {
    return suspects;
  }

  /** How often records have failed, by offset. */
  NavigableMap<Long, Integer> failures() {
    return failures;
  }

  /** How often a record has failed. */
  int failures(long offset) {
    return failures.isEmpty() ? 0 : failures.getOrDefault(offset, 0);
  }

  boolean isFinished(long offset) {
    return offset < floor || done.contains(offset);
  }

  void moveTo(long offset) {
    floor = offset;
    done.clear();
    leased.clear();
    suspects.clear();
    failures.clear();
  }

  void commit(long offset) {
    floor = offset;
    settle();
  }

  void lease(OffsetRanges offsets) {
    leased.addAll(offsets);
  }

  void finish(OffsetRanges offsets) {
    forget(offsets);
    done.addAll(offsets);
    settle();
  }

  /** Drops whatever is known of offsets, without calling them finished. */
  void forget(OffsetRanges offsets) {
    leased.removeAll(offsets);
    suspects.removeAll(offsets);
    if (!failures.isEmpty()) {
      for (int i = 0; i < offsets.rangeCount(); i++) {
        failures.subMap(offsets.from(i), offsets.to(i)).clear();
      }
    }
  }

  void release(OffsetRanges offsets) {
    leased.removeAll(offsets);
  }

  void fail(long offset, int count) {
    leased.remove(offset, offset + 1);
    suspects.remove(offset, offset + 1);
    failures.put(offset, count);
  }

  void suspect(OffsetRanges offsets) {
    suspects.addAll(offsets);
  }

  /** The process that leased out has ended. */
  void endLeases() {
    suspects.addAll(leased);
    leased.clear();
  }

  /** Counts a failure of the only record that was leased when a process ended. */
  void blame(long offset) {
    failures.merge(offset, 1, Integer::sum);
  }

  /** Moves the floor over what is done, and drops what lies below it. */
  private void settle() {
    floor = done.firstMissing(floor);
    done.remove(0, floor);
    leased.remove(0, floor);
    suspects.remove(0, floor);
    if (!failures.isEmpty()) {
      failures.headMap(floor).clear();
    }
  }

  /** Adds the events that make this progress of an empty one. */
  void describe(int topic, int partition, List<Event> events) {
    events.add(new PartitionEvent.Moved(topic, partition, floor));
    done.parts().forEach(part -> events.add(new PartitionEvent.Finished(topic, partition, part)));
    failures.forEach(
        (offset, count) -> events.add(new PartitionEvent.Failed(topic, partition, offset, count)));
    suspects
        .parts()
        .forEach(part -> events.add(new PartitionEvent.Suspected(topic, partition, part)));
    leased.parts().forEach(part -> events.add(new PartitionEvent.Leased(topic, partition, part)));
  }
}
