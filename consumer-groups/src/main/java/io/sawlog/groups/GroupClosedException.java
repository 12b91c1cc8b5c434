package io.sawlog.groups;

import io.sawlog.log.GroupException;

/** A member, a worker or a group was used after it was closed. */
public final class GroupClosedException extends GroupException {
  private static final long serialVersionUID = 1L;

  GroupClosedException(String message) {
    super(message);
  }
}
