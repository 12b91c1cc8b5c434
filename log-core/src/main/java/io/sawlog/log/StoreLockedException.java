package io.sawlog.log;

/** Another process, or this one, has the store open for writing. The message names it. */
public final class StoreLockedException extends LogException {
  private static final long serialVersionUID = 1L;

  StoreLockedException(String message) {
    super(message);
  }

  StoreLockedException(String message, Throwable cause) {
    super(message, cause);
  }
}
