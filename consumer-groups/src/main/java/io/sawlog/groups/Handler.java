package io.sawlog.groups;

import io.sawlog.log.Message;

/** Handles the records of a shared group, each on the thread of one worker. */
@FunctionalInterface
public interface Handler {
  /**
   * Handles a record. Returning acknowledges it; throwing is a failure, after which it comes again.
   *
   * @param message the record
   * @throws Exception if it could not be handled
   */
  void handle(Message message) throws Exception;
}
