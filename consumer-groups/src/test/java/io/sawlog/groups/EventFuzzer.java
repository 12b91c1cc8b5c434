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
}
