package io.sawlog.groups;

import io.sawlog.log.Message;
import io.sawlog.log.Partition;
import io.sawlog.log.TailerConfig;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The records of one partition that are under way: a window above the floor, whose size is limited,
 * so that memory depends on it and never on the backlog. What is behind the window is not looked
 * at.
 *
 * <p>Used under the group's lock.
 */
final class Lane implements AutoCloseable {
  private final int topic;
  private final TopicPartition name;
  private final Partition log;
  private final Progress progress;
  private final Source source;
  private final boolean ordered;
  private final int window;
  private final LaneReader ahead;
  private final LaneReader again;
  private final Long2ObjectHashMap<Item> items = new Long2ObjectHashMap<>();
  private final Long2ObjectHashMap<Chain> chains = new Long2ObjectHashMap<>();
  private final TreeSet<Item> ready = new TreeSet<>(Comparator.comparingLong(Item::offset));

  /** Offsets above the floor that have no record, and those of them not recorded yet. */
  private final OffsetRanges gaps = new OffsetRanges();

  private OffsetRanges newGaps = new OffsetRanges();
  private long scanned;
  private boolean lossNoticed;
  private long stalledAt = -1;

  /** Which offsets of the partition are wanted. */
  interface Source {
    /**
     * The first offset at or above this one that has to be looked at; negative if there is none.
     */
    long firstWanted(long offset);
  }

  Lane(
      int topic,
      TopicPartition name,
      Partition log,
      Progress progress,
      Source source,
      Queue queue,
      int window) {
    this.topic = topic;
    this.name = name;
    this.log = log;
    this.progress = progress;
    this.source = source;
    this.ordered = queue.order() == Order.KEY && topic != Event.DEAD_LETTERS;
    this.window = window;
    TailerConfig config = TailerConfig.defaults().visibility(queue.visibility());
    this.ahead = new LaneReader(log, config);
    this.again = new LaneReader(log, config);
    this.scanned = progress.floor();
  }

  int topic() {
    return topic;
  }

  TopicPartition name() {
    return name;
  }

  Partition log() {
    return log;
  }

  Progress progress() {
    return progress;
  }

  @Nullable Item item(long offset) {
    return items.get(offset);
  }

  Iterable<Item> items() {
    return items.values();
  }

  List<Item> itemsBelow(long offset) {
    return items.values().stream().filter(item -> item.offset() < offset).toList();
  }

  /** How many records lie between the floor and the last one that was looked at. */
  long windowSize() {
    long floor = Math.min(progress.floor(), scanned);
    gaps.remove(0, floor);
    return scanned - floor - gaps.count(floor, scanned);
  }

  boolean isWindowFull() {
    return windowSize() >= window;
  }

  /** The first record that may be leased now and might have ended a process; null if none. */
  @Nullable Item firstSuspect() {
    if (progress.suspects().isEmpty()) {
      return null;
    }
    for (Item item : ready) {
      if (progress.suspects().contains(item.offset())) {
        return item;
      }
    }
    return null;
  }

  boolean hasSuspectInFlight() {
    for (int i = 0; i < progress.suspects().rangeCount(); i++) {
      for (long at = progress.suspects().from(i); at < progress.suspects().to(i); at++) {
        Item item = items.get(at);
        if (item != null && item.leased) {
          return true;
        }
      }
    }
    return false;
  }

  /** Picks records that have been read before and may be leased now. */
  void pickReady(Picks picks) {
    if (ready.isEmpty() || picks.isFull()) {
      return;
    }
    for (Item item : readyItems()) {
      if (picks.isFull()) {
        return;
      }
      if (!item.alone) {
        picks.add(item, read(item));
        pickRun(item, picks);
      } else if (picks.isEmpty()) {
        picks.addAlone(item, read(item));
      }
    }
  }

  /** Records of the same key behind one that was picked go to the same worker. */
  private void pickRun(Item first, Picks picks) {
    Chain chain = first.chain();
    if (chain == null || chain.items().size() == 1) {
      return;
    }
    for (Item item : chain.behind(first)) {
      boolean mayFollow =
          !item.isBusy() && !item.alone && !progress.suspects().contains(item.offset());
      if (!mayFollow || picks.isFull()) {
        return;
      }
      picks.add(item, read(item));
    }
  }

  /** Reads a record once more. */
  Message read(Item item) {
    Message message = again.next(item.offset());
    if (message == null || message.offset() != item.offset()) {
      throw new IllegalStateException(
          name + ": record " + item.offset() + " was read, and is not there any more");
    }
    return message;
  }

  /** Receives a record that has failed too often already. */
  interface Undertaker {
    void bury(Message message);
  }

  /** Reads ahead, and picks what may be leased at once. */
  void scan(Picks picks, int maxAttempts, Undertaker undertaker) {
    while (!picks.isFull() && !isWindowFull()) {
      if (!scanOne(picks, maxAttempts, undertaker)) {
        return;
      }
    }
  }

  /** Reads ahead up to the records that might have ended a process, picking nothing. */
  void scanSuspects(int maxAttempts, Undertaker undertaker) {
    Picks none = new Picks(0);
    while (scanned < progress.suspects().end()) {
      if (!scanOne(none, maxAttempts, undertaker)) {
        return;
      }
    }
  }

  /** The first offset ahead that has to be looked at; negative if there is none. */
  long nextWanted() {
    return source.firstWanted(Math.max(scanned, progress.floor()));
  }

  /** What may be leased now; a copy. */
  List<Item> readyItems() {
    return List.copyOf(ready);
  }

  private boolean scanOne(Picks picks, int maxAttempts, Undertaker undertaker) {
    long from = nextWanted();
    Message message = from < 0 ? null : ahead.next(from);
    if (message == null) {
      return false;
    }
    long offset = message.offset();
    if (offset > from) {
      gaps.add(from, offset);
      newGaps.add(from, offset);
    }
    if (source.firstWanted(offset) == offset && !items.containsKey(offset)) {
      if (progress.failures(offset) >= maxAttempts) {
        undertaker.bury(message);
      } else {
        add(message, picks);
      }
    }
    // last, so that what could not be buried is looked at again
    scanned = offset + 1;
    return true;
  }

  private void add(Message message, Picks picks) {
    byte[] key = message.key();
    Item item = new Item(this, message.offset(), ordered && key != null ? chainOf(key) : null);
    items.put(item.offset(), item);
    Item before = null;
    if (item.chain() != null) {
      item.chain().items().add(item);
      before = item.chain().beforeLast();
    }
    boolean follows = before == null || before.picked == picks;
    if (follows && !picks.isFull() && !progress.suspects().contains(item.offset())) {
      picks.add(item, message);
    } else {
      settle(item);
    }
  }

  private Chain chainOf(byte[] key) {
    long hash = Chain.hash(key);
    Chain chain = chains.get(hash);
    if (chain == null) {
      chain = new Chain(hash);
      chains.put(hash, chain);
    }
    return chain;
  }

  /** The gaps that were found and have to be recorded as finished. */
  OffsetRanges takeNewGaps() {
    OffsetRanges taken = newGaps;
    newGaps = new OffsetRanges();
    return taken;
  }

  /** They could not be recorded. */
  void putBackNewGaps(OffsetRanges taken) {
    newGaps.addAll(taken);
  }

  /** Whether the window is full and was not, or began elsewhere, the last time. */
  boolean hasNewlyStalled() {
    boolean stalled = isWindowFull() && stalledAt != progress.floor();
    stalledAt = isWindowFull() ? progress.floor() : -1;
    return stalled;
  }

  /** Somebody has a record now. */
  void lease(Item item) {
    ready.remove(item);
  }

  /** Decides whether a record may be leased now. */
  void settle(Item item) {
    if (!item.isBusy() && item.isFirst()) {
      ready.add(item);
    } else {
      ready.remove(item);
    }
  }

  /** A record is finished: its successor may follow. */
  void drop(Item item) {
    items.remove(item.offset());
    ready.remove(item);
    Chain chain = item.chain();
    if (chain != null) {
      chain.items().remove(item);
      Item first = chain.first();
      if (first == null) {
        chains.remove(chain.keyHash());
      } else {
        settle(first);
      }
    }
  }

  /** The records of the same key behind one, which a worker has but must not handle before it. */
  List<Item> leasedBehind(Item item) {
    Chain chain = item.chain();
    return chain == null ? List.of() : chain.behind(item).stream().filter(i -> i.leased).toList();
  }

  /** Looks again at offsets that were passed. */
  void rescan() {
    scanned = progress.floor();
  }

  boolean isLossNoticed() {
    return lossNoticed;
  }

  void lossNoticed(boolean noticed) {
    lossNoticed = noticed;
  }

  @Override
  public void close() {
    ahead.close();
    again.close();
  }
}
