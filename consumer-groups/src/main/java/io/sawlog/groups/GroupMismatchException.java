package io.sawlog.groups;

import io.sawlog.log.GroupException;

/**
 * A group was asked for as something that it is not: of another type, with other options, or by a
 * version of Sawlog that is too old for it. Nothing was changed.
 */
public final class GroupMismatchException extends GroupException {
  private static final long serialVersionUID = 1L;

  GroupMismatchException(String message) {
    super(message);
  }

  GroupMismatchException(String message, Throwable cause) {
    super(message, cause);
  }
}
