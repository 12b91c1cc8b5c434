package io.sawlog.groups;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/**
 * Puts the records of a group's side log in words, one after the other, for tools that look at the
 * files of a group, be they damaged or a part of them only: nothing is folded, so nothing has to be
 * complete. It remembers the names of the topics; one that no record has told yet is called by its
 * number in the group.
 *
 * <p>For one thread.
 */
public final class SideLogReader {
  /** The name of the topic that is the side log, in the store of a group. */
  public static final String TOPIC = "state";

  private final Map<Integer, String> topics =
      new HashMap<>(Map.of(Event.DEAD_LETTERS, "dead-letters"));

  /** What a record of a side log is. */
  public enum Kind {
    /** Events that happened. */
    CHANGE,
    /** A snapshot of all that the group knows begins. */
    SNAPSHOT_BEGIN,
    /** A part of the snapshot, as the events that would have led to it. */
    SNAPSHOT_PART,
    /** The snapshot is whole, and counts from now on. */
    SNAPSHOT_END
  }

  /**
   * What a record of a side log says.
   *
   * @param kind what it is
   * @param events its events in words for people, in order; none at both ends of a snapshot
   */
  public record Step(Kind kind, List<String> events) {
    /** Copies the list. */
    public Step {
      events = List.copyOf(events);
    }
  }

  /** Begins anywhere in a side log. */
  public SideLogReader() {}

  /**
   * Reads the value of a record.
   *
   * @param buffer holds the value, and is read during this call only
   * @param offset where the value begins, in bytes
   * @param length of the value, in bytes
   * @return what it says
   * @throws IllegalArgumentException if it is no record of a side log that this version knows; the
   *     reader can go on with others
   */
  public Step read(DirectBuffer buffer, int offset, int length) {
    StepReader in = new StepReader(buffer, offset, length);
    Kind kind = kind(in.smallNumber());
    List<String> events = new ArrayList<>();
    while (in.hasNext()) {
      Event event = Event.read(in);
      if (event instanceof Event.TopicAdded added) {
        topics.put(added.topic(), added.name());
      }
      events.add(event.inWords(this::topic));
    }
    return new Step(kind, events);
  }

  private static Kind kind(int number) {
    return switch (number) {
      case Fold.CHANGE -> Kind.CHANGE;
      case Fold.SNAPSHOT_BEGIN -> Kind.SNAPSHOT_BEGIN;
      case Fold.SNAPSHOT_PART -> Kind.SNAPSHOT_PART;
      case Fold.SNAPSHOT_END -> Kind.SNAPSHOT_END;
      default -> throw new IllegalArgumentException("a step of kind " + number);
    };
  }

  private String topic(int number) {
    return topics.getOrDefault(number, "topic " + number);
  }
}
