package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlushScheduleTest {
  @TempDir Path directory;

  @Test
  void shouldSayHowLongTheFlusherMayRest() {
    TopicConfig config = SmallStore.CONFIG.flushPolicy(FlushPolicy.every(Duration.ofMillis(300)));
    try (SmallStore store = new SmallStore(directory, new HookedStorage(), config)) {
      FlushSchedule schedule = store.inside().flushSchedule();
      long start = 7;
      assertEquals(Long.MAX_VALUE, schedule.restNs(start), "nothing to flush");
      store.append(10);

      schedule.work(start);
      assertEquals(ms(300), schedule.restNs(start));
      assertEquals(ms(100), schedule.restNs(start + ms(200)));
      assertEquals(0, store.partition.durableOffset());

      schedule.work(start + ms(300));
      assertEquals(1, store.partition.durableOffset());
      assertEquals(Long.MAX_VALUE, schedule.restNs(start + ms(300)));
    }
  }

  @Test
  void shouldFlushForASegmentThatIsCompleteWhateverThePolicy() {
    try (SmallStore store = new SmallStore(directory, new HookedStorage())) {
      long base = store.roll();

      store.inside().flushSchedule().work(1);

      assertEquals(base + 1, store.partition.durableOffset());
    }
  }

  private static long ms(long count) {
    return TimeUnit.MILLISECONDS.toNanos(count);
  }
}
