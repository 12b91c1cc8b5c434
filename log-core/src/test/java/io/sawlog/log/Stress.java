package io.sawlog.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
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
    return LONG ? 50 * few : few;
  }

  /** Runs all tasks at once, each on its own thread, and throws what the first of them threw. */
  public static void runTogether(List<? extends Callable<?>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      List<Future<?>> running = new ArrayList<>();
      for (Callable<?> task : tasks) {
        running.add(threads.submit(task));
      }
      Throwable failure = null;
      for (Future<?> future : running) {
        try {
          future.get(100, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
          if (failure == null) {
            failure = e.getCause();
          } else {
            failure.addSuppressed(e.getCause());
          }
        }
      }
      if (failure != null) {
        throw new AssertionError(failure);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
