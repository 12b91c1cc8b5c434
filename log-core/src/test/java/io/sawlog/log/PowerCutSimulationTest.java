package io.sawlog.log;

import io.sawlog.log.StoreHistory.Trouble;
import org.junit.jupiter.api.Test;

/**
 * Random histories of kills and power cuts on a simulated disk; see {@link StoreHistory} for what
 * happens in them, {@link PartitionModel} for what is promised.
 */
class PowerCutSimulationTest {

  @Test
  void shouldKeepEveryPromiseWhateverAKillOrAPowerCutLeaves() {
    Seeds.until(
        getClass(),
        "kills and power cuts",
        5_000,
        300_000,
        seed -> StoreHistory.run(seed, disk -> disk, Trouble.NONE).cuts());
  }
}
