package io.sawlog.bench;

import java.nio.file.Path;
import java.util.Objects;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * A Chronicle Queue with its default block size and a file a day. The pretoucher is not in the open
 * source edition: whoever asks for one gets one that does nothing.
 */
final class ChronicleLog implements AutoCloseable {
  private final Path directory = Directory.create();
  private final SingleChronicleQueue queue;

  /** A queue with a sync mode: without {@code SYNC}, its {@code sync} does nothing. */
  ChronicleLog(SyncMode syncMode) {
    queue =
        ChronicleQueue.singleBuilder(directory)
            .rollCycle(RollCycles.FAST_DAILY)
            .syncMode(syncMode)
            .build();
  }

  Appender appender() {
    return new Appender(queue.createAppender());
  }

  Reader reader() {
    return new Reader(queue);
  }

  @Override
  public void close() {
    queue.close();
    Directory.delete(directory);
  }

  /** For one thread. */
  static final class Appender {
    private final ExcerptAppender appender;
    private final Bytes<?> payload = Bytes.allocateDirect(Payload.bytes());

    private Appender(ExcerptAppender appender) {
      this.appender = appender;
    }

    /** Of the two ways to append plain bytes, this one was faster than a writing document. */
    void append() {
      appender.writeBytes(payload);
    }

    /** Appends a record that begins with a number. */
    void append(long number) {
      payload.writeLong(0, number);
      append();
    }

    void appendSynced() {
      append();
      appender.sync();
    }
  }

  /** For one thread. */
  static final class Reader {
    private final SingleChronicleQueue queue;
    private final ExcerptTailer tailer;
    private final byte[] record = new byte[Payload.LENGTH];

    private Reader(SingleChronicleQueue queue) {
      this.queue = queue;
      this.tailer = queue.createTailer();
    }

    /** Takes the next record; says whether there was one. */
    boolean read() {
      try (DocumentContext document = tailer.readingDocument()) {
        if (!document.isPresent()) {
          return false;
        }
        Objects.requireNonNull(document.wire()).bytes().read(record);
        return true;
      }
    }

    void toStart() {
      tailer.toStart();
    }

    /** Goes to a record; its number among all records of a queue that has not rolled. */
    void toRecord(long number) {
      if (!tailer.moveToIndex(queue.rollCycle().toIndex(queue.lastCycle(), number))) {
        throw new IllegalStateException("no record " + number);
      }
    }

    byte[] record() {
      return record;
    }
  }
}
