package io.sawlog.log;

/**
 * Bytes below the recovery point are not what was appended. Nothing on disk was changed; the
 * message names file, position, offsets and the command that helps.
 */
public final class CorruptLogException extends LogException {
  /** How a message about records that are lost or damaged ends. */
  static final String WAY_OUT =
      "'sawlog verify' shows all damage, 'sawlog repair' what can be saved of it";

  private static final long serialVersionUID = 1L;

  CorruptLogException(String message) {
    super(message);
  }

  CorruptLogException(String message, Throwable cause) {
    super(message, cause);
  }
}
