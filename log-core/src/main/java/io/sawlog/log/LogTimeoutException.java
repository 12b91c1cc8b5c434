package io.sawlog.log;

/** An append of another thread, claimed earlier in the log, was not finished in time. */
public final class LogTimeoutException extends LogException {
  private static final long serialVersionUID = 1L;

  LogTimeoutException(String message) {
    super(message);
  }

  LogTimeoutException(String message, Throwable cause) {
    super(message, cause);
  }
}
