package io.sawlog.groups;

import org.agrona.DirectBuffer;

/** The log behind the state of a group: one record for each step. Used under the group's lock. */
interface SideLog {
  /** Receives steps. */
  interface Steps {
    /** Takes one, whose bytes are valid during this call only. */
    void step(DirectBuffer buffer, int position, int length, long offset);
  }

  /**
   * Appends a step.
   *
   * @param synced whether it has to survive the loss of power before this returns
   * @return its offset
   */
  long append(DirectBuffer buffer, int length, boolean synced);

  /** Shows all steps that there are, from the oldest on. */
  void replay(Steps steps);

  /** Makes all steps durable, and then lets go of those below an offset. */
  void releaseBefore(long offset);
}
