package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What the calling thread allocates, as the JVM counts it, once its code is compiled: that may take
 * any number of rounds, so the best round counts.
 */
public final class Allocation {
  private static final int MOST_ROUNDS = 400;

  private Allocation() {}

  /** Fails if no round allocates as little. */
  public static void assertAtMost(long bytes, Runnable round) {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean counts
            && counts.isThreadAllocatedMemoryEnabled(),
        "this JVM does not count what a thread allocates");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long counting = Long.MAX_VALUE;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < MOST_ROUNDS && least > bytes; i++) {
      long before = threads.getThreadAllocatedBytes(thread);
      counting = Math.min(counting, threads.getThreadAllocatedBytes(thread) - before);
      before = threads.getThreadAllocatedBytes(thread);
      round.run();
      least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before - counting);
    }
    assertTrue(least <= bytes, least + " bytes");
  }
}
