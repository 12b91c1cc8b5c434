package io.sawlog.log;

/**
 * The disk is full. The record was not appended; reading and retention go on, and appends resume by
 * themselves when there is room.
 */
public final class LogFullException extends LogException {
  private static final long serialVersionUID = 1L;

  LogFullException(String message) {
    super(message);
  }

  LogFullException(String message, Throwable cause) {
    super(message, cause);
  }
}
