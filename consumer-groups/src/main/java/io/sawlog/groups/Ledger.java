package io.sawlog.groups;

import io.sawlog.log.LogException;
import java.util.List;

/**
 * The state of a group and the side log behind it: what is recorded is first appended, then
 * applied, so that the order of the log is the order of the decisions, and an append that fails
 * changes nothing. Now and then the whole state is written down, and what precedes it let go.
 *
 * <p>Used under the group's lock.
 */
final class Ledger {
  private static final System.Logger LOGGER = System.getLogger("io.sawlog");
  private static final int PART_BYTES = 64 << 10;

  /** About what a frame adds to a step. */
  private static final int STEP_OVERHEAD_BYTES = 40;

  private static final long SNAPSHOT_EVERY_BYTES = 6 << 20;

  private final SideLog log;
  private final GroupState state;
  private final StepWriter step = new StepWriter();
  private long bytesSinceSnapshot;
  private long snapshotBytes;

  private Ledger(SideLog log, GroupState state) {
    this.log = log;
    this.state = state;
  }

  /** Replays a side log. */
  static Ledger open(String group, SideLog log) {
    Fold fold = new Fold(group);
    long[] bytes = new long[1];
    log.replay(
        (buffer, position, length, offset) -> {
          fold.step(buffer, position, length, offset);
          bytes[0] += length + STEP_OVERHEAD_BYTES;
        });
    Ledger ledger = new Ledger(log, fold.state());
    ledger.bytesSinceSnapshot = bytes[0];
    return ledger;
  }

  GroupState state() {
    return state;
  }

  /** Records one event. */
  void record(Event event, boolean synced) {
    begin(Fold.CHANGE);
    event.writeTo(step);
    append(synced);
    event.applyTo(state);
    snapshotIfDue();
  }

  /** Records events: all of them, or none. */
  void record(List<? extends Event> events, boolean synced) {
    if (events.isEmpty()) {
      return;
    }
    begin(Fold.CHANGE);
    for (int i = 0; i < events.size(); i++) {
      events.get(i).writeTo(step);
    }
    append(synced);
    for (int i = 0; i < events.size(); i++) {
      events.get(i).applyTo(state);
    }
    snapshotIfDue();
  }

  private void begin(int kind) {
    step.clear();
    step.number(kind);
  }

  private long append(boolean synced) {
    long offset = log.append(step.buffer(), step.length(), synced);
    bytesSinceSnapshot += step.length() + STEP_OVERHEAD_BYTES;
    return offset;
  }

  private void snapshotIfDue() {
    if (bytesSinceSnapshot < Math.max(SNAPSHOT_EVERY_BYTES, 4 * snapshotBytes)) {
      return;
    }
    try {
      snapshot();
    } catch (LogException e) {
      // what was recorded is recorded; a log that can take no more says so to whoever records next
      LOGGER.log(System.Logger.Level.WARNING, "a snapshot of a side log failed", e);
      bytesSinceSnapshot = 0;
    }
  }

  /** Writes the whole state down, makes it durable, and lets go of what precedes it. */
  void snapshot() {
    bytesSinceSnapshot = 0;
    begin(Fold.SNAPSHOT_BEGIN);
    long first = append(false);
    begin(Fold.SNAPSHOT_PART);
    for (Event event : state.events()) {
      event.writeTo(step);
      if (step.length() >= PART_BYTES) {
        append(false);
        begin(Fold.SNAPSHOT_PART);
      }
    }
    append(false);
    begin(Fold.SNAPSHOT_END);
    append(false);
    snapshotBytes = bytesSinceSnapshot;
    bytesSinceSnapshot = 0;
    log.releaseBefore(first);
  }
}
