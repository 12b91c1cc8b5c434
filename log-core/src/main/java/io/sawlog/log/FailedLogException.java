package io.sawlog.log;

/**
 * A flush failed, or a store into a mapping was lost: what the disk holds behind the durable offset
 * is unknown. Final for the partition until the store is opened again; records below the durable
 * offset stay readable.
 */
public final class FailedLogException extends LogException {
  private static final long serialVersionUID = 1L;

  FailedLogException(String message) {
    super(message);
  }

  FailedLogException(String message, Throwable cause) {
    super(message, cause);
  }
}
