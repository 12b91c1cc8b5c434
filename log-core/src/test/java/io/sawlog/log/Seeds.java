package io.sawlog.log;

/** Which seeds a simulation runs, and how many. */
final class Seeds {
  private static final long CHOSEN = Long.getLong("sawlog.seed", -1);

  private Seeds() {}

  /** One history. */
  interface Run {
    /** Runs a seed; returns how much of what is counted has happened. */
    long run(long seed);
  }

  /**
   * Runs seeds from 1 on until enough has happened, or the seed that was asked for, alone.
   *
   * @param few what is enough in an ordinary build
   * @param many what is enough with {@code -Pcrash}
   */
  static void until(Class<?> test, String what, long few, long many, Run run) {
    long enough = Amount.CRASH ? many : few;
    long happened = 0;
    long started = System.nanoTime();
    long seed = CHOSEN < 0 ? 1 : CHOSEN;
    long first = seed;
    do {
      try {
        happened += run.run(seed++);
      } catch (AssertionError e) {
        throw new AssertionError(
            e.getMessage()
                + "\nreplay it: mvn test -pl log-core -am -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dtest="
                + test.getSimpleName()
                + " -Dsawlog.seed="
                + (seed - 1),
            e);
      }
    } while (CHOSEN < 0 && happened < enough);
    Totals.count("simulated " + what, happened);
    System.out.printf(
        "%s: %,d %s in seeds %d to %d, no violation, %.1f s%n",
        test.getSimpleName(), happened, what, first, seed - 1, (System.nanoTime() - started) / 1e9);
  }
}
