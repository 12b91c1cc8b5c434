package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final long FIRST_NS = Duration.ofSeconds(1).toNanos();
  private static final long MOST_NS = Duration.ofMinutes(10).toNanos();
  private final Backoff exponential =
      Backoff.exponential(Duration.ofNanos(FIRST_NS), Duration.ofNanos(MOST_NS));

  @Property
  void shouldDoubleUpToTheLimitLessAtMostHalf(
      @ForAll @IntRange(min = 1, max = Integer.MAX_VALUE) int failures, @ForAll long seed) {
    long whole = failures > 10 ? MOST_NS : Math.min(MOST_NS, FIRST_NS << (failures - 1));

    long delay = exponential.delayNs(failures, seed);

    assertTrue(
        delay >= whole / 2 && delay <= whole, failures + " failures: " + delay + " of " + whole);
    assertEquals(delay, exponential.delayNs(failures, seed));
  }

  @Test
  void shouldSpreadRecordsThatFailedTogether() {
    Set<Long> delays = new HashSet<>();
    for (long seed = 0; seed < 100; seed++) {
      delays.add(exponential.delayNs(1, seed));
    }

    assertTrue(delays.size() > 90, delays.size() + " different delays of 100");
  }

  @Test
  void shouldWaitAlwaysTheSameWhereItIsFixed() {
    Backoff fixed = Backoff.fixed(Duration.ofSeconds(3));

    assertEquals(Duration.ofSeconds(3).toNanos(), fixed.delayNs(1, 1));
    assertEquals(Duration.ofSeconds(3).toNanos(), fixed.delayNs(100, 2));
  }

  @Test
  void shouldRefuseWhatIsNoBackoff() {
    assertThrows(IllegalArgumentException.class, () -> Backoff.fixed(Duration.ofSeconds(-1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> Backoff.exponential(Duration.ofNanos(1), Duration.ofSeconds(1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> Backoff.exponential(Duration.ofSeconds(1), Duration.ofDays(366)));
  }
}
