package io.sawlog.log;

/** The store, the topic or the tailer was closed, or the topic was deleted. */
public final class LogClosedException extends LogException {
  private static final long serialVersionUID = 1L;

  LogClosedException(String message) {
    super(message);
  }

  LogClosedException(String message, Throwable cause) {
    super(message, cause);
  }
}
