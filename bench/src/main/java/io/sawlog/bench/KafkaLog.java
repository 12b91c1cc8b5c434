package io.sawlog.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.storage.log.FetchIsolation;
import org.apache.kafka.server.util.KafkaScheduler;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.log.metrics.BrokerTopicStats;

/**
 * The log of one partition as Kafka's broker keeps it, in this process, without the broker, its
 * network and its replicas. Topic configuration as delivered: segments of 1 GiB, no flush of its
 * own.
 */
final class KafkaLog implements AutoCloseable {
  private static final int MAX_TRANSACTION_MS = 900_000;
  private static final int PRODUCER_EXPIRATION_MS = 86_400_000;
  private static final int EXPIRATION_CHECK_MS = 600_000;
  private static final int LEADER_EPOCH = 0;

  private final Path directory = Directory.create();
  private final KafkaScheduler scheduler = new KafkaScheduler(1);
  private final BrokerTopicStats stats = new BrokerTopicStats();
  private final UnifiedLog log;

  /** A log that flushes only when it rolls, as Kafka does unless told otherwise. */
  KafkaLog() {
    this(Long.MAX_VALUE);
  }

  /**
   * A log that flushes after so many records.
   *
   * @param flushMessages what the topic has as {@code flush.messages}
   */
  KafkaLog(long flushMessages) {
    scheduler.startup();
    try {
      Path partition = Files.createDirectory(directory.resolve("bench-0"));
      log =
          UnifiedLog.create(
              partition.toFile(),
              new LogConfig(Map.of(TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG, flushMessages)),
              0,
              0,
              scheduler,
              stats,
              Time.SYSTEM,
              MAX_TRANSACTION_MS,
              new ProducerStateManagerConfig(PRODUCER_EXPIRATION_MS, false),
              EXPIRATION_CHECK_MS,
              new LogDirFailureChannel(1),
              true,
              Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Appender appender() {
    return new Appender(log);
  }

  Reader reader() {
    return new Reader(log);
  }

  /** How many records it has flushed. */
  long flushed() {
    return log.recoveryPoint();
  }

  @Override
  public void close() {
    try {
      log.close();
      scheduler.shutdown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stats.close();
    Directory.delete(directory);
  }

  /** For one thread. It encodes a batch as a producer does, into memory that is used again. */
  static final class Appender {
    private static final int MOST_BYTES = 1 << 20;

    private final UnifiedLog log;
    private final byte[] payload = Payload.bytes();
    private final ByteBuffer buffer = ByteBuffer.allocate(MOST_BYTES);

    private Appender(UnifiedLog log) {
      this.log = log;
    }

    /** Appends so many records as one batch. */
    void append(int records) {
      long now = System.currentTimeMillis();
      MemoryRecordsBuilder builder =
          MemoryRecords.builder(
              buffer.clear(), Compression.NONE, TimestampType.CREATE_TIME, /* baseOffset= */ 0);
      for (int i = 0; i < records; i++) {
        builder.append(now, null, payload);
      }
      try {
        log.appendAsLeader(builder.build(), LEADER_EPOCH);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * For one thread. It reads as much at once as a consumer fetches, and checks the CRC32C of each
   * batch as a consumer does.
   */
  static final class Reader {
    private static final int FETCH_BYTES = 1 << 20;

    private final UnifiedLog log;
    private final ByteBuffer fetched = ByteBuffer.allocate(FETCH_BYTES);
    private final byte[] record = new byte[Payload.LENGTH];
    private Iterator<? extends RecordBatch> batches = Collections.emptyIterator();
    private Iterator<Record> records = Collections.emptyIterator();
    private long nextOffset;

    private Reader(UnifiedLog log) {
      this.log = log;
    }

    /** Takes the next records, at most so many; says how many, 0 at the end of the log. */
    int read(int most) {
      int taken = 0;
      while (taken < most) {
        if (!records.hasNext() && !nextBatch()) {
          return taken;
        }
        while (taken < most && records.hasNext()) {
          records.next().value().get(record);
          taken++;
        }
      }
      return taken;
    }

    private boolean nextBatch() {
      if (!batches.hasNext()) {
        batches = fetch();
        if (!batches.hasNext()) {
          return false;
        }
      }
      RecordBatch batch = batches.next();
      batch.ensureValid();
      nextOffset = batch.nextOffset();
      records = batch.iterator();
      return true;
    }

    private Iterator<? extends RecordBatch> fetch() {
      try {
        Records found =
            log.read(nextOffset, FETCH_BYTES, FetchIsolation.LOG_END, /* minOneMessage= */ true)
                .records;
        if (!(found instanceof FileRecords part)) {
          return Collections.emptyIterator(); // the end: nothing to be read from a file
        }
        part.readInto(fetched.clear(), 0);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return MemoryRecords.readableRecords(fetched).batches().iterator();
    }

    void toStart() {
      nextOffset = 0;
    }

    byte[] record() {
      return record;
    }
  }
}
