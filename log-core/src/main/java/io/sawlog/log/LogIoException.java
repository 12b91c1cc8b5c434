package io.sawlog.log;

/** The operating system could not do what was asked. The message names the file. */
public final class LogIoException extends LogException {
  private static final long serialVersionUID = 1L;

  LogIoException(String message) {
    super(message);
  }

  LogIoException(String message, Throwable cause) {
    super(message, cause);
  }
}
