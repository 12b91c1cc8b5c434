package io.sawlog.log.segment;

/** A frame has the right checksum, yet its records cannot be decoded. */
public final class MalformedRecordException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what cannot be decoded
   */
  MalformedRecordException(String message) {
    super(message);
  }
}
