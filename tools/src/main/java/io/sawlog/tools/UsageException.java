package io.sawlog.tools;

import java.io.Serial;

/** The command line makes no sense with this store; the parser could not know. */
final class UsageException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
