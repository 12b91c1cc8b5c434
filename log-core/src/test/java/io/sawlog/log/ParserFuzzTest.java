package io.sawlog.log;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No bytes make a parser throw what it does not promise to, read elsewhere, or never end. */
class ParserFuzzTest {
  private static final int BY_CHANCE = 2000;

  @TempDir Path directory;

  static List<Class<?>> parsers() {
    return List.of(
        ParserFuzzers.Records.class,
        ParserFuzzers.Frames.class,
        ParserFuzzers.Headers.class,
        ParserFuzzers.Indexes.class,
        ParserFuzzers.Meta.class,
        ParserFuzzers.Properties.class);
  }

  @ParameterizedTest
  @MethodSource("parsers")
  void shouldSurviveAnyBytes(Class<?> parser) throws Exception {
    Fuzzing.byChance(parser, BY_CHANCE);
  }

  /** The same bytes, chosen by a fuzzer that sees which branches they take. */
  @ParameterizedTest
  @MethodSource("parsers")
  void shouldSurviveWhatAFuzzerFinds(Class<?> parser) throws Exception {
    Amount.assumeCrash();

    long inputs = Fuzzing.byFuzzer(parser, directory);
    Totals.count("inputs of the fuzzer", inputs);
    Totals.count("parsers fuzzed for " + Fuzzing.SECONDS + " s", 1);
  }
}
