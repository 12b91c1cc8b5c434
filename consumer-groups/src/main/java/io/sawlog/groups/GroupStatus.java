package io.sawlog.groups;

/** What a group is doing. */
public enum GroupStatus {
  /** A process hosts it. */
  HOSTED,
  /** Nobody hosts it: nothing is read, nothing is lost. */
  IDLE,
  /** It gives out nothing until it is resumed, hosted or not. */
  PAUSED
}
