package io.sawlog.tools;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** Moments as every command prints them, and {@code --from} and {@code --to} take them. */
final class Timestamp {
  private static final DateTimeFormatter MILLISECONDS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private Timestamp() {}

  /** ISO-8601 in UTC with milliseconds: as long for every moment, so that columns stay columns. */
  static String of(long epochMs) {
    return MILLISECONDS.format(Instant.ofEpochMilli(epochMs));
  }
}
