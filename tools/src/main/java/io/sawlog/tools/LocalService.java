package io.sawlog.tools;

import io.sawlog.groups.Consumer;
import io.sawlog.groups.ConsumerConfig;
import io.sawlog.groups.Groups;
import io.sawlog.log.Message;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A service of the demo that is the only member of its partition group, on a thread of its own. To
 * handle an order is to count it.
 */
final class LocalService implements AutoCloseable {
  private static final Duration WAIT = Duration.ofMillis(100);

  private final Groups groups;
  private final ConsumerConfig config;
  private final ServiceTally tally;
  private final CompletableFuture<Void> end;
  private volatile boolean stopping;

  private LocalService(Groups groups, ConsumerConfig config, ServiceTally tally) {
    this.groups = groups;
    this.config = config;
    this.tally = tally;
    this.end = new CompletableFuture<>();
  }

  static LocalService start(Groups groups, ConsumerConfig config, ServiceTally tally) {
    groups.create(tally.service(), config, Demo.TOPIC);
    LocalService service = new LocalService(groups, config, tally);
    Thread thread = new Thread(service::run, "sawlog-" + tally.service());
    thread.setDaemon(true);
    thread.start();
    return service;
  }

  private void run() {
    try (Consumer consumer = groups.consumer(tally.service(), config, Demo.TOPIC)) {
      while (!stopping) {
        for (Message order : consumer.poll(WAIT)) {
          tally.handled(String.valueOf(order.keyAsString()), order.offset());
        }
        consumer.commit();
      }
      end.complete(null);
    } catch (Throwable t) {
      end.completeExceptionally(t);
    }
  }

  /** Throws what has ended the service, if something has. */
  void check() {
    if (end.isDone()) {
      end.join();
    }
  }

  /** Waits until the service has left its group. */
  @Override
  public void close() {
    stopping = true;
    end.handle((done, thrown) -> true).join();
  }
}
