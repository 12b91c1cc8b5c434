package io.sawlog.log;

import io.sawlog.log.StoreHistory.Trouble;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/**
 * Random histories in which flushes fail: the kernel calls the pages clean, the disk has an unknown
 * part of them, and the pages may be read again from there. Lives go on, are closed, killed, or end
 * with a power cut.
 */
class FlushFailureSimulationTest {

  @Test
  void shouldKeepEveryPromiseWhenFlushesFail() {
    LongAdder cuts = new LongAdder();
    Seeds.until(
        getClass(),
        "failed flushes",
        1_000,
        50_000,
        seed -> {
          StoreHistory.Totals run = StoreHistory.run(seed, disk -> disk, Trouble.FAILING_FLUSHES);
          cuts.add(run.cuts());
          return run.flushFailures();
        });
    Totals.count("simulated kills and power cuts", cuts.sum());
  }

  /** A flush of recovery fails, the process is killed, and the kernel drops the pages. */
  @Test
  void shouldNotReuseAnOffsetAfterAFlushOfRecoveryHasFailed() {
    StoreHistory.run(614_230, disk -> disk, Trouble.FAILING_FLUSHES);
  }
}
