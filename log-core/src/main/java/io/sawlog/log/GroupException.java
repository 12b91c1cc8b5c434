package io.sawlog.log;

/**
 * What a consumer group throws about itself; see the package of the groups for its kinds. The one
 * branch of {@link LogException} that is open, for groups live in a module of their own.
 */
public abstract non-sealed class GroupException extends LogException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message names the group, and the way out
   */
  protected GroupException(String message) {
    super(message);
  }

  /**
   * Makes an exception that another one has caused.
   *
   * @param message names the group, and the way out
   * @param cause the other one
   */
  protected GroupException(String message, Throwable cause) {
    super(message, cause);
  }
}
