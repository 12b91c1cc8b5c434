package io.sawlog.groups;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A member, as its group sees it. Everything but the time of the last poll is used under the
 * group's lock.
 */
final class Membership {
  private final String id;
  private final Subscription subscription;
  private final long maxPollIntervalNs;
  private final SortedMap<TopicPartition, OwnedPartition> owned = new TreeMap<>();
  private SortedSet<TopicPartition> target = new TreeSet<>();
  private boolean expelled;
  private volatile long polledAt;

  Membership(String id, Subscription subscription, long maxPollIntervalNs, long now) {
    this.id = id;
    this.subscription = subscription;
    this.maxPollIntervalNs = maxPollIntervalNs;
    this.polledAt = now;
  }

  String id() {
    return id;
  }

  Subscription subscription() {
    return subscription;
  }

  /** What it owns now. */
  SortedMap<TopicPartition, OwnedPartition> owned() {
    return owned;
  }

  /** What it is to own, as soon as others have let go of it. */
  SortedSet<TopicPartition> target() {
    return target;
  }

  void aimAt(SortedSet<TopicPartition> newTarget) {
    target = newTarget;
  }

  boolean isExpelled() {
    return expelled;
  }

  void expelled(boolean now) {
    expelled = now;
  }

  /** Says that the member is alive. */
  void polled(long now) {
    polledAt = now;
  }

  /** How long the member may still be silent, in ns. */
  long patience(long now) {
    return maxPollIntervalNs - (now - polledAt);
  }

  /** Ends all its assignments; returns them. */
  List<OwnedPartition> endAll() {
    List<OwnedPartition> ended = new ArrayList<>(owned.values());
    ended.forEach(OwnedPartition::end);
    owned.clear();
    return ended;
  }
}
