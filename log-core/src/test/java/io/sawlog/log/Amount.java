package io.sawlog.log;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** How much of something costly is tried: little in every build, much with {@code -Pcrash}. */
public final class Amount {
  /** Whether {@code -Pcrash} is on. */
  public static final boolean CRASH = "crash".equals(System.getProperty("sawlog.tests"));

  private static final long SEED = Long.getLong("sawlog.seed", System.nanoTime());

  private Amount() {}

  /** How often to try. */
  public static int of(int few, int many) {
    return CRASH ? many : few;
  }

  /** Skips the test in an ordinary build. */
  public static void assumeCrash() {
    assumeTrue(CRASH, "skipped: takes minutes, see mvn verify -Pcrash");
  }

  /** Where chance begins: another place each time, unless {@code -Dsawlog.seed} says where. */
  public static long seed() {
    return SEED;
  }
}
