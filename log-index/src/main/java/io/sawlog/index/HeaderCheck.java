package io.sawlog.index;

/**
 * What the header of an index says. A header that can't be used is no error: the index is to be
 * rebuilt, and the reason is for the report.
 */
public sealed interface HeaderCheck {

  /**
   * The index belongs to the segment.
   *
   * @param header the header that was found; its interval may differ from the configured one
   */
  record Valid(IndexHeader header) implements HeaderCheck {}

  /**
   * The index is damaged, or another segment's.
   *
   * @param reason half a sentence that carries the values
   */
  record Unusable(String reason) implements HeaderCheck {}
}
