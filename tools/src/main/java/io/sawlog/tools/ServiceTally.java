package io.sawlog.tools;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Counts the orders that a service of the demo says it has handled. Orders before the first offset
 * are those of earlier runs, and not counted. Thread-safe.
 */
final class ServiceTally {
  private final String service;
  private final long firstOffset;
  private final BitSet handled = new BitSet();
  private final Map<String, Long> latestOf = new HashMap<>();
  private long redelivered;
  private long outOfOrder;

  ServiceTally(String service, long firstOffset) {
    this.service = service;
    this.firstOffset = firstOffset;
  }

  String service() {
    return service;
  }

  /** Counts an order that was handled. One that comes again says nothing about the order. */
  synchronized void handled(String customer, long offset) {
    if (offset < firstOffset) {
      return;
    }
    int index = Math.toIntExact(offset - firstOffset);
    if (handled.get(index)) {
      redelivered++;
      return;
    }
    handled.set(index);
    long latest = latestOf.merge(customer, offset, Math::max);
    if (latest != offset) {
      outOfOrder++;
    }
  }

  /** How many different orders were handled. */
  synchronized long count() {
    return handled.cardinality();
  }

  synchronized boolean has(long offset) {
    return offset >= firstOffset && handled.get(Math.toIntExact(offset - firstOffset));
  }

  /** How many times an order came that had been handled before. */
  synchronized long redelivered() {
    return redelivered;
  }

  /** How many orders were handled after a later one of the same customer. */
  synchronized long outOfOrder() {
    return outOfOrder;
  }

  /**
   * States that every order reached the service.
   *
   * @param orders how many there were
   * @param givenUp how many of them it cannot have handled
   * @param mayComeAgain how many may have come again
   */
  synchronized void prove(Claims claims, long orders, long givenUp, long mayComeAgain) {
    claims.add(
        count() == orders - givenUp && redelivered <= mayComeAgain && outOfOrder == 0,
        String.format(
            Locale.ROOT,
            "%s handled %,d of %,d orders%s, %d of them again, %d out of their customer's order",
            service,
            count(),
            orders,
            givenUp == 0 ? "" : " and gave up " + givenUp,
            redelivered,
            outOfOrder));
  }
}
