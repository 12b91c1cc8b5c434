package io.sawlog.log;

import io.sawlog.log.file.Storage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A store with one partition of small segments, whose background does nothing but what the test
 * tells it to, on the thread of the test.
 */
final class SmallStore implements AutoCloseable {
  static final int SEGMENT_BYTES = 64 << 10;
  static final TopicConfig CONFIG =
      TopicConfig.defaults().segmentBytes(SEGMENT_BYTES).flushPolicy(FlushPolicy.onRequest());

  final AtomicLong wallClock = new AtomicLong(1_000_000);
  final Background background = new Background(wallClock::get);
  final Sawlog log;
  final Partition partition;

  SmallStore(Path directory, Storage storage) {
    this(directory, storage, CONFIG);
  }

  SmallStore(Path directory, Storage storage, TopicConfig config) {
    log = Sawlog.open(directory, storage, background);
    Topic topic = log.hasTopic("t") ? log.topic("t") : log.createTopic("t", config);
    partition = topic.partition(0);
  }

  OpenPartition inside() {
    return (OpenPartition) partition.view();
  }

  long append(int valueLength) {
    return partition.append(null, new byte[valueLength]);
  }

  /** Appends until there is a segment more; returns the offset of its first record. */
  long roll() {
    int before = Math.max(1, partition.segments().size());
    long offset;
    do {
      offset = append(1000);
    } while (partition.segments().size() <= before);
    return offset;
  }

  /** Flushes everything and lets the keeper finish what there is to do. */
  void settle() {
    partition.flush();
    while (background.keep() > 0) {
      // another round
    }
  }

  List<Long> readAll(Tailer tailer) {
    List<Long> offsets = new ArrayList<>();
    while (tailer.poll(view -> offsets.add(view.offset()), 1000) > 0) {
      // until there is no more
    }
    return offsets;
  }

  @Override
  public void close() {
    log.close();
  }
}
