package io.sawlog.groups;

import io.sawlog.log.GroupException;

/** A topic or a partition does not exist. Nothing was changed. */
public final class UnknownPartitionException extends GroupException {
  private static final long serialVersionUID = 1L;

  UnknownPartitionException(String message) {
    super(message);
  }
}
