package io.sawlog.log;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Runs steps of which each is tried, whatever became of those before it. Not thread-safe. */
final class Failures {
  private @Nullable RuntimeException first;

  /** A step that may fail. */
  interface Step {
    void run() throws IOException;
  }

  void run(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      add(new LogIoException("closing failed: " + e.getMessage(), e));
    } catch (RuntimeException e) {
      add(e);
    }
  }

  private void add(RuntimeException failure) {
    RuntimeException earlier = first;
    if (earlier == null) {
      first = failure;
    } else if (earlier != failure) {
      earlier.addSuppressed(failure);
    }
  }

  /** Throws the first failure, with the others suppressed; returns if there was none. */
  void throwFirst() {
    RuntimeException failure = first;
    if (failure != null) {
      throw failure;
    }
  }
}
