package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jcstress.Main;

/** jcstress lets threads meet, and counts what they see of each other. */
class InterleavingStressTest {
  private static final String ALL = "Interleavings";
  private static final String FEW = "Interleavings\\.(Publishing|Leaders)";

  /** A small heap, as all of it is touched before it is used. */
  private static final List<String> SHORT =
      List.of("-iters", "1", "-time", "100", "-sc", "false", "-hs", "64");

  private static final List<String> LONG = List.of("-iters", "1", "-time", "500");
  private static final Pattern RESULTS =
      Pattern.compile("Results: (\\d+) planned; (\\d+) passed, (\\d+) failed");

  @TempDir Path directory;

  @Test
  void shouldShowNothingThatIsNotAllowed() throws IOException {
    Outcome outcome = run(Amount.CRASH ? ALL : FEW, "", Amount.CRASH ? LONG : SHORT);

    assertEquals(0, outcome.exit, outcome.end);
    assertEquals(outcome.planned, outcome.passed, outcome.end);
    Totals.count("configurations of jcstress", outcome.passed);
  }

  @Test
  void shouldFindAFrameThatIsPublishedTooEarly() throws IOException {
    PatchedEngine engine =
        PatchedEngine.with(
            "segment/ActiveSegment.java",
            "log.putInt(position, -length);",
            "log.putInt(position, length);",
            "log.getIntVolatile(position) == -length",
            "log.getIntVolatile(position) == length");

    assertFound("Publishing", engine);
  }

  @Test
  void shouldFindASealThatForgetsClaims() throws IOException {
    PatchedEngine engine =
        PatchedEngine.with(
            "segment/ActiveSegment.java",
            "WORDS.getAndBitwiseOr(words, TAIL, CLOSED);",
            "WORDS.setVolatile(words, TAIL, words[TAIL] | CLOSED);");

    assertFound("Sealing", engine);
  }

  @Test
  void shouldFindAMappingThatIsUnmappedUnderItsUser() throws IOException {
    PatchedEngine engine =
        PatchedEngine.with("segment/PinnedRegion.java", "if (now == 0) {", "if (now >= 0) {");

    assertFound("Pins", engine);
  }

  @Test
  void shouldFindAnAcknowledgementBeforeTheFlush() throws IOException {
    PatchedEngine engine =
        PatchedEngine.with(
            "GroupCommit.java",
            "while (durableOffset <= offset) {",
            "while (durableOffset < offset) {");

    assertFound("Leaders", engine);
  }

  private void assertFound(String test, PatchedEngine engine) throws IOException {
    Amount.assumeCrash();
    engine.writeTo(directory.resolve("patch"));
    Outcome outcome =
        run("Interleavings\\." + test, directory + "/patch" + File.pathSeparator, SHORT);

    assertTrue(outcome.failed > 0, outcome.end);
    Totals.count("planted races that jcstress has found", 1);
  }

  private Outcome run(String tests, String classPath, List<String> amount) throws IOException {
    Path log = directory.resolve("log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath + System.getProperty("java.class.path"),
                Main.class.getName(),
                "-t",
                tests,
                "-r",
                directory.resolve("report").toString(),
                "-f",
                "1",
                "-jvmArgs",
                "--add-opens java.base/jdk.internal.misc=ALL-UNNAMED"));
    command.addAll(amount);
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      return new Outcome(process.onExit().join().exitValue(), Files.readString(log));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static final class Outcome {
    private static final int SHOWN = 4000;

    final int exit;
    final int planned;
    final int passed;
    final int failed;

    /** The end of what was said. */
    final String end;

    Outcome(int exit, String said) {
      this.exit = exit;
      end = said.substring(Math.max(0, said.length() - SHOWN));
      List<MatchResult> results = RESULTS.matcher(said).results().toList();
      assertTrue(!results.isEmpty(), end);
      MatchResult last = results.get(results.size() - 1);
      planned = Integer.parseInt(last.group(1));
      passed = Integer.parseInt(last.group(2));
      failed = Integer.parseInt(last.group(3));
      assertTrue(planned > 0, end);
    }
  }
}
