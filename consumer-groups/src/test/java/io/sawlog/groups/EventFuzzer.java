package io.sawlog.groups;

import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** The steps of a side log, fed with anything: for a fuzzer, or for chance. */
final class EventFuzzer {
  private EventFuzzer() {}

  /** Takes steps, each behind a byte with its length. */
  public static void fuzzerTestOneInput(byte[] data) {
    Fold fold = new Fold("g");
    UnsafeBuffer bytes = new UnsafeBuffer(data);
    try {
      int at = 0;
      for (int step = 0; at < data.length; step++) {
        int length = Math.min(data[at] & 0xFF, data.length - at - 1);
        fold.step(bytes, at + 1, length, step);
        at += 1 + length;
      }
    } catch (GroupMismatchException e) {
      return;
    }
    mustBeRebuiltFromASnapshot(fold.state());
  }

  private static void mustBeRebuiltFromASnapshot(GroupState state) {
    List<Event> events = state.events();
    StepWriter out = new StepWriter();
    out.number(Fold.CHANGE);
    events.forEach(event -> event.writeTo(out));
    Fold again = new Fold("g");
    again.step(out.buffer(), 0, out.length(), 0);
    if (!events.equals(again.state().events())) {
      throw new AssertionError(events + " became " + again.state().events());
    }
  }

  static byte[] example() {
    List<Event> events =
        List.of(
            Events.beginning().get(0),
            new Event.Opened(3),
            new PartitionEvent.Leased(1, 0, OffsetRanges.of(5, 9)),
            new PartitionEvent.Finished(1, 0, OffsetRanges.of(5, 7)),
            new PartitionEvent.Failed(1, 0, 7, 2),
            new PartitionEvent.DeadLettered(1, 0, 8, 0),
            new Event.Redriven(OffsetRanges.of(0, 1)));
    UnsafeBuffer bytes = new UnsafeBuffer(new byte[512]);
    int at = 0;
    for (Event event : events) {
      StepWriter step = new StepWriter();
      step.number(Fold.CHANGE);
      event.writeTo(step);
      bytes.putByte(at, (byte) step.length());
      bytes.putBytes(at + 1, step.buffer(), 0, step.length());
      at += 1 + step.length();
    }
    byte[] example = new byte[at];
    bytes.getBytes(0, example);
    return example;
  }
}
