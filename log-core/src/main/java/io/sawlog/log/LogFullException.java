package io.sawlog.log;

import io.sawlog.log.file.NoSpaceException;
import java.nio.file.Path;

/**
 * The disk is full, or the user's quota on it is. The record was not appended; reading and
 * retention go on, and appends resume by themselves when there is room.
 */
public final class LogFullException extends LogException {
  private static final long serialVersionUID = 1L;

  LogFullException(String what, Path directory, NoSpaceException cause) {
    super(
        what
            + ": the disk is full, there is no room in "
            + directory
            + " ("
            + cause.getMessage()
            + "): free space there, or delete old records (retention, deleteBefore, 'sawlog topic"
            + " trim'), then try again",
        cause);
  }
}
