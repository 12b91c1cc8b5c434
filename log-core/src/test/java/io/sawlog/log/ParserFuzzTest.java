package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sawlog.log.file.Shell;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No bytes make a parser throw what it does not promise to, read elsewhere, or never end. */
class ParserFuzzTest {
  private static final String SECONDS = "60";
  private static final Pattern EXECUTED =
      Pattern.compile("stat::number_of_executed_units: +(\\d+)");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      classes = {
        ParserFuzzers.Records.class,
        ParserFuzzers.Frames.class,
        ParserFuzzers.Headers.class,
        ParserFuzzers.Indexes.class,
        ParserFuzzers.Meta.class,
        ParserFuzzers.Properties.class
      })
  void shouldSurviveAnyBytes(Class<?> parser) throws Exception {
    Method fuzz = parser.getDeclaredMethod("fuzzerTestOneInput", byte[].class);
    byte[] example = (byte[]) parser.getDeclaredMethod("example").invoke(null);
    fuzz.invoke(null, (Object) example);
    SplittableRandom random = new SplittableRandom(Amount.seed());
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = example.clone();
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        fuzz.invoke(null, (Object) bytes);
      } catch (InvocationTargetException e) {
        throw new AssertionError("seed " + Amount.seed() + ", input " + i, e.getCause());
      }
    }
  }

  /** The same bytes, chosen by a fuzzer that sees which branches they take. */
  @ParameterizedTest
  @ValueSource(
      classes = {
        ParserFuzzers.Records.class,
        ParserFuzzers.Frames.class,
        ParserFuzzers.Headers.class,
        ParserFuzzers.Indexes.class,
        ParserFuzzers.Meta.class,
        ParserFuzzers.Properties.class
      })
  void shouldSurviveWhatAFuzzerFinds(Class<?> parser) throws Exception {
    Amount.assumeCrash();
    assumeTrue(Shell.isLinux(), "skipped: the fuzzer is tried on Linux only");
    Path corpus = Files.createDirectory(directory.resolve("corpus"));
    byte[] example = (byte[]) parser.getDeclaredMethod("example").invoke(null);
    Files.write(corpus.resolve("example"), example);
    Path log = directory.resolve("log");

    int exit = fuzz(parser, corpus, log);

    String said = Files.readString(log);
    assertTrue(exit == 0, said);
    Matcher executed = EXECUTED.matcher(said);
    assertTrue(executed.find(), said);
    Totals.count("inputs of the fuzzer", Long.parseLong(executed.group(1)));
    Totals.count("parsers fuzzed for " + SECONDS + " s", 1);
  }

  private int fuzz(Class<?> parser, Path corpus, Path log) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens",
                "java.base/jdk.internal.misc=ALL-UNNAMED",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + parser.getName(),
                "--instrumentation_includes=io.sawlog.**",
                "--reproducer_path=" + directory,
                "-artifact_prefix=" + directory + "/",
                "-print_final_stats=1",
                "-max_len=4096",
                "-max_total_time=" + SECONDS,
                corpus.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      return process.onExit().join().exitValue();
    } finally {
      process.destroyForcibly();
    }
  }
}
