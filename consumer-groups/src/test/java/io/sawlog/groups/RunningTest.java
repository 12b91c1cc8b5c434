package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.LogClosedException;
import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The programs that users write, as they stand in the documents. */
class RunningTest {
  @TempDir Path directory;

  @Test
  void shouldHandleEveryRecordAndRetryWhatThrows() throws Exception {
    Map<String, Integer> calls = new ConcurrentHashMap<>();
    CountDownLatch handled = new CountDownLatch(100);
    try (Sawlog log = Sawlog.open(directory)) {
      Topic orders = log.topic("orders");
      for (int i = 0; i < 100; i++) {
        orders.append("customer-" + i % 7, "order-" + i);
      }
      try (Running run =
          Groups.of(log)
              .run(
                  "email",
                  "orders",
                  4,
                  m -> {
                    int call = calls.merge(m.valueAsString(), 1, Integer::sum);
                    if (call == 1 && m.offset() % 10 == 0) {
                      throw new java.io.IOException("the mail server is busy");
                    }
                    handled.countDown();
                  },
                  Queue.keyOrdered()
                      .maxAttempts(5)
                      .backoff(Duration.ofMillis(1), Duration.ofMillis(10)))) {
        handled.await();
        assertFalse(run.awaitShutdown(Duration.ZERO));
      }
      assertEquals(List.of(), Groups.of(log).admin().deadLetters("email"));
    }
    assertEquals(100, calls.size());
    calls.forEach(
        (order, count) -> assertEquals(order.endsWith("0") ? 2 : 1, count, "calls for " + order));
  }

  @Test
  void shouldSurviveAHandlerThatThrowsAnError() throws Exception {
    CountDownLatch handled = new CountDownLatch(2);
    try (Sawlog log = Sawlog.open(directory)) {
      log.topic("orders").append("a", "bad");
      log.topic("orders").append("b", "good");
      try (Running run =
          Groups.of(log)
              .run(
                  "g",
                  "orders",
                  1,
                  m -> {
                    handled.countDown();
                    if (m.valueAsString().equals("bad")) {
                      throw new StackOverflowError("a handler that dies");
                    }
                  },
                  Queue.unordered().maxAttempts(1))) {
        handled.await();
        assertFalse(run.awaitShutdown(Duration.ZERO));
      }
      assertEquals(1, Groups.of(log).admin().deadLetters("g").size());
    }
  }

  @Test
  @Timeout(120)
  void shouldGiveTheRecordOfAHandlerThatHangsToAnother() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    Queue queue =
        Queue.unordered()
            .handlingLimit(Duration.ofMillis(20))
            .backoff(Backoff.fixed(Duration.ZERO));
    try (Sawlog log = Sawlog.open(directory)) {
      log.topic("orders").append("a", "order");
      try (Running run =
          Groups.of(log)
              .run(
                  "g",
                  "orders",
                  2,
                  m -> {
                    if (calls.incrementAndGet() == 1) {
                      release.await();
                    } else {
                      second.countDown();
                    }
                  },
                  queue)) {
        second.await();
        release.countDown();
        assertFalse(run.awaitShutdown(Duration.ZERO));
      }
      assertEquals(0, Groups.of(log).admin().describe("g").lag().records());
      assertEquals(List.of(), Groups.of(log).admin().deadLetters("g"));
      assertTrue(calls.get() >= 2);
    }
  }

  @Test
  @Timeout(120)
  void shouldInterruptAHandlerThatHangsWhenItIsClosedInAHurry() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    try (Sawlog log = Sawlog.open(directory)) {
      log.topic("orders").append("a", "order");
      Running run =
          Groups.of(log)
              .run(
                  "g",
                  "orders",
                  1,
                  m -> {
                    hanging.countDown();
                    try {
                      new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                      interrupted.countDown();
                      throw e;
                    }
                  },
                  Queue.unordered());
      hanging.await();

      Thread.currentThread().interrupt();
      run.close();

      assertTrue(Thread.interrupted(), "the interrupt of the caller is kept");
      interrupted.await();
      run.awaitShutdown();
      assertEquals(1, Groups.of(log).admin().describe("g").lag().records(), "it comes again");
    }
  }

  @Test
  void shouldSayWhyTheWorkersHaveEnded() {
    try (Sawlog log = Sawlog.open(directory)) {
      log.topic("orders");
      try (Running run = Groups.of(log).run("g", "orders", 2, m -> {}, Queue.unordered())) {
        log.deleteTopic("orders");

        assertThrows(LogClosedException.class, run::awaitShutdown);
      }
    }
  }

  @Test
  void shouldReadAGroupFromAStoreThatIsOnlyRead() {
    try (Sawlog writer = Sawlog.open(directory)) {
      writer.topic("orders").append("alice", "order-0");
      try (Sawlog log = Sawlog.openReadOnly(directory);
          Consumer c = Groups.of(log).consumer("inventory", "orders")) {
        assertEquals(List.of("order-0"), Lab.values(c.poll(Duration.ofSeconds(10))));
        c.commit();
      }
    }
  }

  @Test
  void shouldSurviveAHandlerWhoseExceptionCannotBePutInWords() throws Exception {
    CountDownLatch handled = new CountDownLatch(2);
    try (Sawlog log = Sawlog.open(directory)) {
      log.topic("orders").append("a", "bad");
      log.topic("orders").append("b", "good");
      try (Running run =
          Groups.of(log)
              .run(
                  "g",
                  "orders",
                  1,
                  m -> {
                    handled.countDown();
                    if (m.valueAsString().equals("bad")) {
                      throw new IllegalStateException() {
                        private static final long serialVersionUID = 1L;

                        @Override
                        public String getMessage() {
                          throw new UnsupportedOperationException("no words");
                        }
                      };
                    }
                  },
                  Queue.unordered().maxAttempts(1))) {
        assertTrue(handled.await(20, TimeUnit.SECONDS), "the next record is handled");
        assertFalse(run.awaitShutdown(Duration.ZERO));
      }
      assertEquals(1, Groups.of(log).admin().deadLetters("g").size());
    }
  }

  @Test
  @Timeout(20)
  void shouldLetAHandlerEndTheWorkers() throws Exception {
    AtomicReference<Running> own = new AtomicReference<>();
    CountDownLatch started = new CountDownLatch(1);
    try (Sawlog log = Sawlog.open(directory)) {
      log.topic("orders").append("a", "the last one");
      Running run =
          Groups.of(log)
              .run(
                  "g",
                  "orders",
                  2,
                  m -> {
                    started.await();
                    own.get().close();
                  },
                  Queue.unordered());
      own.set(run);
      started.countDown();

      run.awaitShutdown();

      assertEquals(0, Groups.of(log).admin().describe("g").lag().records(), "it was handled");
    }
  }

  @Test
  @Timeout(60)
  void shouldSayWhichErrorHasEndedTheWorkers() {
    try (Lab lab = Lab.open(directory)) {
      lab.createTopic("orders");
      Map<String, MemoryGroup> files = Lab.noFiles();
      Groups groups = lab.groups(files, lab.createTopic("letters"));
      try (Running run = groups.run("g", "orders", 1, m -> {}, Queue.unordered())) {
        files.get("g").fail(new InternalError("a page of memory cannot be had"));
        Lab.append(lab.log().topic("orders").partition(0), 0, 1);

        assertThrows(InternalError.class, run::awaitShutdown);
      }
    }
  }
}
