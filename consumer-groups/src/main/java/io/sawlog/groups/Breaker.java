package io.sawlog.groups;

import java.util.HashSet;
import java.util.Set;

/**
 * Rests a group in which everything fails, so that a database that is down does not empty the
 * backlog into the dead letters. Counts the records that have failed since the last success; while
 * it is open, one record at a time is tried, and failures are nobody's fault.
 */
final class Breaker {
  private final int limit;
  private final Backoff backoff;
  private final Set<Item> failed = new HashSet<>();
  private boolean open;
  private int probes;
  private long nextProbe;

  Breaker(int limit, Backoff backoff) {
    this.limit = limit;
    this.backoff = backoff;
  }

  boolean isOpen() {
    return open;
  }

  boolean mayProbe(long now) {
    return now - nextProbe >= 0;
  }

  /** A record is being tried. */
  void probing(long now) {
    nextProbe = now + backoff.delayNs(probes, now);
  }

  /** A record has failed; returns whether that has opened the breaker. */
  boolean failed(Item item, long now) {
    if (open) {
      probes++;
      nextProbe = now + backoff.delayNs(probes, item.offset());
      return false;
    }
    failed.add(item);
    if (failed.size() < limit) {
      return false;
    }
    failed.clear();
    open = true;
    probes = 1;
    nextProbe = now + backoff.delayNs(probes, item.offset());
    return true;
  }

  /** A record was handled; returns whether that has closed the breaker. */
  boolean succeeded() {
    failed.clear();
    boolean closes = open;
    open = false;
    return closes;
  }
}
