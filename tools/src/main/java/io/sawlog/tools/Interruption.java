package io.sawlog.tools;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C (and SIGTERM) for a command that has something to bring to an end: the running thread is
 * told and woken, and the JVM waits until it has closed this. The exit code is the JVM's, 130 or
 * 143, as for any interrupted program.
 */
final class Interruption implements AutoCloseable {
  /** A thread that hangs, say in a write to a terminal that was stopped, must not keep the JVM. */
  private static final long PATIENCE_SECONDS = 10;

  private final Thread worker = Thread.currentThread();
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupt, "sawlog-interruption");
  private volatile boolean requested;

  private Interruption() {}

  /** Begins to handle interruptions of the calling thread. */
  static Interruption handle() {
    Interruption interruption = new Interruption();
    try {
      Runtime.getRuntime().addShutdownHook(interruption.hook);
    } catch (IllegalStateException e) {
      interruption.requested = true;
    }
    return interruption;
  }

  /** Whether the command is to come to its end. */
  boolean requested() {
    return requested;
  }

  private void interrupt() {
    requested = true;
    worker.interrupt();
    try {
      boolean inTime = finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!inTime) {
        System.err.println("sawlog: gave up waiting for the command to end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is going down because of the interruption, and the hook is what it waits for.
    }
  }
}
