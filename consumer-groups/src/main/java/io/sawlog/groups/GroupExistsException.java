package io.sawlog.groups;

import io.sawlog.log.GroupException;

/** There is a group of this name already. Nothing was changed. */
public final class GroupExistsException extends GroupException {
  private static final long serialVersionUID = 1L;

  GroupExistsException(String message) {
    super(message);
  }
}
