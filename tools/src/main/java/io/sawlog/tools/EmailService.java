package io.sawlog.tools;

import io.sawlog.groups.Groups;
import io.sawlog.groups.Queue;
import io.sawlog.groups.Running;
import io.sawlog.log.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The service of the demo that is slow, and cannot handle one of the orders: a shared group, in
 * which the orders of a customer come one after the other. It says which orders it has handled
 * before it acknowledges them.
 */
final class EmailService {
  static final String GROUP = "email-service";
  static final int WORKERS = 8;
  static final Queue QUEUE =
      Queue.keyOrdered().maxAttempts(3).backoff(Duration.ofMillis(100), Duration.ofSeconds(1));

  /** What a mail server takes to say that it has taken an e-mail. */
  private static final long ANSWER_MS = 2;

  private final OutputStream reports;

  /**
   * Does not start it yet.
   *
   * @param reports gets a line for each order, in one write, which a pipe takes whole or not at all
   */
  EmailService(OutputStream reports) {
    this.reports = reports;
  }

  /**
   * Works until the input ends, as it does when whoever started this process ends.
   *
   * @param input never has anything
   */
  void run(Groups groups, InputStream input) throws InterruptedException {
    try (Running running = groups.run(GROUP, Demo.TOPIC, WORKERS, this::send, QUEUE)) {
      Thread watch = new Thread(() -> closeAtEnd(input, running), "sawlog-parent-watch");
      watch.setDaemon(true);
      watch.start();
      running.awaitShutdown();
    }
  }

  private static void closeAtEnd(InputStream input, Running running) {
    try (running) {
      input.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // as good as its end
    }
  }

  private void send(Message order) throws InterruptedException {
    if (!Orders.hasAddress(order.valueAsString())) {
      throw new IllegalArgumentException("the order has no address to send an e-mail to");
    }
    // Sent, but not acknowledged: if it is killed here, the customer gets the e-mail twice.
    report(order.offset() + " " + order.keyAsString() + "\n");
    Thread.sleep(ANSWER_MS);
  }

  private void report(String line) {
    try {
      reports.write(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // Nobody listens any more. To throw would count as a failure of the order.
      Runtime.getRuntime().halt(ErrorReport.FAILED);
    }
  }
}
