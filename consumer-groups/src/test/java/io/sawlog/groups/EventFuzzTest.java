package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sawlog.log.Totals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** No steps of a side log make the fold throw what it does not promise to, or never end. */
class EventFuzzTest {
  private static final String SECONDS = "60";
  private static final Pattern EXECUTED =
      Pattern.compile("stat::number_of_executed_units: +(\\d+)");

  @TempDir Path directory;

  @Test
  void shouldSurviveAnyBytes() {
    byte[] example = EventFuzzer.example();
    EventFuzzer.fuzzerTestOneInput(example);
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = example.clone();
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        EventFuzzer.fuzzerTestOneInput(bytes);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ", input " + i, e);
      }
    }
  }

  /** The same bytes, chosen by a fuzzer that sees which branches they take. */
  @Test
  @EnabledIfSystemProperty(named = "sawlog.tests", matches = "crash")
  void shouldSurviveWhatAFuzzerFinds() throws IOException {
    assumeTrue(
        System.getProperty("os.name").equals("Linux"),
        "skipped: the fuzzer is tried on Linux only");
    Path corpus = Files.createDirectory(directory.resolve("corpus"));
    Files.write(corpus.resolve("example"), EventFuzzer.example());
    Path log = directory.resolve("log");

    int exit = fuzz(corpus, log);

    String said = Files.readString(log);
    assertEquals(0, exit, said);
    Matcher executed = EXECUTED.matcher(said);
    assertTrue(executed.find(), said);
    Totals.count("inputs of the fuzzer of group events", Long.parseLong(executed.group(1)));
  }

  private int fuzz(Path corpus, Path log) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens",
                "java.base/jdk.internal.misc=ALL-UNNAMED",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + EventFuzzer.class.getName(),
                "--instrumentation_includes=io.sawlog.groups.**",
                "--reproducer_path=" + directory,
                "-artifact_prefix=" + directory + "/",
                "-print_final_stats=1",
                "-max_len=1024",
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
