package io.sawlog.log;

/** A file was written by a newer version, or not by Sawlog at all. */
public final class UnsupportedFormatException extends LogException {
  private static final long serialVersionUID = 1L;

  UnsupportedFormatException(String message) {
    super(message);
  }

  UnsupportedFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
