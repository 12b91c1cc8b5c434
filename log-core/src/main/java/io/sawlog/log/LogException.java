package io.sawlog.log;

/**
 * The root of everything that a store throws, apart from {@link IllegalArgumentException} and its
 * kin for wrong arguments. Each message names the thing and the way out.
 */
public abstract sealed class LogException extends RuntimeException
    permits CorruptLogException,
        FailedLogException,
        GroupException,
        InvalidNameException,
        LogClosedException,
        LogFullException,
        LogIoException,
        LogTimeoutException,
        MissingJvmFlagException,
        OffsetOutOfRangeException,
        ReadOnlyLogException,
        RecordTooLargeException,
        StoreLockedException,
        TopicExistsException,
        TopicNotFoundException,
        UnsafeFileSystemException,
        UnsupportedFormatException {
  private static final long serialVersionUID = 1L;

  LogException(String message) {
    super(message);
  }

  LogException(String message, Throwable cause) {
    super(message, cause);
  }
}
