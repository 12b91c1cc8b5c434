package io.sawlog.groups;

import org.jspecify.annotations.Nullable;

/** A record under way: read, and not finished. Used under the group's lock. */
final class Item {
  private final Lane lane;
  private final long offset;
  private final @Nullable Chain chain;

  /** Who has or had the record last, and may still answer; null if nobody may. */
  @Nullable Delivery delivery;

  /** Whether that lease has not run out. */
  boolean leased;

  /** Whether the record may be leased in no company: a lease of several with it ran out. */
  boolean alone;

  /** Whether the record waits after a failure, until {@link #due}. */
  boolean backingOff;

  long due;

  /** The lease in the making that the record was picked for. */
  @Nullable Picks picked;

  Item(Lane lane, long offset, @Nullable Chain chain) {
    this.lane = lane;
    this.offset = offset;
    this.chain = chain;
  }

  Lane lane() {
    return lane;
  }

  long offset() {
    return offset;
  }

  /** The records of the same key; null if the order does not matter. */
  @Nullable Chain chain() {
    return chain;
  }

  /** Whether it is to be leased to nobody, as far as it alone is concerned. */
  boolean isBusy() {
    return leased || backingOff;
  }

  /** Whether no record of its key precedes it. */
  boolean isFirst() {
    return chain == null || chain.first() == this;
  }
}
