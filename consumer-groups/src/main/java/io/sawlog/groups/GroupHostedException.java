package io.sawlog.groups;

import io.sawlog.log.GroupException;

/** Another process, or another open store of this one, hosts the group. The message names it. */
public final class GroupHostedException extends GroupException {
  private static final long serialVersionUID = 1L;

  GroupHostedException(String message) {
    super(message);
  }

  GroupHostedException(String message, Throwable cause) {
    super(message, cause);
  }
}
