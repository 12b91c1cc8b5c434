package io.sawlog.tools;

import io.sawlog.log.Batch;
import io.sawlog.log.Header;
import io.sawlog.log.LogFullException;
import io.sawlog.log.Partition;
import io.sawlog.log.Topic;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Appends records in batches, one batch at a time for each partition, and hands on what the log has
 * acknowledged. With synced appends many batches are in flight at once, for a device flush takes as
 * long as a thousand appends. For one thread.
 */
final class Producer {
  private static final int MAX_IN_FLIGHT = 4096;
  private static final int ANY_PARTITION = -1;

  /** Retention makes room about once a second. */
  private static final long ROOM_POLL_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Topic topic;
  private final Settings settings;
  private final Acknowledgements acknowledged;
  private final BooleanSupplier cancelled;
  private final Pace pace;
  private final SortedMap<Integer, Batch> pending = new TreeMap<>();
  private final Deque<InFlight> inFlight = new ArrayDeque<>();
  private int nextPartition;
  private boolean hasWaited;
  private long unsent;

  /**
   * How to append.
   *
   * @param partition the only partition, or null to choose by key
   * @param batchSize the most records of a batch
   * @param synced whether an acknowledgement waits for the device
   * @param rate records a second, 0 for no limit
   * @param headers travel with every record
   */
  record Settings(
      @Nullable Integer partition,
      int batchSize,
      boolean synced,
      double rate,
      List<Header> headers) {}

  private record InFlight(int partition, int records, CompletableFuture<Long> offset) {}

  Producer(
      Topic topic, Settings settings, Acknowledgements acknowledged, BooleanSupplier cancelled) {
    this.topic = topic;
    this.settings = settings;
    this.acknowledged = acknowledged;
    this.cancelled = cancelled;
    this.pace = new Pace(settings.rate());
  }

  /** Adds a record, which is appended when its batch is full, or with {@link #finish}. */
  void add(LineRecord record) {
    int lane = lane(record.key());
    Batch batch = pending.computeIfAbsent(lane, unused -> new Batch());
    if (batch.size() > 0 && !hasRoom(batch, record)) {
      send(lane, batch);
    }
    if (settings.headers().isEmpty()) {
      batch.add(record.key(), record.value());
    } else {
      batch.add(record.key(), record.value(), settings.headers());
    }
    if (batch.size() >= settings.batchSize()) {
      send(lane, batch);
    }
  }

  /** Records of one key go one way; those without a key take turns, a batch at a time. */
  private int lane(byte @Nullable [] key) {
    Integer fixed = settings.partition();
    if (fixed != null) {
      return fixed;
    }
    if (topic.partitionCount() == 1) {
      return 0;
    }
    return key == null ? ANY_PARTITION : topic.partitionFor(key);
  }

  /** Generous about the coding of lengths: a batch may be a little smaller than it could be. */
  private boolean hasRoom(Batch batch, LineRecord record) {
    byte[] key = record.key();
    long needed = 64L + record.value().length + (key == null ? 0 : key.length);
    for (Header header : settings.headers()) {
      needed += 16L + 3L * header.name().length() + header.value().length;
    }
    return batch.sizeBytes() + needed <= topic.config().maxFrameBytes();
  }

  private void send(int lane, Batch batch) {
    if (pace.mustWait()) {
      settle();
    }
    pace.await(batch.size(), cancelled);
    Partition partition = topic.partition(lane == ANY_PARTITION ? takeTurn() : lane);
    try {
      append(partition, batch);
    } catch (LogFullException e) {
      awaitRoom(e, partition, batch);
    }
    batch.clear();
  }

  private void append(Partition partition, Batch batch) {
    if (settings.synced()) {
      inFlight.add(new InFlight(partition.number(), batch.size(), partition.appendAsync(batch)));
      acknowledgeDone();
    } else {
      acknowledged.add(partition.number(), partition.append(batch), batch.size());
    }
  }

  /** Groups that go on make room by themselves, as they are meant to; a full disk does not. */
  private void awaitRoom(LogFullException refused, Partition partition, Batch batch) {
    LogFullException full = refused;
    settle();
    while (full.isHeldByGroups()) {
      if (!hasWaited) {
        hasWaited = true;
        System.err.println("sawlog: waiting for room: " + full.getMessage());
      }
      LockSupport.parkNanos(ROOM_POLL_NS);
      if (cancelled.getAsBoolean()) {
        unsent += batch.size();
        return;
      }
      try {
        append(partition, batch);
        return;
      } catch (LogFullException e) {
        full = e;
      }
    }
    throw full;
  }

  private int takeTurn() {
    int turn = nextPartition;
    nextPartition = (turn + 1) % topic.partitionCount();
    return turn;
  }

  /** Acknowledges in the order of the input, so what is done behind something undone waits. */
  private void acknowledgeDone() {
    while (!inFlight.isEmpty()
        && (inFlight.size() > MAX_IN_FLIGHT || inFlight.element().offset().isDone())) {
      acknowledgeFirst();
    }
  }

  private void acknowledgeFirst() {
    InFlight first = inFlight.remove();
    acknowledged.add(first.partition(), first.offset().join(), first.records());
  }

  /** Appends what is pending, waits for every acknowledgement, and shows them. */
  void finish() {
    pending.forEach(
        (lane, batch) -> {
          if (batch.size() > 0) {
            send(lane, batch);
          }
        });
    settle();
  }

  /** How many records were given up because it was cancelled while they waited for room. */
  long unsent() {
    return unsent;
  }

  /**
   * Waits for what was appended, and shows what of it was acknowledged, also behind a failure. What
   * was not appended stays so.
   */
  void settle() {
    RuntimeException failure = null;
    while (!inFlight.isEmpty()) {
      try {
        acknowledgeFirst();
      } catch (RuntimeException e) {
        failure = failure == null ? e : failure;
      }
    }
    acknowledged.flush();
    if (failure != null) {
      throw failure;
    }
  }
}
