package io.sawlog.groups;

/**
 * Events of JDK Flight Recorder about groups, where the JVM has them: a runtime made with jlink may
 * lack the module, and then no class of an event may be touched. All of them are rare.
 */
final class GroupEvents {
  private static final boolean PRESENT = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private GroupEvents() {}

  /** A record was put among the dead letters. */
  static void deadLetter(
      String group,
      String topic,
      int partition,
      long offset,
      long letter,
      int attempts,
      String reason) {
    if (PRESENT) {
      DeadLetterEvent event = new DeadLetterEvent();
      event.group = group;
      event.topic = topic;
      event.partition = partition;
      event.offset = offset;
      event.letter = letter;
      event.attempts = attempts;
      event.reason = reason;
      event.commit();
    }
  }

  /** A record holds the window of a partition. */
  static void windowFull(String group, TopicPartition partition, long offset, int window) {
    stall(group, "WINDOW_FULL", partition, offset, window + " records above it are under way");
  }

  /** The breaker of a group has opened. */
  static void everythingFails(String group, TopicPartition partition, long offset, String why) {
    stall(group, "EVERYTHING_FAILS", partition, offset, why);
  }

  /** A member was expelled because it does not poll. */
  static void memberSilent(String group, String member) {
    if (PRESENT) {
      GroupStallEvent event = new GroupStallEvent();
      event.group = group;
      event.cause = "MEMBER_SILENT";
      event.detail = member;
      event.commit();
    }
  }

  private static void stall(
      String group, String cause, TopicPartition partition, long offset, String detail) {
    if (PRESENT) {
      GroupStallEvent event = new GroupStallEvent();
      event.group = group;
      event.cause = cause;
      event.topic = partition.topic();
      event.partition = partition.partition();
      event.offset = offset;
      event.detail = detail;
      event.commit();
    }
  }
}
