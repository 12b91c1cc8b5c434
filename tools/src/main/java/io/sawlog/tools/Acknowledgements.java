package io.sawlog.tools;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Counts the records that the log has acknowledged, and with {@code --json} prints each. */
final class Acknowledgements {
  private static final long LONGEST_DELAY_NS = TimeUnit.MILLISECONDS.toNanos(20);

  private final String topic;
  private final Output output;
  private final @Nullable JsonLines json;
  private long count;
  private long lastFlush = System.nanoTime();

  Acknowledgements(String topic, Output output, @Nullable JsonLines json) {
    this.topic = topic;
    this.output = output;
    this.json = json;
  }

  /** Takes note of records that are as safe as they were asked to be. */
  void add(int partition, long firstOffset, int records) {
    count += records;
    if (json != null) {
      for (long offset = firstOffset; offset < firstOffset + records; offset++) {
        json.begin()
            .text("topic", topic)
            .number("partition", partition)
            .number("offset", offset)
            .end();
      }
      if (System.nanoTime() - lastFlush > LONGEST_DELAY_NS) {
        flush();
      }
    }
  }

  /** Shows what was printed to whoever reads it. */
  void flush() {
    output.flush();
    lastFlush = System.nanoTime();
  }

  long count() {
    return count;
  }
}
