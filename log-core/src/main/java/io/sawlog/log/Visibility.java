package io.sawlog.log;

/** Which records a tailer sees. */
public enum Visibility {
  /** All that were appended, as soon as they are published. */
  PUBLISHED,
  /** Only those that would survive a power cut now. */
  DURABLE
}
