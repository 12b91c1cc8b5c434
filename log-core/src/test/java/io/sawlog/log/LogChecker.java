package io.sawlog.log;

import io.sawlog.index.HeaderCheck;
import io.sawlog.index.IndexAudit;
import io.sawlog.index.IndexHeader;
import io.sawlog.index.SparseIndex;
import io.sawlog.log.PartitionModel.Read;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.FrameCheck;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import io.sawlog.log.segment.SegmentScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;

/** Reads partitions in every way there is, and compares. */
final class LogChecker {
  private LogChecker() {}

  static List<Read> readAll(Partition partition, Position from, Visibility visibility) {
    List<Read> reads = new ArrayList<>();
    TailerConfig config = TailerConfig.defaults().visibility(visibility);
    try (Tailer tailer = partition.tailer(from, config)) {
      MessageHandler handler =
          message ->
              reads.add(new Read(message.offset(), Payload.check(message), message.appendTime()));
      while (tailer.poll(handler, 1000) > 0) {
        // until nothing more is there
      }
    }
    return reads;
  }

  /** Looks up random offsets and times, and counts from there. */
  static void checkLookUps(
      Partition partition, PartitionModel model, List<Read> reads, SplittableRandom random) {
    long start = partition.logStartOffset();
    long end = partition.logEndOffset();
    for (int i = 0; i < 3; i++) {
      Read any = reads.isEmpty() ? null : reads.get(random.nextInt(reads.size()));
      long offset = any == null ? start : Math.max(start, any.offset() + random.nextInt(3) - 1);
      offset = Math.min(offset, end);
      Read expected = first(reads, offset, Long.MIN_VALUE);
      Read found = firstRead(partition, Position.atOffset(offset));
      check(equal(expected, found), "offset " + offset + ": " + found + ", not " + expected);
      long counted = model.countFrom(offset, end);
      check(
          partition.recordsFrom(offset) == counted,
          partition.recordsFrom(offset) + " records from " + offset + ", not " + counted);

      long time = any == null ? 1 : any.time() + random.nextInt(3) - 1;
      Read inTime = first(reads, Long.MIN_VALUE, time);
      long answer = partition.offsetAtTime(Instant.ofEpochMilli(time));
      boolean right =
          inTime != null
              ? firstRead(partition, Position.atOffset(answer)).equals(inTime)
              : answer <= end && (reads.isEmpty() || answer > reads.get(reads.size() - 1).offset());
      check(right, "time " + time + " is at offset " + answer + ", not at " + inTime);
    }
    check(
        partition.recordCount() == model.countFrom(start, end),
        partition.recordCount() + " records, not " + model.countFrom(start, end));
  }

  private static boolean equal(Read expected, Read found) {
    return expected == null ? found == null : expected.equals(found);
  }

  private static Read first(List<Read> reads, long offset, long time) {
    return reads.stream()
        .filter(read -> read.offset() >= offset && read.time() >= time)
        .findFirst()
        .orElse(null);
  }

  private static Read firstRead(Partition partition, Position position) {
    Read[] found = {null};
    try (Tailer tailer = partition.tailer(position)) {
      tailer.poll(
          message ->
              found[0] = new Read(message.offset(), Payload.check(message), message.appendTime()),
          1);
    }
    return found[0];
  }

  /** No index says something else than the frames of its segment. */
  static void checkIndexes(PartitionPlace place) {
    try {
      for (SegmentFiles.Found found : SegmentFiles.list(place).found()) {
        if (found.header() != null) {
          checkIndex(place.storage(), found.path(), found.header());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void checkIndex(Storage storage, Path segment, SegmentHeader header)
      throws IOException {
    UnsafeBuffer bytes = IndexFile.readFile(storage, IndexFile.beside(segment));
    if (!(IndexHeader.check(bytes, header.salt(), header.baseOffset(), header.capacity())
        instanceof HeaderCheck.Valid valid)) {
      return;
    }
    IndexAudit audit = new IndexAudit(new SparseIndex(bytes, valid.header()));
    try (StorageFile file = storage.open(segment, Storage.Access.READ)) {
      SegmentScanner scanner = new SegmentScanner(file, header);
      long expected = header.baseOffset();
      while (scanner.check(expected) == FrameCheck.VALID
          && scanner.kind() != FrameFormat.KIND_END) {
        expected = scanner.nextOffset();
        audit.onFrame(
            scanner.position(),
            scanner.position() + scanner.length(),
            (int) (expected - header.baseOffset()),
            scanner.appendTime());
        scanner.skip();
      }
    }
    check(
        audit.firstContradiction().isEmpty(),
        "the index of " + segment + " is wrong: " + audit.firstContradiction());
  }

  static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
