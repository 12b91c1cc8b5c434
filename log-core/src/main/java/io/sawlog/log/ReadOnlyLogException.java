package io.sawlog.log;

/** A store that was opened read-only was asked to change something. */
public final class ReadOnlyLogException extends LogException {
  private static final long serialVersionUID = 1L;

  ReadOnlyLogException(String message) {
    super(message);
  }

  ReadOnlyLogException(String message, Throwable cause) {
    super(message, cause);
  }
}
