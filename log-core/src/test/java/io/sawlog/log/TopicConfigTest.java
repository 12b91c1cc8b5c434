package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TopicConfigTest {
  private static final TopicConfig DEFAULTS = TopicConfig.defaults();

  @Test
  void shouldHaveTheDocumentedDefaults() {
    assertEquals(1, DEFAULTS.partitions());
    assertEquals(256 << 20, DEFAULTS.segmentBytes());
    assertEquals(4096, DEFAULTS.indexIntervalBytes());
    assertEquals(8 << 20, DEFAULTS.maxFrameBytes());
    assertEquals(FlushPolicy.every(Duration.ofSeconds(1)), DEFAULTS.flushPolicy());
    assertEquals(Retention.forever(), DEFAULTS.retention());
  }

  @Test
  void shouldChangeOneThingAtATime() {
    TopicConfig changed =
        DEFAULTS
            .partitions(3)
            .segmentBytes(1 << 20)
            .indexIntervalBytes(64)
            .maxFrameBytes(1000)
            .flushPolicy(FlushPolicy.onRequest())
            .retention(Retention.forever().maxBytes(5));

    assertEquals(
        new TopicConfig(
            3, 1 << 20, 64, 1000, FlushPolicy.onRequest(), Retention.forever().maxBytes(5)),
        changed);
    assertEquals(1, DEFAULTS.partitions());
  }

  @Test
  void shouldRefuseWhatIsOutOfRangeAndNameIt() {
    for (int partitions : new int[] {0, -1, 100_001}) {
      assertNamed("partitions", partitions, () -> DEFAULTS.partitions(partitions));
    }
    for (int bytes : new int[] {0, (64 << 10) - 4096, (64 << 10) + 1, (1 << 30) + 4096}) {
      assertNamed("segmentBytes", bytes, () -> DEFAULTS.segmentBytes(bytes));
    }
    for (int bytes : new int[] {0, 32, 63, 100, -64, Integer.MIN_VALUE}) {
      assertNamed("indexIntervalBytes", bytes, () -> DEFAULTS.indexIntervalBytes(bytes));
    }
    for (int bytes : new int[] {0, 63, -1, 1 << 30}) {
      assertNamed("maxFrameBytes", bytes, () -> DEFAULTS.maxFrameBytes(bytes));
    }
    assertThrows(NullPointerException.class, () -> DEFAULTS.flushPolicy(null));
    assertThrows(NullPointerException.class, () -> DEFAULTS.retention(null));
  }

  private static void assertNamed(String name, int value, Runnable change) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, change::run);

    assertTrue(e.getMessage().contains(name), e.getMessage());
    assertTrue(e.getMessage().contains(String.valueOf(value)), e.getMessage());
  }

  @Test
  void shouldTakeTheEndsOfTheRanges() {
    DEFAULTS.partitions(100_000);
    DEFAULTS.segmentBytes(64 << 10);
    DEFAULTS.segmentBytes(1 << 30);
    DEFAULTS.indexIntervalBytes(64);
    DEFAULTS.indexIntervalBytes(1 << 30);
    DEFAULTS.maxFrameBytes(64);
    assertEquals((1 << 30) - 4096, DEFAULTS.maxFrameBytes((1 << 30) - 4096).maxFrameBytes());
  }
}
