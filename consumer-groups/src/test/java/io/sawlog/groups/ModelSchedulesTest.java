package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sawlog.log.Totals;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The schedules of the models by seed: beside the properties, which try other ones with every run,
 * the long form of them. With {@code -P crash} a million.
 */
class ModelSchedulesTest {
  private static final boolean MANY = "crash".equals(System.getProperty("sawlog.tests"));

  @ParameterizedTest
  @CsvSource({
    "PARTITION, 450000",
    "PARTITION_WITHOUT_FAILURES, 100000",
    "SHARED, 450000",
  })
  void shouldBeGreen(String kind, int many) {
    long first = (System.nanoTime() >>> 20) / 10 * 10;
    int count = MANY ? many : 100;
    System.out.println(kind + ": " + count + " schedules from seed " + first);

    assertEquals("", Schedules.firstRed(kind, first, count));
    Totals.count("schedules of the models of groups", count);
  }
}
