package io.sawlog.log.segment;

/**
 * A store into the mapping of a segment did not arrive. The operating system could not back the
 * page with memory or disk, and said nothing.
 */
public final class LostStoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message where the store was lost
   */
  LostStoreException(String message) {
    super(message);
  }
}
