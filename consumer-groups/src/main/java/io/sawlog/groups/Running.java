package io.sawlog.groups;

import io.sawlog.log.LogException;
import io.sawlog.log.LogFullException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Workers that run on threads of their own until they are closed, or the group fails. A handler
 * that throws anything has failed with its record only; a full disk is waited for.
 */
public final class Running implements AutoCloseable {
  private static final System.Logger LOGGER = System.getLogger("io.sawlog");
  private static final Duration WAIT = Duration.ofMillis(100);
  private static final long PATIENCE_S = 30;

  private final List<Thread> threads = new ArrayList<>();
  private final List<Worker> workers;
  private final CountDownLatch ended;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean stopping;

  private Running(List<Worker> workers) {
    this.workers = workers;
    this.ended = new CountDownLatch(workers.size());
  }

  static Running start(String group, List<Worker> workers, Handler handler) {
    Running running = new Running(List.copyOf(workers));
    for (Worker worker : workers) {
      Thread thread =
          new Thread(
              () -> running.work(worker, handler), "sawlog-" + group + "-" + worker.workerId());
      thread.setDaemon(true);
      running.threads.add(thread);
    }
    running.threads.forEach(Thread::start);
    return running;
  }

  private void work(Worker worker, Handler handler) {
    try {
      while (!stopping) {
        for (Delivery delivery : receive(worker)) {
          handle(delivery, handler);
        }
        // whoever interrupted the handler did not mean the worker
        Thread.interrupted();
      }
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
      stopping = true;
    } finally {
      try {
        worker.close();
      } catch (RuntimeException e) {
        failure.compareAndSet(null, e);
      }
      ended.countDown();
    }
  }

  private List<Delivery> receive(Worker worker) {
    try {
      return worker.receive(1, WAIT);
    } catch (RecordsLostException e) {
      LOGGER.log(System.Logger.Level.WARNING, e.getMessage());
    } catch (LogFullException e) {
      waitForRoom(e);
    }
    return List.of();
  }

  private void handle(Delivery delivery, Handler handler) {
    Throwable thrown = null;
    try {
      handler.handle(delivery.message());
    } catch (Throwable t) {
      thrown = t;
    }
    if (thrown == null) {
      answer(delivery::ack);
    } else {
      String why = inWords(thrown);
      answer(() -> delivery.retry(why));
    }
  }

  private static String inWords(Throwable thrown) {
    try {
      return String.valueOf(thrown.toString());
    } catch (RuntimeException e) {
      // the words are the handler's code too
      return thrown.getClass().getName();
    }
  }

  /** Gives an answer until it is recorded. */
  private void answer(Runnable answer) {
    while (true) {
      try {
        answer.run();
        return;
      } catch (LogFullException e) {
        if (stopping) {
          throw e;
        }
        waitForRoom(e);
      }
    }
  }

  private void waitForRoom(LogException e) {
    LOGGER.log(System.Logger.Level.WARNING, "waiting for room: " + e.getMessage());
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException interrupted) {
      // closing: the loop looks at that
    }
  }

  /**
   * Waits until the workers have ended.
   *
   * @throws LogException why they did, if they were not closed
   * @throws InterruptedException if the waiting thread was interrupted
   */
  public void awaitShutdown() throws InterruptedException {
    ended.await();
    throwFailure();
  }

  /**
   * Waits until the workers have ended.
   *
   * @param timeout how long at most
   * @return whether they have
   * @throws LogException why they did, if they were not closed
   * @throws InterruptedException if the waiting thread was interrupted
   */
  public boolean awaitShutdown(Duration timeout) throws InterruptedException {
    boolean over = ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    if (over) {
      throwFailure();
    }
    return over;
  }

  private void throwFailure() {
    Throwable thrown = failure.get();
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
  }

  /**
   * Lets the handlers finish what they have, and ends the workers. A handler that takes longer than
   * half a minute is interrupted, and its record comes again. Calling it again does nothing. A
   * handler that calls it is not waited for: the workers end after it has returned.
   */
  @Override
  public void close() {
    stopping = true;
    if (threads.contains(Thread.currentThread())) {
      return;
    }
    boolean interrupted = false;
    try {
      if (!ended.await(PATIENCE_S, TimeUnit.SECONDS)) {
        threads.forEach(Thread::interrupt);
      }
    } catch (InterruptedException e) {
      interrupted = true;
      threads.forEach(Thread::interrupt);
    }
    workers.forEach(Worker::close);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
