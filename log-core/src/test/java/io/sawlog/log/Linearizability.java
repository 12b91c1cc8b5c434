package io.sawlog.log;

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
    Totals.count("scenarios of Lincheck", SCENARIOS);
  }
}
