package io.sawlog.groups;

import java.util.function.IntFunction;

/** A change of what a group knows about the records of one partition: its {@link Progress}. */
sealed interface PartitionEvent extends Event {
  /** The number of the topic. */
  int topic();

  /** The partition. */
  int partition();

  /** Says in words what has happened in the partition. */
  String what();

  @Override
  default String inWords(IntFunction<String> topics) {
    return topics.apply(topic()) + "-" + partition() + " " + what();
  }

  /**
   * Reads what follows the type of an event.
   *
   * @throws IllegalArgumentException if this version does not know it
   */
  static PartitionEvent read(int type, StepReader in) {
    return switch (type) {
      case Moved.TYPE -> new Moved(in.smallNumber(), in.smallNumber(), in.number());
      case Committed.TYPE -> new Committed(in.smallNumber(), in.smallNumber(), in.number());
      case Leased.TYPE -> new Leased(in.smallNumber(), in.smallNumber(), in.ranges());
      case Finished.TYPE -> new Finished(in.smallNumber(), in.smallNumber(), in.ranges());
      case Released.TYPE -> new Released(in.smallNumber(), in.smallNumber(), in.ranges());
      case Failed.TYPE ->
          new Failed(in.smallNumber(), in.smallNumber(), in.number(), in.smallNumber());
      case Suspected.TYPE -> new Suspected(in.smallNumber(), in.smallNumber(), in.ranges());
      case DeadLettered.TYPE ->
          new DeadLettered(in.smallNumber(), in.smallNumber(), in.number(), in.number());
      default -> throw new IllegalArgumentException("an event of type " + type);
    };
  }

  /**
   * The group goes on elsewhere, and forgets what it knew about the records of the partition.
   *
   * @param topic the number of the topic
   * @param partition the partition
   * @param offset the next offset to read
   */
  record Moved(int topic, int partition, long offset) implements PartitionEvent {
    static final int TYPE = 5;

    @Override
    public void writeTo(StepWriter out) {
      out.ofPartition(TYPE, topic, partition);
      out.number(offset);
    }

    @Override
    public void applyTo(GroupState state) {
      state.progressOf(topic, partition).moveTo(offset);
    }

    @Override
    public String what() {
      return "moved: goes on at " + offset;
    }
  }

  /**
   * A member has committed.
   *
   * @param topic the number of the topic
   * @param partition the partition
   * @param offset the next offset to read
   */
  record Committed(int topic, int partition, long offset) implements PartitionEvent {
    static final int TYPE = 6;

    @Override
    public void writeTo(StepWriter out) {
      out.ofPartition(TYPE, topic, partition);
      out.number(offset);
    }

    @Override
    public void applyTo(GroupState state) {
      state.progressOf(topic, partition).commit(offset);
    }

    @Override
    public String what() {
      return "committed: goes on at " + offset;
    }
  }

  /**
   * A worker has records.
   *
   * @param topic the number of the topic
   * @param partition the partition
   * @param offsets which
   */
  record Leased(int topic, int partition, OffsetRanges offsets) implements PartitionEvent {
    static final int TYPE = 8;

    @Override
    public void writeTo(StepWriter out) {
      out.ofPartition(TYPE, topic, partition);
      out.ranges(offsets);
    }

    @Override
    public void applyTo(GroupState state) {
      state.progressOf(topic, partition).lease(offsets);
    }

    @Override
    public String what() {
      return "leased " + offsets;
    }
  }

  /**
   * Offsets need no more work: acknowledged, or without a record.
   *
   * @param topic the number of the topic
   * @param partition the partition
   * @param offsets which
   */
  record Finished(int topic, int partition, OffsetRanges offsets) implements PartitionEvent {
    static final int TYPE = 9;

    @Override
    public void writeTo(StepWriter out) {
      out.ofPartition(TYPE, topic, partition);
      out.ranges(offsets);
    }

    @Override
    public void applyTo(GroupState state) {
      state.finish(topic, partition, offsets);
    }

    @Override
    public String what() {
      return "finished " + offsets;
    }
  }

  /**
   * Records were given back, without anything having failed.
   *
   * @param topic the number of the topic
   * @param partition the partition
   * @param offsets which
   */
  record Released(int topic, int partition, OffsetRanges offsets) implements PartitionEvent {
    static final int TYPE = 10;

    @Override
    public void writeTo(StepWriter out) {
      out.ofPartition(TYPE, topic, partition);
      out.ranges(offsets);
    }

    @Override
    public void applyTo(GroupState state) {
      state.progressOf(topic, partition).release(offsets);
    }

    @Override
    public String what() {
      return "given back " + offsets;
    }
  }

  /**
   * A record has failed.
   *
   * @param topic the number of the topic
   * @param partition the partition
   * @param offset which record
   * @param failures how often by now
   */
  record Failed(int topic, int partition, long offset, int failures) implements PartitionEvent {
    static final int TYPE = 11;

    @Override
    public void writeTo(StepWriter out) {
      out.ofPartition(TYPE, topic, partition);
      out.number(offset);
      out.number(failures);
    }

    @Override
    public void applyTo(GroupState state) {
      state.progressOf(topic, partition).fail(offset, failures);
    }

    @Override
    public String what() {
      return "failed " + offset + ", attempts so far " + failures;
    }
  }

  /**
   * Records were leased when a process ended; in snapshots only.
   *
   * @param topic the number of the topic
   * @param partition the partition
   * @param offsets which
   */
  record Suspected(int topic, int partition, OffsetRanges offsets) implements PartitionEvent {
    static final int TYPE = 12;

    @Override
    public void writeTo(StepWriter out) {
      out.ofPartition(TYPE, topic, partition);
      out.ranges(offsets);
    }

    @Override
    public void applyTo(GroupState state) {
      state.progressOf(topic, partition).suspect(offsets);
    }

    @Override
    public String what() {
      return "suspected, leased when a process ended, " + offsets;
    }
  }

  /**
   * A record is among the dead letters, where it was made durable before this was written.
   *
   * @param topic the number of the topic
   * @param partition the partition
   * @param offset which record
   * @param letter its offset among the dead letters
   */
  record DeadLettered(int topic, int partition, long offset, long letter)
      implements PartitionEvent {
    static final int TYPE = 13;

    @Override
    public void writeTo(StepWriter out) {
      out.ofPartition(TYPE, topic, partition);
      out.number(offset);
      out.number(letter);
    }

    @Override
    public void applyTo(GroupState state) {
      state.bury(topic, partition, offset, letter);
    }

    @Override
    public String what() {
      return "given up " + offset + ", dead letter " + letter;
    }
  }
}
