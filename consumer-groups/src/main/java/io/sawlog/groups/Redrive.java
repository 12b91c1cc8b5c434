package io.sawlog.groups;

import io.sawlog.log.Batch;
import io.sawlog.log.Header;
import io.sawlog.log.Message;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Gives the dead letters of a group another chance; under its lock. */
final class Redrive {
  private final GroupHost host;

  Redrive(GroupHost host) {
    this.host = host;
  }

  /** The dead letters from one on. */
  static List<DeadLetter> letters(Partition letters, long from) {
    List<DeadLetter> found = new ArrayList<>();
    long first = Math.max(from, letters.logStartOffset());
    for (Message message : letters.read(Position.atOffset(first))) {
      found.add(DeadLetters.read(message));
    }
    return List.copyOf(found);
  }

  /** Gives letters to the workers; returns how many. */
  long toWorkers(long from, long to) {
    if (host.options().type() != GroupType.SHARED) {
      throw new GroupMismatchException(
          "group '"
              + host.name()
              + "' is a partition group, which has no workers that dead letters could be given to:"
              + " redrive them to the topic");
    }
    long start = Math.max(from, host.letters().logStartOffset());
    long end = Math.min(to, host.letters().logEndOffset());
    if (start >= end) {
      return 0;
    }
    long count = host.letters().recordsFrom(start) - host.letters().recordsFrom(end);
    host.record(new Event.Redriven(OffsetRanges.of(start, end)));
    return count;
  }

  /** Appends letters to their topics; returns how many. */
  long toTopics(long from, long to) {
    if (host.log().isReadOnly()) {
      throw new TopicsNotWritableException(
          "group '"
              + host.name()
              + "': only the process that writes the topics can append dead letters to them, and "
              + host.log().directory()
              + " is open read-only here, written by "
              + host.log().writer().orElse("nobody")
              + ": open it for writing, or redrive to the workers");
    }
    List<DeadLetter> letters =
        letters(host.letters(), from).stream().filter(letter -> letter.letter() < to).toList();
    Map<String, Topic> topics = new TreeMap<>();
    for (DeadLetter letter : letters) {
      topics.computeIfAbsent(letter.topic(), this::topic);
    }
    letters.forEach(letter -> append(topics, letter));
    topics.values().forEach(Topic::flush);
    if (!letters.isEmpty()) {
      long behind = letters.get(letters.size() - 1).letter() + 1;
      host.record(
          new Event.DeadCounted(
              host.state().nextLetter(), Math.max(host.state().nextRedrive(), behind)));
    }
    return letters.size();
  }

  private Topic topic(String name) {
    Topic topic = Topics.find(host.log(), name);
    if (topic == null) {
      throw new UnknownPartitionException(
          "group '"
              + host.name()
              + "': topic '"
              + name
              + "', which dead letters come from, does not exist any more: create it, or redrive"
              + " them to the workers");
    }
    return topic;
  }

  private static void append(Map<String, Topic> topics, DeadLetter letter) {
    Topic topic = Objects.requireNonNull(topics.get(letter.topic()));
    Message message = letter.message();
    List<Header> headers = DeadLetters.withoutOwn(message);
    Batch batch = new Batch();
    if (message.eventTime().isPresent()) {
      batch.add(message.key(), message.value(), message.eventTime().getAsLong(), headers);
    } else {
      batch.add(message.key(), message.value(), headers);
    }
    byte[] key = message.key();
    if (key == null) {
      topic.append(batch);
    } else {
      topic.partition(topic.partitionFor(key)).append(batch);
    }
  }
}
