package io.sawlog.tools;

import java.io.IOException;
import java.io.Serial;

/**
 * Nobody reads what is printed any more, as after {@code | head}: a reason to stop, not an error.
 */
final class BrokenPipeException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  BrokenPipeException(IOException cause) {
    super(cause);
  }
}
