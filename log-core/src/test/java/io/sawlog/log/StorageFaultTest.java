package io.sawlog.log;

import io.sawlog.log.sim.Faults;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Lets the first call to the file system fail, then the second, and so on to the last: opening a
 * store that was killed, and everything that is done with it then. Each must end in a typed
 * exception, lose nothing that was acknowledged, and be over when its cause is.
 */
class StorageFaultTest {

  @ParameterizedTest(name = "{0}, for ever: {1}")
  @CsvSource({
    "ENOSPC,false",
    "ENOSPC,true",
    "EIO,false",
    "EIO,true",
    "EMFILE,false",
    "EMFILE,true"
  })
  void shouldSurviveTheFailureOfEachCall(Faults.Failure error, boolean forEver) {
    int scenarios = Amount.of(3, 20);
    long failures = 0;
    for (long scenario = 1; scenario <= scenarios; scenario++) {
      long failing = 0;
      while (StoreHistory.runWithFault(scenario, error, forEver, failing)) {
        failing++;
      }
      failures += failing;
    }
    Totals.count("simulated failures of the n-th call", failures);
  }
}
