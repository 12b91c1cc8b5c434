package io.sawlog.log;

import io.sawlog.log.file.DiskStorage;
import io.sawlog.log.file.Storage;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A store whose background the test drives: no thread runs, and time stands still until it is
 * moved.
 */
final class DrivenStore implements AutoCloseable {
  /** The time at which every test begins, epoch ms. */
  static final long START = 1_700_000_000_000L;

  final Sawlog log;
  final AtomicLong wallClock;
  private final Background background;

  private DrivenStore(Path directory, SawlogConfig config, Storage storage, AtomicLong wallClock) {
    this.wallClock = wallClock;
    this.background = new Background(wallClock::get);
    this.log = Sawlog.open(directory, config, storage, background, () -> {});
  }

  static DrivenStore open(Path directory) {
    return open(directory, SawlogConfig.defaults(), DiskStorage.open());
  }

  static DrivenStore open(Path directory, SawlogConfig config, Storage storage) {
    return open(directory, config, storage, START);
  }

  static DrivenStore open(Path directory, SawlogConfig config, Storage storage, long time) {
    return new DrivenStore(directory, config, storage, new AtomicLong(time));
  }

  /** Creates a topic, and returns its first partition. */
  Partition create(String topic, TopicConfig config) {
    return log.createTopic(topic, config).partition(0);
  }

  /** Moves the wall clock, forward or back, and lets the ticker see it. */
  void advance(long ms) {
    wallClock.addAndGet(ms);
    background.clock().tick();
  }

  /** The flusher looks at its watch. */
  int flusher(long nowNs) {
    return background.flush(nowNs);
  }

  /** The keeper does all that is due. */
  void keeper() {
    while (background.keep() > 0) {
      // until there is nothing left
    }
  }

  /** Retention looks at the clock once. */
  void retainOnce() {
    background.retain();
  }

  /** Retention looks at the clock, and flusher and keeper finish what that begins. */
  void retention() {
    for (int i = 0; i < 3; i++) {
      background.retain();
      log.flush();
      background.flush(1);
      keeper();
    }
    background.retain();
  }

  @Override
  public void close() {
    log.close();
  }
}
