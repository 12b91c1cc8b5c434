package io.sawlog.log;

/** There is no topic of this name. */
public final class TopicNotFoundException extends LogException {
  private static final long serialVersionUID = 1L;

  TopicNotFoundException(String message) {
    super(message);
  }

  TopicNotFoundException(String message, Throwable cause) {
    super(message, cause);
  }
}
