package io.sawlog.log;

/** A topic name that cannot be a directory name on every system. */
public final class InvalidNameException extends LogException {
  private static final long serialVersionUID = 1L;

  InvalidNameException(String message) {
    super(message);
  }

  InvalidNameException(String message, Throwable cause) {
    super(message, cause);
  }
}
