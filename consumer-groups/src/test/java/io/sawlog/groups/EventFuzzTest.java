package io.sawlog.groups;

import io.sawlog.log.Amount;
import io.sawlog.log.Fuzzing;
import io.sawlog.log.Totals;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No steps of a side log make the fold throw what it does not promise to, or never end. */
class EventFuzzTest {
  private static final int BY_CHANCE = 20_000;

  @TempDir Path directory;

  @Test
  void shouldSurviveAnyBytes() throws Exception {
    Fuzzing.byChance(EventFuzzer.class, BY_CHANCE);
  }

  @Test
  void shouldSurviveWhatAFuzzerFinds() throws IOException {
    Amount.assumeCrash();

    long inputs = Fuzzing.byFuzzer(EventFuzzer.class, directory);

    Totals.count("inputs of the fuzzer of group events", inputs);
  }
}
