package io.sawlog.log;

/**
 * Bytes below the recovery point are not what was appended. Nothing on disk was changed; the
 * message names file, position, offsets and the command that helps.
 */
public final class CorruptLogException extends LogException {
  private static final long serialVersionUID = 1L;

  CorruptLogException(String message) {
    super(message);
  }

  CorruptLogException(String message, Throwable cause) {
    super(message, cause);
  }
}
