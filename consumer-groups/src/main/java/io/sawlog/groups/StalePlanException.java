package io.sawlog.groups;

import io.sawlog.log.GroupException;

/** The group is not where it was when the plan was made. Nothing was changed. */
public final class StalePlanException extends GroupException {
  private static final long serialVersionUID = 1L;

  StalePlanException(String message) {
    super(message);
  }
}
