package io.sawlog.log;

/** Receives records from a {@link Tailer}. */
@FunctionalInterface
public interface MessageHandler {
  /**
   * Handles one record. If this throws, the tailer stays before the record and passes the exception
   * on.
   *
   * @param message the record, valid during this call only
   */
  void onMessage(MessageView message);
}
