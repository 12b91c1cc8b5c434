package io.sawlog.groups;

import java.time.Instant;
import java.util.Optional;

/**
 * A record of a shared group that is leased, or has failed, and is not finished.
 *
 * @param partition where it is
 * @param offset its offset there; among the dead letters, that of a letter that was redriven
 * @param state what it waits for
 * @param failures how often it has failed
 * @param worker who has it, if that is a thread of this process
 * @param since when it was leased, if a thread of this process has it
 */
public record PendingRecord(
    TopicPartition partition,
    long offset,
    State state,
    int failures,
    Optional<String> worker,
    Optional<Instant> since) {

  /** What becomes of a record next. */
  public enum State {
    /** Somebody has it. */
    LEASED,
    /** It has failed, and comes again. */
    FAILED,
    /** It was leased when its process ended: it comes again, alone. */
    SUSPECT
  }
}
