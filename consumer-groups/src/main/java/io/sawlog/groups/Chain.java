package io.sawlog.groups;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The unfinished records of one key, in order. */
final class Chain {
  private final long keyHash;
  private final List<Item> items = new ArrayList<>(2);

  Chain(long keyHash) {
    this.keyHash = keyHash;
  }

  long keyHash() {
    return keyHash;
  }

  List<Item> items() {
    return items;
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  @Nullable Item first() {
    return items.isEmpty() ? null : items.get(0);
  }

  /** The record before the last one. */
  @Nullable Item beforeLast() {
    return items.size() < 2 ? null : items.get(items.size() - 2);
  }

  /** The records behind one of them. */
  List<Item> behind(Item item) {
    return items.subList(items.indexOf(item) + 1, items.size());
  }

  /** A hash of a key: keys of the same hash are kept in order with each other, which harms none. */
  static long hash(byte[] key) {
    long hash = 0xCBF29CE484222325L;
    for (byte next : key) {
      hash = (hash ^ next) * 0x100000001B3L;
      hash ^= hash >>> 29;
    }
    return hash;
  }
}
