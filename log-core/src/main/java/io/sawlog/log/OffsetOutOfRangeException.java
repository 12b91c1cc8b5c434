package io.sawlog.log;

/**
 * The offset asked for lies below the log start (it was deleted), or above the log end. Carries
 * both, so that the reader can go on.
 */
public final class OffsetOutOfRangeException extends LogException {
  private static final long serialVersionUID = 1L;

  private final long logStartOffset;
  private final long logEndOffset;

  OffsetOutOfRangeException(String message, long logStartOffset, long logEndOffset) {
    super(message);
    this.logStartOffset = logStartOffset;
    this.logEndOffset = logEndOffset;
  }

  /**
   * The lowest offset that can be read.
   *
   * @return the log start offset
   */
  public long logStartOffset() {
    return logStartOffset;
  }

  /**
   * The offset that the next record will get.
   *
   * @return the log end offset
   */
  public long logEndOffset() {
    return logEndOffset;
  }
}
