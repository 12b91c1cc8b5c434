package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ArgumentTest {
  private final Bound.Converter bounds = new Bound.Converter();

  @Test
  void shouldReadPlacesInALog() {
    assertEquals(new Bound.Earliest(), bounds.convert("earliest"));
    assertEquals(new Bound.Latest(), bounds.convert("latest"));
    assertEquals(new Bound.AtOffset(12345), bounds.convert("12345"));
    assertEquals(
        new Bound.AtTime(Instant.parse("2024-05-31T16:00:00.123Z")),
        bounds.convert("2024-05-31T18:00:00.123+02:00"));
    assertEquals(
        new Bound.AtTime(
            LocalDateTime.parse("2024-05-31T18:00").atZone(ZoneId.systemDefault()).toInstant()),
        bounds.convert("2024-05-31T18:00"));
    assertEquals(
        new Bound.AtTime(
            LocalDateTime.parse("2024-05-31T00:00").atZone(ZoneId.systemDefault()).toInstant()),
        bounds.convert("2024-05-31"));
  }

  @Test
  void shouldReadTimesBeforeNow() {
    Instant before = Instant.now().minus(Duration.ofMinutes(15)).minusMillis(1);

    Bound.AtTime bound = (Bound.AtTime) bounds.convert("-15m");

    assertTrue(bound.time().isAfter(before));
    assertTrue(bound.time().isBefore(Instant.now().minus(Duration.ofMinutes(14))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "-15",
        "-15x",
        "99999999999999999999",
        "2024-13-01",
        "+5m",
        "1e3"
      })
  void shouldRefuseOtherPlaces(String text) {
    TypeConversionException refused =
        assertThrows(TypeConversionException.class, () -> bounds.convert(text));

    assertTrue(refused.getMessage().contains("'" + text + "'"), refused.getMessage());
  }

  @Test
  void shouldNotTakeAnEndWithoutANumber() {
    assertThrows(TypeConversionException.class, () -> new Bound.EndConverter().convert("latest"));
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "65536,65536",
    "64k,65536",
    "64KiB,65536",
    "64 kb,65536",
    "1GiB,1073741824",
    "7B,7"
  })
  void shouldReadSizes(String text, long bytes) {
    assertEquals(new ByteSize(bytes), new ByteSize.Converter().convert(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.5k", "k", "12parsecs", "999999999999999999T"})
  void shouldRefuseOtherSizes(String text) {
    assertThrows(TypeConversionException.class, () -> new ByteSize.Converter().convert(text));
  }

  @Test
  void shouldPutSizesInWords() {
    assertEquals("0 B", ByteSize.inWords(0));
    assertEquals("1023 B", ByteSize.inWords(1023));
    assertEquals("1.5 KiB", ByteSize.inWords(1536));
    assertEquals("256.0 MiB", ByteSize.inWords(256L << 20));
  }

  @ParameterizedTest
  @CsvSource({"500ms,PT0.5S", "30s,PT30S", "15M,PT15M", "2h,PT2H", "7d,PT168H", "PT1M30S,PT1M30S"})
  void shouldReadDurations(String text, Duration duration) {
    assertEquals(duration, new Durations().convert(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "soon", "-5m", "PT-5M"})
  void shouldRefuseOtherDurations(String text) {
    assertThrows(TypeConversionException.class, () -> new Durations().convert(text));
  }
}
