package io.sawlog.tools;

import io.sawlog.groups.Commits;
import io.sawlog.groups.ConsumerConfig;
import io.sawlog.groups.DeadLetter;
import io.sawlog.groups.Groups;
import io.sawlog.log.Partition;
import io.sawlog.log.Sawlog;
import io.sawlog.log.Visibility;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * The order flow of an online shop: orders come in bursts, three services read them from the same
 * topic, each at its own pace, and the slow one is killed on the way. Counts what happens.
 */
final class OrderFlow {
  static final String INVENTORY = "inventory-service";
  static final String PAYMENT = "payment-service";

  private static final long LOOK_MS = 100;

  /** So many looks without any progress, not a time: a machine may stop for a while. */
  private static final int PATIENCE_LOOKS = 300;

  /** A service that takes money reads nothing, and forgets nothing, that a power cut takes back. */
  private static final ConsumerConfig CAREFUL =
      ConsumerConfig.defaults()
          .commits(Commits.SYNCED)
          .visibility(Visibility.DURABLE)
          .maxPollRecords(100);

  private final Sawlog log;
  private final OpenOptions opening;
  private final Groups groups;
  private final Partition partition;
  private final long firstOffset;
  private final int orders;
  private final Orders source;
  private final ServiceTally inventory;
  private final ServiceTally payment;
  private final ServiceTally email;
  private final LagChart chart = new LagChart();
  private int taken;
  private long killedAfter;

  OrderFlow(Sawlog log, OpenOptions opening, int orders) {
    this.log = log;
    this.opening = opening;
    this.groups = Groups.of(log, Store.config(opening));
    this.partition = log.topic(Demo.TOPIC).partition(0);
    this.firstOffset = partition.logEndOffset();
    this.orders = orders;
    this.source = ordersFrom(firstOffset, orders);
    this.inventory = new ServiceTally(INVENTORY, firstOffset);
    this.payment = new ServiceTally(PAYMENT, firstOffset);
    this.email = new ServiceTally(EmailService.GROUP, firstOffset);
  }

  /** The orders of a run; the one in the middle is poison. */
  static Orders ordersFrom(long firstOffset, int orders) {
    return new Orders(firstOffset, firstOffset, poison(firstOffset, orders));
  }

  private static long poison(long firstOffset, int orders) {
    return firstOffset + orders / 2;
  }

  long firstOffset() {
    return firstOffset;
  }

  List<ServiceTally> tallies() {
    return List.of(inventory, payment, email);
  }

  /**
   * Runs until every service has handled every order, or none gets on any more.
   *
   * @throws InterruptedException if the thread was interrupted; then all services have ended
   */
  void run(Output output) throws IOException, InterruptedException {
    // The process that is to host it has not started yet, and would meet a mismatch too late.
    groups.worker(EmailService.GROUP, Demo.TOPIC, EmailService.QUEUE).close();
    long started = System.nanoTime();
    try (LocalService inventoryService =
            LocalService.start(groups, ConsumerConfig.defaults(), inventory);
        LocalService paymentService = LocalService.start(groups, CAREFUL, payment)) {
      List<LocalService> local = List.of(inventoryService, paymentService);
      try (EmailProcess process = startEmail()) {
        burst(orders - orders / 10, output);
        watch(local, process, orders / 3);
        process.kill();
        killedAfter = email.count();
        chart.mark("killed");
        tell(
            output,
            "%s (process %d, slow) was killed with SIGKILL after %,d orders",
            EmailService.GROUP,
            process.pid(),
            killedAfter);
      }
      burst(orders / 10, output);
      try (EmailProcess process = startEmail()) {
        boolean done = watch(local, process, Long.MAX_VALUE);
        process.finish();
        tell(
            output,
            "%s was started again, and %s",
            EmailService.GROUP,
            done ? "all caught up" : "NOT all caught up: none gets on any more");
      }
    }
    chart.print(output, (System.nanoTime() - started) / 1e9);
  }

  private EmailProcess startEmail() throws IOException {
    return EmailProcess.start(log.directory(), opening, email);
  }

  /** Takes orders as fast as it can. */
  private void burst(int count, Output output) {
    long started = System.nanoTime();
    for (int i = 1; i < count; i++) {
      source.next();
      partition.append(source.key(), source.value());
    }
    // A flush covers all that was appended before it.
    source.next();
    partition.appendSynced(source.key(), source.value());
    taken += count;
    tell(
        output,
        "order-service took %,d orders in %.2f s",
        count,
        (System.nanoTime() - started) / 1e9);
  }

  private static void tell(Output output, String format, Object... values) {
    output.line("   " + String.format(Locale.ROOT, format, values));
    output.flush();
  }

  /** Looks on until so many e-mails are sent; whether that, or all there is to do, is done. */
  private boolean watch(List<LocalService> local, EmailProcess process, long emails)
      throws InterruptedException {
    long before = -1;
    int looksInVain = 0;
    while (email.count() < emails && looksInVain < PATIENCE_LOOKS) {
      local.forEach(LocalService::check);
      process.check();
      long lag = look();
      if (lag == 0) {
        return true;
      }
      looksInVain = lag == before ? looksInVain + 1 : 0;
      before = lag;
      Thread.sleep(LOOK_MS);
    }
    return looksInVain < PATIENCE_LOOKS;
  }

  /** Draws the lags, and returns their sum. */
  private long look() {
    long sum = 0;
    for (ServiceTally tally : tallies()) {
      long lag = groups.admin().describe(tally.service()).lag().records();
      chart.add(tally.service(), lag);
      sum += lag;
    }
    return sum;
  }

  /** States what must be so, as it was counted. */
  void prove(Claims claims) {
    long given = partition.logEndOffset() - firstOffset;
    claims.add(
        taken == orders && given == orders,
        String.format(Locale.ROOT, "%,d orders got %,d offsets", taken, given));
    claims.add(
        partition.durableOffset() >= firstOffset + orders,
        "all of them were on the device when the last append returned");
    inventory.prove(claims, orders, 0, 0);
    payment.prove(claims, orders, 0, 0);
    List<DeadLetter> dead = deadLetters();
    DeadLetter poison = dead.size() == 1 ? dead.get(0) : null;
    // Killed, it can only have lost its word for what its workers had in their hands.
    email.prove(claims, orders, 1, EmailService.WORKERS);
    claims.add(
        killedAfter > 0 && killedAfter < email.count(),
        String.format(
            Locale.ROOT,
            "%s sent %,d e-mails before it was killed, %,d after it",
            email.service(),
            killedAfter,
            email.count() - killedAfter));
    claims.add(
        poison != null
            && poison.offset() == poison(firstOffset, orders)
            && !email.has(poison.offset()),
        Words.count(dead.size(), "order")
            + " ended in the dead letters"
            + (poison == null
                ? ""
                : ": offset "
                    + poison.offset()
                    + ", after "
                    + Words.count(poison.attempts(), "attempt")));
  }

  /** Those of this run. */
  List<DeadLetter> deadLetters() {
    return groups.admin().deadLetters(EmailService.GROUP).stream()
        .filter(letter -> letter.topicId().equals(log.topic(Demo.TOPIC).id()))
        .filter(letter -> letter.offset() >= firstOffset)
        .toList();
  }
}
