package io.sawlog.tools;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;

/** Departures of flights as lines of KEY TAB JSON; the same seed gives the same flights. */
final class Flights {
  private static final String[] AIRPORTS = {
    "ATL", "BOS", "DEN", "DFW", "DTW", "HNL", "JFK", "LAS", "LAX", "MSP", "ORD", "PHX", "SFO"
  };
  private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm");

  private Flights() {}

  /** A file of so many lines. */
  static byte[] file(long seed, int count) {
    return text(seed, count).getBytes(StandardCharsets.UTF_8);
  }

  static String text(long seed, int count) {
    Random random = new Random(seed);
    LocalDateTime time = LocalDateTime.of(2001, 1, 1, 0, 47);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String origin = AIRPORTS[random.nextInt(AIRPORTS.length)];
      String destination = AIRPORTS[random.nextInt(AIRPORTS.length)];
      time = time.plusMinutes(random.nextInt(40));
      lines.append(
          String.format(
              Locale.ROOT,
              "%s\t{\"date\":\"%s\",\"delay\":%d,\"distance\":%d,\"origin\":\"%s\",\"destination\":\"%s\"}\n",
              origin,
              MINUTES.format(time),
              random.nextInt(120) - 30,
              100 + random.nextInt(2500),
              origin,
              destination));
    }
    return lines.toString();
  }
}
