package io.sawlog.groups;

/** The two kinds of group. */
public enum GroupType {
  /** Each partition belongs to one member; positions are committed. */
  PARTITION,
  /** All workers share all partitions; each record is leased to one worker and answered. */
  SHARED
}
