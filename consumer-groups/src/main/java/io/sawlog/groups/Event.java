package io.sawlog.groups;

import java.util.UUID;
import java.util.function.IntFunction;

/**
 * One change of a group, as its side log keeps it. The state of a group is the fold over its events
 * and nothing else, so replaying them is recovery.
 *
 * <p>A topic is named by its number in the group; the number 0 is the group's own dead letters.
 */
sealed interface Event
    permits PartitionEvent,
        Event.Created,
        Event.Opened,
        Event.Paused,
        Event.TopicAdded,
        Event.DeadCounted,
        Event.Redriven,
        Event.TopicForgotten,
        Event.PartitionForgotten {
  /** The topic number of the group's own dead letters. */
  int DEAD_LETTERS = 0;

  /** Writes the event: its type, then its fields. */
  void writeTo(StepWriter out);

  /** Changes the state as the event says. */
  void applyTo(GroupState state);

  /**
   * Says in words what has changed.
   *
   * @param topics gives the name of a topic for its number
   */
  String inWords(IntFunction<String> topics);

  /**
   * Reads an event.
   *
   * @throws IllegalArgumentException if this version does not know it
   */
  static Event read(StepReader in) {
    int type = in.smallNumber();
    return switch (type) {
      case Created.TYPE -> new Created(in.smallNumber(), GroupOptions.read(in));
      case Opened.TYPE -> new Opened(in.number());
      case Paused.TYPE -> new Paused(in.flag());
      case TopicAdded.TYPE -> new TopicAdded(in.smallNumber(), in.text(), in.id());
      case DeadCounted.TYPE -> new DeadCounted(in.number(), in.number());
      case Redriven.TYPE -> new Redriven(in.ranges());
      case TopicForgotten.TYPE -> new TopicForgotten(in.smallNumber());
      case PartitionForgotten.TYPE -> new PartitionForgotten(in.smallNumber(), in.smallNumber());
      default -> PartitionEvent.read(type, in);
    };
  }

  /**
   * The group exists.
   *
   * @param version of the format of the events that follow
   * @param options what the group is
   */
  record Created(int version, GroupOptions options) implements Event {
    static final int TYPE = 1;

    /** The version that this code writes, and the highest that it reads. */
    static final int VERSION = 1;

    Created(GroupOptions options) {
      this(VERSION, options);
    }

    @Override
    public void writeTo(StepWriter out) {
      out.number(TYPE);
      out.number(version);
      options.writeTo(out);
    }

    @Override
    public void applyTo(GroupState state) {
      if (version > VERSION) {
        throw new IllegalArgumentException("events of version " + version);
      }
      state.create(options);
    }

    @Override
    public String inWords(IntFunction<String> topics) {
      return "created as " + options.inWords();
    }
  }

  /**
   * A process has begun to host the group, which ends all leases.
   *
   * @param epoch counts these beginnings
   */
  record Opened(long epoch) implements Event {
    static final int TYPE = 2;

    @Override
    public void writeTo(StepWriter out) {
      out.number(TYPE);
      out.number(epoch);
    }

    @Override
    public void applyTo(GroupState state) {
      state.open(epoch);
    }

    @Override
    public String inWords(IntFunction<String> topics) {
      return "opened for hosting, epoch " + epoch + ": leases end";
    }
  }

  /**
   * The group gives out records, or does not.
   *
   * @param paused whether it rests
   */
  record Paused(boolean paused) implements Event {
    static final int TYPE = 3;

    @Override
    public void writeTo(StepWriter out) {
      out.number(TYPE);
      out.flag(paused);
    }

    @Override
    public void applyTo(GroupState state) {
      state.pause(paused);
    }

    @Override
    public String inWords(IntFunction<String> topics) {
      return paused ? "paused" : "not paused";
    }
  }

  /**
   * A topic has a number from now on.
   *
   * @param topic its number, one more than that of the last topic
   * @param name its name
   * @param id its identity
   */
  record TopicAdded(int topic, String name, UUID id) implements Event {
    static final int TYPE = 4;

    @Override
    public void writeTo(StepWriter out) {
      out.number(TYPE);
      out.number(topic);
      out.text(name);
      out.id(id);
    }

    @Override
    public void applyTo(GroupState state) {
      state.addTopic(topic, name, id);
    }

    @Override
    public String inWords(IntFunction<String> topics) {
      return "topic " + topic + " is " + name + ", id " + id;
    }
  }

  /**
   * All dead letters below an offset are known.
   *
   * @param nextLetter the offset
   * @param nextRedrive the offset behind the last dead letter that was ever redriven
   */
  record DeadCounted(long nextLetter, long nextRedrive) implements Event {
    static final int TYPE = 14;

    @Override
    public void writeTo(StepWriter out) {
      out.number(TYPE);
      out.number(nextLetter);
      out.number(nextRedrive);
    }

    @Override
    public void applyTo(GroupState state) {
      state.countLetters(nextLetter, nextRedrive);
    }

    @Override
    public String inWords(IntFunction<String> topics) {
      return "dead letters known below " + nextLetter + ", redriven below " + nextRedrive;
    }
  }

  /**
   * Dead letters are to be handled once more.
   *
   * @param letters their offsets
   */
  record Redriven(OffsetRanges letters) implements Event {
    static final int TYPE = 15;

    @Override
    public void writeTo(StepWriter out) {
      out.number(TYPE);
      out.ranges(letters);
    }

    @Override
    public void applyTo(GroupState state) {
      state.redrive(letters);
    }

    @Override
    public String inWords(IntFunction<String> topics) {
      return "dead letters redriven: " + (letters.isEmpty() ? "none" : letters);
    }
  }

  /**
   * The group has never read a topic.
   *
   * @param topic its number, which no other topic gets
   */
  record TopicForgotten(int topic) implements Event {
    static final int TYPE = 16;

    @Override
    public void writeTo(StepWriter out) {
      out.number(TYPE);
      out.number(topic);
    }

    @Override
    public void applyTo(GroupState state) {
      state.forgetTopic(topic);
    }

    @Override
    public String inWords(IntFunction<String> topics) {
      return "forgotten where it was in " + topics.apply(topic);
    }
  }

  /**
   * The group has never read a partition of a topic that it reads.
   *
   * @param topic the number of the topic
   * @param partition the partition
   */
  record PartitionForgotten(int topic, int partition) implements Event {
    static final int TYPE = 17;

    @Override
    public void writeTo(StepWriter out) {
      out.ofPartition(TYPE, topic, partition);
    }

    @Override
    public void applyTo(GroupState state) {
      state.forgetPartition(topic, partition);
    }

    @Override
    public String inWords(IntFunction<String> topics) {
      return "forgotten where it was in " + topics.apply(topic) + "-" + partition;
    }
  }
}
