package io.sawlog.groups;

import io.sawlog.log.Message;
import java.util.ArrayList;
import java.util.List;

/** The records that a worker is about to be given. */
final class Picks {
  private final int limit;
  private final List<Item> items = new ArrayList<>();
  private final List<Message> messages = new ArrayList<>();
  private boolean closed;

  Picks(int limit) {
    this.limit = limit;
  }

  boolean isFull() {
    return closed || items.size() >= limit;
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  int size() {
    return items.size();
  }

  Item item(int index) {
    return items.get(index);
  }

  Message message(int index) {
    return messages.get(index);
  }

  void add(Item item, Message message) {
    item.picked = this;
    items.add(item);
    messages.add(message);
  }

  /** Takes a record, and no other. */
  void addAlone(Item item, Message message) {
    add(item, message);
    closed = true;
  }

  /** Forgets that the records were picked; returns them. */
  List<Item> dissolve() {
    items.forEach(item -> item.picked = null);
    return items;
  }
}
