package io.sawlog.groups;

import io.sawlog.log.GroupException;

/**
 * A member asked for something in a partition that is not, or no longer, its own; nothing was
 * changed. The records since the last commit come again, to whoever owns the partition.
 */
public final class StaleMemberException extends GroupException {
  private static final long serialVersionUID = 1L;

  StaleMemberException(String message) {
    super(message);
  }
}
