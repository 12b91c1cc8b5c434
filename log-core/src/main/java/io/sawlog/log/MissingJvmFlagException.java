package io.sawlog.log;

/** The JVM was started without the one flag that the library needs. The message is that flag. */
public final class MissingJvmFlagException extends LogException {
  private static final long serialVersionUID = 1L;

  MissingJvmFlagException(String message) {
    super(message);
  }

  MissingJvmFlagException(String message, Throwable cause) {
    super(message, cause);
  }
}
