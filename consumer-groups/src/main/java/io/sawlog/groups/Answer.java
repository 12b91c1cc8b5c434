package io.sawlog.groups;

/** What became of an answer to a delivery. */
public enum Answer {
  /** It counts. */
  DONE,
  /**
   * It changes nothing: the record was leased to somebody else meanwhile, was answered already, or
   * its worker was closed.
   */
  STALE,
  /** It changes nothing: the record is gone, deleted by retention. */
  LOST
}
