package io.sawlog.log.file;

import java.io.IOException;

/** The file system has no room left, or the user's quota on it is used up. */
public final class NoSpaceException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message which file needed how many bytes
   * @param cause what the operating system said, or null
   */
  public NoSpaceException(String message, @org.jspecify.annotations.Nullable Throwable cause) {
    super(message, cause);
  }
}
