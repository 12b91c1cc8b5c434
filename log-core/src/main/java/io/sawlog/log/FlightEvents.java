package io.sawlog.log;

/**
 * Events of JDK Flight Recorder, where the JVM has them: a runtime made with jlink may lack the
 * module. Only then may a class of an event be touched, and only in places that take microseconds
 * anyway: an append that finds room makes none.
 */
final class FlightEvents {
  static final boolean PRESENT = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private FlightEvents() {}

  /** There was no room for a segment: for an append, or ahead of its use (then 0 bytes). */
  static void diskFull(PartitionPlace place, boolean appendRefused, int frameBytes) {
    if (PRESENT) {
      DiskFullEvent event = new DiskFullEvent();
      event.directory = place.directory().toString();
      event.appendRefused = appendRefused;
      event.frameBytes = frameBytes;
      event.commitFor(place);
    }
  }

  /** A partition has stopped. */
  static void failed(PartitionPlace place, long durableOffset, LogException reason) {
    if (PRESENT) {
      PartitionFailedEvent event = new PartitionFailedEvent();
      event.durableOffset = durableOffset;
      event.reason = String.valueOf(reason.getMessage());
      event.commitFor(place);
    }
  }
}
