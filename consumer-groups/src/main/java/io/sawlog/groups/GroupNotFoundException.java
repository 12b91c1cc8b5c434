package io.sawlog.groups;

import io.sawlog.log.GroupException;

/** There is no group of this name. */
public final class GroupNotFoundException extends GroupException {
  private static final long serialVersionUID = 1L;

  GroupNotFoundException(String message) {
    super(message);
  }
}
