package io.sawlog.groups;

import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Folds the steps of a side log, in order. A snapshot counts from its last part on: one that was
 * not finished, because its process ended, is as if it had never been begun.
 */
final class Fold implements SideLog.Steps {
  /** What the first number of a step says. */
  static final int CHANGE = 0;

  static final int SNAPSHOT_BEGIN = 1;
  static final int SNAPSHOT_PART = 2;
  static final int SNAPSHOT_END = 3;

  private final String group;
  private GroupState state = new GroupState();
  private @Nullable GroupState snapshot;

  /** Names the group in what is thrown. */
  Fold(String group) {
    this.group = group;
  }

  GroupState state() {
    return state;
  }

  /**
   * Takes a step.
   *
   * @throws GroupMismatchException if a newer version wrote it
   */
  @Override
  public void step(DirectBuffer buffer, int position, int length, long offset) {
    try {
      StepReader in = new StepReader(buffer, position, length);
      int kind = in.smallNumber();
      switch (kind) {
        case CHANGE -> {
          snapshot = null;
          apply(in, state);
        }
        case SNAPSHOT_BEGIN -> snapshot = new GroupState();
        case SNAPSHOT_PART -> {
          if (snapshot != null) {
            apply(in, snapshot);
          }
        }
        case SNAPSHOT_END -> {
          if (snapshot != null) {
            state = snapshot;
            snapshot = null;
          }
        }
        default -> throw new IllegalArgumentException("a step of kind " + kind);
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new GroupMismatchException(
          "group '"
              + group
              + "': step "
              + offset
              + " of its side log was written by a newer version of Sawlog ("
              + e.getMessage()
              + "): open the group with that version",
          e);
    }
  }

  private static void apply(StepReader in, GroupState target) {
    while (in.hasNext()) {
      Event.read(in).applyTo(target);
    }
  }
}
