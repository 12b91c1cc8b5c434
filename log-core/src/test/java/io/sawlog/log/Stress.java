package io.sawlog.log;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** How stress tests run: threads that end by themselves, a short form and a long one. */
public final class Stress {
  private static final boolean LONG = "stress".equals(System.getProperty("sawlog.tests"));

  private Stress() {}

  /** How many rounds to run: few in every build, more with {@code -P stress}. */
  public static int rounds(int few) {
    return LONG ? 10 * few : few;
  }

  /**
   * Runs all tasks at once, each on its own thread. If one throws, that is thrown, and the others
   * are interrupted.
   */
  public static void runTogether(List<? extends Callable<?>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    CompletionService<Object> running = new ExecutorCompletionService<>(threads);
    try {
      for (Callable<?> task : tasks) {
        running.submit(task::call);
      }
      for (int i = 0; i < tasks.size(); i++) {
        Future<Object> ended = running.poll(200, TimeUnit.SECONDS);
        if (ended == null) {
          throw new AssertionError("after 200 s only " + i + " of " + tasks.size() + " have ended");
        }
        ended.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }
}
