package io.sawlog.groups;

/** What a commit, or an answer of a worker, survives when its method has returned. */
public enum Commits {
  /** The end of the process. */
  WRITTEN,
  /** Also the loss of power; the records it covers do too. */
  SYNCED
}
