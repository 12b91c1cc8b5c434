package io.sawlog.log;

import io.sawlog.log.file.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;

/** How much Lincheck tries, of three threads. */
public final class Linearizability {
  private static final int SCENARIOS = Amount.of(3, 100);
  private static final int THREADS = 3;
  private static final int OPERATIONS = 3;

  private Linearizability() {}

  /**
   * Chooses where threads take turns, in what the structure keeps in the heap.
   *
   * @param specification the same operations, for one thread
   */
  public static void model(Class<?> structure, Class<?> specification, int runs) {
    new ModelCheckingOptions()
        .sequentialSpecification(specification)
        .iterations(SCENARIOS)
        .invocationsPerIteration(runs)
        .threads(THREADS)
        .actorsPerThread(OPERATIONS)
        .check(structure);
    leaveNothingBehind();
    Totals.count("scenarios of Lincheck", SCENARIOS);
  }

  /**
   * As {@link #model}, with many ways of taking turns in one operation for each thread: nobody
   * comes later who would end what hangs.
   */
  public static void modelOneEach(Class<?> structure, Class<?> specification, int runs) {
    new ModelCheckingOptions()
        .sequentialSpecification(specification)
        .iterations(1)
        .invocationsPerIteration(runs)
        .threads(THREADS)
        .actorsPerThread(1)
        .actorsBefore(0)
        .actorsAfter(0)
        .check(structure);
    Totals.count("scenarios of Lincheck", 1);
  }

  /**
   * Lets threads run, for a structure that keeps its state where Lincheck sees nothing.
   *
   * @param specification the same operations, for one thread
   */
  public static void stress(Class<?> structure, Class<?> specification, int runs) {
    new StressOptions()
        .sequentialSpecification(specification)
        .iterations(SCENARIOS)
        .invocationsPerIteration(runs)
        .threads(THREADS)
        .actorsPerThread(OPERATIONS)
        .check(structure);
    leaveNothingBehind();
    Totals.count("scenarios of Lincheck", SCENARIOS);
  }

  /** Lincheck never deletes the jar that it puts before the JVM's classes, which has it open. */
  private static void leaveNothingBehind() {
    Path openFiles = Path.of("/proc/self/fd");
    if (!Shell.isLinux()) {
      return;
    }
    try (Stream<Path> files = Files.list(openFiles)) {
      for (Path file : files.filter(Files::isSymbolicLink).toList()) {
        Path target = Files.readSymbolicLink(file);
        if (String.valueOf(target.getFileName()).startsWith("lincheck-bootstrap")) {
          target.toFile().deleteOnExit();
        }
      }
    } catch (NoSuchFileException e) {
      // closed in the meantime, so not that jar
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
