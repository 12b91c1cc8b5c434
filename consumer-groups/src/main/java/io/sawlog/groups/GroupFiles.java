package io.sawlog.groups;

import io.sawlog.log.Partition;

/** What a group keeps outside memory. */
interface GroupFiles extends SideLog, AutoCloseable {
  /** The log of its dead letters. */
  Partition deadLetters();

  @Override
  void close();
}
