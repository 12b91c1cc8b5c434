package io.sawlog.bench;

import io.sawlog.groups.Groups;
import io.sawlog.log.Batch;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Sawlog;
import io.sawlog.log.SegmentInfo;
import io.sawlog.log.Tailer;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Sawlog with its default configuration: one topic, one partition. */
final class SawlogLog implements AutoCloseable {
  static final String TOPIC = "bench";

  private final UnsafeBuffer payload = new UnsafeBuffer(Payload.bytes());
  private final Path directory = Directory.create();
  private final Sawlog store = Sawlog.open(directory);
  private final Partition partition = store.topic(TOPIC).partition(0);

  Path directory() {
    return directory;
  }

  long append() {
    return partition.append(payload, 0, Payload.LENGTH);
  }

  /** Appends a record that begins with a number. */
  long append(long number) {
    payload.putLong(0, number);
    return append();
  }

  /** Appends so many records as one batch, made anew in memory that is used again. */
  long append(Batch batch, int records) {
    batch.clear();
    for (int i = 0; i < records; i++) {
      batch.add(payload, 0, Payload.LENGTH);
    }
    return partition.append(batch);
  }

  long appendSynced() {
    return partition.appendSynced(payload, 0, Payload.LENGTH);
  }

  void flush() {
    partition.flush();
  }

  /** Gives back the disk of all but the last segment, as retention does in a running program. */
  void trim() {
    partition.deleteBefore(partition.logEndOffset());
  }

  /** The first offset of the segment that is written. */
  long activeBaseOffset() {
    List<SegmentInfo> segments = partition.segments();
    return segments.get(segments.size() - 1).baseOffset();
  }

  /** The append time of a record, epoch ms. */
  long timeOf(long offset) {
    return partition.read(Position.atOffset(offset)).iterator().next().appendTime();
  }

  Groups groups() {
    return Groups.of(store);
  }

  Tailer tailer() {
    return partition.tailer(Position.earliest());
  }

  @Override
  public void close() {
    store.close();
    Directory.delete(directory);
  }
}
