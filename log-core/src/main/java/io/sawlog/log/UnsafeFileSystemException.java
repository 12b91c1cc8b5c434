package io.sawlog.log;

/** The store lies on a file system on which durability cannot be promised. */
public final class UnsafeFileSystemException extends LogException {
  private static final long serialVersionUID = 1L;

  UnsafeFileSystemException(String message) {
    super(message);
  }

  UnsafeFileSystemException(String message, Throwable cause) {
    super(message, cause);
  }
}
