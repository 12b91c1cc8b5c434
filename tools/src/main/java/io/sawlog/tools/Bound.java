package io.sawlog.tools;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A place in a log, as {@code --from}, {@code --to} and {@code --before} name it. */
sealed interface Bound {

  /** The first record that still exists. */
  record Earliest() implements Bound {}

  /** Behind the last record. */
  record Latest() implements Bound {}

  /**
   * A record's number.
   *
   * @param offset not negative
   */
  record AtOffset(long offset) implements Bound {}

  /**
   * An append time.
   *
   * @param time with millisecond precision
   */
  record AtTime(Instant time) implements Bound {}

  /** Reads {@code earliest}, {@code latest}, an offset or a time. */
  final class Converter implements ITypeConverter<Bound> {
    @Override
    public Bound convert(String text) {
      return switch (text) {
        case "earliest" -> new Earliest();
        case "latest" -> new Latest();
        default -> number(text, "earliest, latest, an offset");
      };
    }
  }

  /** Reads an offset or a time. */
  final class EndConverter implements ITypeConverter<Bound> {
    @Override
    public Bound convert(String text) {
      return number(text, "an offset");
    }
  }

  private static Bound number(String text, String others) {
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      try {
        return new AtOffset(Long.parseLong(text));
      } catch (NumberFormatException e) {
        throw new TypeConversionException("'" + text + "' is too large for an offset");
      }
    }
    try {
      Instant time = text.startsWith("-") ? ago(text.substring(1)) : time(text);
      if (time != null) {
        return new AtTime(Instant.ofEpochMilli(time.toEpochMilli()));
      }
    } catch (DateTimeException | ArithmeticException e) {
      // Not a time either.
    }
    throw new TypeConversionException(
        "'"
            + text
            + "' is not "
            + others
            + ", nor a time such as 2024-05-31T18:00:00Z, 2024-05-31T18:00 or -15m");
  }

  private static @Nullable Instant ago(String span) {
    Duration duration = Durations.parse(span);
    return duration == null ? null : Instant.now().minus(duration);
  }

  /** With an offset from UTC, or without one in the time zone of this machine; or only a day. */
  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException notWithOffset) {
      ZoneId zone = ZoneId.systemDefault();
      return text.contains("T")
          ? LocalDateTime.parse(text).atZone(zone).toInstant()
          : LocalDate.parse(text).atStartOfDay(zone).toInstant();
    }
  }
}
