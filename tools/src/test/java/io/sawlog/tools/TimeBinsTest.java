package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TimeBinsTest {
  @Test
  void shouldLoseNothingHoweverWideTheIntervalsBecome() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    TimeBins bins = new TimeBins();
    long time = 1_700_000_000_123L;
    long bytes = 0;
    for (int i = 0; i < 20_000; i++) {
      time += random.nextLong(1L << random.nextInt(1, 25));
      bytes += i;
      bins.add(time, i, 1);
      assertTrue(bins.bins().size() <= 121, () -> "seed " + seed);
    }

    assertEquals(bytes, bins.bins().stream().mapToLong(TimeBins.Bin::bytes).sum());
    assertEquals(20_000, bins.bins().stream().mapToLong(TimeBins.Bin::records).sum());
    bins.bins().forEach(bin -> assertEquals(0, bin.start() % bins.widthMs(), "seed " + seed));
  }

  @Test
  void shouldPutEachRecordIntoTheIntervalOfItsTime() {
    TimeBins bins = new TimeBins();
    bins.add(1_000, 10, 1);
    bins.add(1_000, 5, 2);
    bins.add(61_000, 7, 1);

    assertEquals(1_000, bins.widthMs());
    assertEquals(new TimeBins.Bin(1_000, 15, 3), bins.bins().get(0));
    assertEquals(new TimeBins.Bin(61_000, 7, 1), bins.bins().get(1));
  }

  @Test
  void shouldGiveSeveralTheWidthThatFitsAllOfThem() {
    TimeBins early = new TimeBins();
    TimeBins late = new TimeBins();
    early.add(0, 1, 1);
    late.add(864_000_000, 1, 1);

    TimeBins.align(Map.of("early", early, "late", late));

    assertEquals(21_600_000, early.widthMs());
    assertEquals(21_600_000, late.widthMs());
  }
}
