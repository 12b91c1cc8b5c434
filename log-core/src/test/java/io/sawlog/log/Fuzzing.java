package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sawlog.log.file.Shell;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Feeds a parser with bytes that look like good ones: by chance, or by a fuzzer. */
public final class Fuzzing {
  /** How long the fuzzer works on one parser. */
  public static final int SECONDS = 60;

  private static final Pattern EXECUTED =
      Pattern.compile("stat::number_of_executed_units: +(\\d+)");

  private Fuzzing() {}

  /** Changes a few bytes of an example by chance, again and again; of any of several. */
  public static void byChance(List<byte[]> examples, int inputs, Consumer<byte[]> parser) {
    examples.forEach(parser);
    SplittableRandom random = new SplittableRandom(Amount.seed());
    for (int i = 0; i < inputs; i++) {
      byte[] bytes = examples.get(random.nextInt(examples.size())).clone();
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        parser.accept(bytes);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("-Dsawlog.seed=" + Amount.seed() + ", input " + i, e);
      }
    }
  }

  /** The same with the corpus of a target, which has the method {@code fuzzerTestOneInput}. */
  public static void byChance(Class<?> target, int inputs) throws Exception {
    Method fuzz = target.getDeclaredMethod("fuzzerTestOneInput", byte[].class);
    fuzz.setAccessible(true);
    byChance(
        corpus(target),
        inputs,
        bytes -> {
          try {
            fuzz.invoke(null, (Object) bytes);
          } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
          } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  /** The corpus of a target: the files of a folder of the test resources that is named after it. */
  public static List<byte[]> corpus(Class<?> target) throws IOException {
    Path folder = Path.of("src", "test", "resources", target.getSimpleName());
    List<byte[]> files = new ArrayList<>();
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path path : paths.sorted().toList()) {
        files.add(Files.readAllBytes(path));
      }
    }
    return files;
  }

  /**
   * Lets Jazzer choose the bytes, which sees the branches that they take, in a process of its own;
   * it begins with the corpus.
   *
   * @param target has the method {@code fuzzerTestOneInput}
   * @param directory an empty one
   * @return how many inputs it has tried
   */
  public static long byFuzzer(Class<?> target, Path directory) throws IOException {
    List<byte[]> examples = corpus(target);
    assumeTrue(Shell.isLinux(), "skipped: the fuzzer is tried on Linux only");
    Path corpus = Files.createDirectory(directory.resolve("corpus"));
    for (int i = 0; i < examples.size(); i++) {
      Files.write(corpus.resolve("example" + i), examples.get(i));
    }
    Path log = directory.resolve("log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens",
                "java.base/jdk.internal.misc=ALL-UNNAMED",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=io.sawlog.**",
                // A pattern that a user has typed is meant to be one.
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.RegexInjection",
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
      int exit = process.onExit().join().exitValue();
      String said = Files.readString(log);
      assertEquals(0, exit, said);
      Matcher executed = EXECUTED.matcher(said);
      assertTrue(executed.find(), said);
      return Long.parseLong(executed.group(1));
    } finally {
      process.destroyForcibly();
    }
  }
}
