package io.sawlog.groups;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a group knows: the fold over its events. Changed by {@link Event#applyTo} only.
 *
 * <p>Not thread-safe.
 */
final class GroupState {
  private static final UUID NO_ID = new UUID(0, 0);

  private @Nullable GroupOptions options;
  private long epoch;
  private boolean paused;
  private long nextLetter;
  private long nextRedrive;
  private final OffsetRanges redriven = new OffsetRanges();
  private final List<TopicProgress> topics = new ArrayList<>();

  GroupState() {
    topics.add(new TopicProgress("dead-letters", NO_ID));
    progressOf(Event.DEAD_LETTERS, 0);
  }

  /**
   * A topic of the group.
   *
   * @param name its name
   * @param id its identity; a topic of the same name may have had another one
   * @param partitions the progress in those partitions where there is any
   */
  record TopicProgress(String name, UUID id, SortedMap<Integer, Progress> partitions) {
    TopicProgress(String name, UUID id) {
      this(name, id, new TreeMap<>());
    }
  }

  /** What the group is; null before it was created. */
  @Nullable GroupOptions options() {
    return options;
  }

  long epoch() {
    return epoch;
  }

  boolean isPaused() {
    return paused;
  }

  /** The offset behind the last dead letter that the group knows. */
  long nextLetter() {
    return nextLetter;
  }

  /** The offset behind the last dead letter that was ever redriven. */
  long nextRedrive() {
    return nextRedrive;
  }

  /** The dead letters that are to be handled once more, and are not finished. */
  OffsetRanges redriven() {
    return redriven;
  }

  /** All topics the group ever had, by number; the first are its dead letters. */
  List<TopicProgress> topics() {
    return topics;
  }

  /** The events that make a copy with this progress, in which nobody has anything. */
  List<Event> eventsOfACopy() {
    List<Event> copied = new ArrayList<>();
    for (Event event : events()) {
      boolean ofProgress =
          event instanceof Event.Created
              || event instanceof Event.TopicAdded
              || (event instanceof PartitionEvent.Moved moved
                  && moved.topic() != Event.DEAD_LETTERS)
              || (event instanceof PartitionEvent.Finished done
                  && done.topic() != Event.DEAD_LETTERS)
              || (event instanceof PartitionEvent.Failed failed
                  && failed.topic() != Event.DEAD_LETTERS);
      if (ofProgress) {
        copied.add(event);
      }
    }
    return copied;
  }

  /** The number of a topic; -1 if the group does not know it. */
  int numberOf(UUID topicId) {
    for (int number = topics.size() - 1; number > 0; number--) {
      if (topics.get(number).id().equals(topicId)) {
        return number;
      }
    }
    return -1;
  }

  /** The progress in a partition; null if there is none. */
  @Nullable Progress progress(int topic, int partition) {
    return topic < 0 ? null : topics.get(topic).partitions().get(partition);
  }

  /** The progress in a partition, begun at 0 if there was none. */
  Progress progressOf(int topic, int partition) {
    SortedMap<Integer, Progress> partitions = topics.get(topic).partitions();
    Progress known = partitions.get(partition);
    if (known == null) {
      known = new Progress();
      partitions.put(partition, known);
    }
    return known;
  }

  void create(GroupOptions newOptions) {
    options = newOptions;
  }

  void pause(boolean nowPaused) {
    paused = nowPaused;
  }

  /** Ends all leases. If there was one record only, that is to blame for the end of the process. */
  void open(long newEpoch) {
    epoch = newEpoch;
    long count = 0;
    for (TopicProgress topic : topics) {
      for (Progress progress : topic.partitions().values()) {
        count += progress.leased().count();
      }
    }
    for (TopicProgress topic : topics) {
      for (Progress progress : topic.partitions().values()) {
        if (count == 1 && !progress.leased().isEmpty()) {
          progress.blame(progress.leased().first());
        }
        progress.endLeases();
      }
    }
  }

  void addTopic(int number, String name, UUID id) {
    if (number != topics.size()) {
      throw new IllegalArgumentException("topic " + number + " after " + (topics.size() - 1));
    }
    topics.add(new TopicProgress(name, id));
  }

  /** The number stays taken, by a topic that does not exist. */
  void forgetTopic(int number) {
    checkIsNoLetter(number);
    topics.set(number, new TopicProgress(topics.get(number).name(), NO_ID));
  }

  void forgetPartition(int topic, int partition) {
    checkIsNoLetter(topic);
    topics.get(topic).partitions().remove(partition);
  }

  private static void checkIsNoLetter(int topic) {
    if (topic == Event.DEAD_LETTERS) {
      throw new IllegalArgumentException("dead letters are not forgotten");
    }
  }

  void finish(int topic, int partition, OffsetRanges offsets) {
    Progress progress = progressOf(topic, partition);
    if (topic == Event.DEAD_LETTERS) {
      progress.forget(offsets);
      redriven.removeAll(offsets);
    } else {
      progress.finish(offsets);
    }
  }

  void bury(int topic, int partition, long offset, long letter) {
    finish(topic, partition, OffsetRanges.of(offset, offset + 1));
    nextLetter = Math.max(nextLetter, letter + 1);
  }

  void countLetters(long letter, long redrive) {
    nextLetter = letter;
    nextRedrive = redrive;
  }

  void redrive(OffsetRanges letters) {
    redriven.addAll(letters);
    nextRedrive = Math.max(nextRedrive, letters.end());
  }

  /** The events that make this state of an empty one; equal states give equal events. */
  List<Event> events() {
    List<Event> events = new ArrayList<>();
    if (options != null) {
      events.add(new Event.Created(options));
    }
    events.add(new Event.Opened(epoch));
    events.add(new Event.Paused(paused));
    redriven.parts().forEach(part -> events.add(new Event.Redriven(part)));
    events.add(new Event.DeadCounted(nextLetter, nextRedrive));
    for (int number = 0; number < topics.size(); number++) {
      TopicProgress topic = topics.get(number);
      if (number != Event.DEAD_LETTERS) {
        events.add(new Event.TopicAdded(number, topic.name(), topic.id()));
      }
      for (var partition : topic.partitions().entrySet()) {
        partition.getValue().describe(number, partition.getKey(), events);
      }
    }
    return events;
  }
}
