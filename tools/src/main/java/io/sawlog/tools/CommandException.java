package io.sawlog.tools;

import java.io.Serial;

/** The thing asked for is not so. The message is all that the user sees, and names the way out. */
final class CommandException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  CommandException(String message) {
    super(message);
  }

  CommandException(String message, Throwable cause) {
    super(message, cause);
  }
}
