package io.sawlog.log;

/** A record or a batch is larger than the topic's {@code maxFrameBytes}. Nothing was appended. */
public final class RecordTooLargeException extends LogException {
  private static final long serialVersionUID = 1L;

  RecordTooLargeException(String message) {
    super(message);
  }

  RecordTooLargeException(String message, Throwable cause) {
    super(message, cause);
  }
}
