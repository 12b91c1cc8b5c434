package io.sawlog.log;

/** A topic of this name exists already. */
public final class TopicExistsException extends LogException {
  private static final long serialVersionUID = 1L;

  TopicExistsException(String message) {
    super(message);
  }

  TopicExistsException(String message, Throwable cause) {
    super(message, cause);
  }
}
