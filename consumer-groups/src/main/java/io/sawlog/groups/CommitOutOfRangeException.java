package io.sawlog.groups;

import io.sawlog.log.GroupException;

/**
 * A commit below the log start or above the log end, which would skip or invent records. Nothing
 * was changed.
 */
public final class CommitOutOfRangeException extends GroupException {
  private static final long serialVersionUID = 1L;

  CommitOutOfRangeException(String message) {
    super(message);
  }
}
