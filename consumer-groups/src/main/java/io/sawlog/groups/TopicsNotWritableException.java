package io.sawlog.groups;

import io.sawlog.log.GroupException;

/** Something had to be appended to a topic by a process that only reads it. Nothing was changed. */
public final class TopicsNotWritableException extends GroupException {
  private static final long serialVersionUID = 1L;

  TopicsNotWritableException(String message) {
    super(message);
  }
}
