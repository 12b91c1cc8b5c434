package io.sawlog.log.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AppendClockTest {
  private final AtomicLong wall = new AtomicLong(1000);
  private final AtomicInteger wakes = new AtomicInteger();
  private final AppendClock clock = new AppendClock(wall::get, wakes::incrementAndGet);

  @Test
  void shouldSleepUntilSomebodyAsks() {
    assertTrue(clock.isAsleep());

    assertEquals(1000, clock.now());

    assertFalse(clock.isAsleep());
    assertEquals(1, wakes.get());
  }

  @Test
  void shouldStandStillBetweenTicks() {
    clock.now();
    wall.set(1005);

    assertEquals(1000, clock.now());
    assertEquals(0, clock.tick());
    assertEquals(1005, clock.now());
    assertEquals(1, wakes.get());
  }

  @Test
  void shouldReadTheRealTimeWhenItWakes() {
    clock.now();
    clock.sleep();
    wall.set(5000);

    assertEquals(5000, clock.now());
    assertEquals(2, wakes.get());
  }

  @Test
  void shouldNeverGoBackAndSayHowFarTheRealTimeIsBehind() {
    clock.now();
    wall.set(400);

    assertEquals(600, clock.tick());
    assertEquals(1000, clock.now());
    clock.sleep();
    assertEquals(1000, clock.now());
    wall.set(1001);
    assertEquals(0, clock.tick());
    assertEquals(1001, clock.now());
  }

  @Test
  void shouldSleepOnWhenItTicks() {
    clock.now();
    clock.sleep();
    wall.set(2000);

    clock.tick();

    assertTrue(clock.isAsleep());
    assertEquals(1, wakes.get());
  }

  @Test
  void shouldTellBackgroundWorkTheTimeWithoutWaking() {
    assertEquals(1000, clock.time());
    clock.now();
    clock.sleep();
    wall.set(900);

    assertEquals(1000, clock.time());

    assertTrue(clock.isAsleep());
    assertEquals(1, wakes.get());
  }
}
