package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sawlog.log.file.MappedRegion;
import io.sawlog.log.file.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a log takes of the disk, of the address space and of the threads: counted, not timed. */
class FootprintTest {
  private static final int RECORD = 100;
  private static final int BATCH = 100;
  private static final int SEALED_SEGMENTS = 4;
  private static final int PAGE = 4096;
  private static final int FLUSHES = 1000;
  private static final int PARTITIONS = 50;
  private static final TopicConfig CONFIG =
      TopicConfig.defaults().segmentBytes(1 << 20).flushPolicy(FlushPolicy.onRequest());

  private final UnsafeBuffer record = new UnsafeBuffer(new byte[RECORD]);

  @TempDir Path directory;

  @Test
  void shouldTakeAtMostOneAndAHalfTimesTheBytesOfSmallRecords() throws IOException {
    double bytes = bytesPerRecord(1);

    assertTrue(bytes <= 1.5 * RECORD, "bytes: " + bytes);
  }

  @Test
  void shouldTakeAtMostATenthMoreThanTheBytesOfRecordsInBatches() throws IOException {
    double bytes = bytesPerRecord(BATCH);

    assertTrue(bytes <= 1.1 * RECORD, "bytes: " + bytes);
  }

  /** What the file system has allocated for sealed segments and their indexes. */
  private double bytesPerRecord(int batchSize) throws IOException {
    assumeTrue(Shell.isLinux(), "skipped: needs du");
    Batch batch = new Batch();
    try (SmallStore store = new SmallStore(directory, new HookedStorage(), CONFIG)) {
      while (store.partition.segments().size() <= SEALED_SEGMENTS) {
        batch.clear();
        for (int i = 0; i < batchSize; i++) {
          batch.add(record, 0, RECORD);
        }
        store.partition.append(batch);
      }
      store.settle();
      List<SegmentInfo> segments = store.partition.segments();
      long allocated = 0;
      for (SegmentInfo sealed : segments.subList(0, SEALED_SEGMENTS)) {
        allocated += allocatedBytes(sealed.file());
        allocated += allocatedBytes(indexOf(sealed.file()));
      }
      return (double) allocated / segments.get(SEALED_SEGMENTS).baseOffset();
    }
  }

  @Test
  void shouldGiveBackWhatASealedSegmentDidNotUse() throws IOException {
    assumeTrue(Shell.isLinux(), "skipped: needs du");
    int used = 200_000;
    try (SmallStore store = new SmallStore(directory, new HookedStorage(), CONFIG)) {
      store.append(used);
      store.append(CONFIG.segmentBytes() - used);
      store.settle();

      long allocated = allocatedBytes(store.partition.segments().get(0).file());
      assertTrue(allocated >= used && allocated <= used + 2 * PAGE, "bytes: " + allocated);
    }
  }

  private static Path indexOf(Path segment) {
    return segment.resolveSibling(segment.getFileName().toString().replace(".log", ".index"));
  }

  private static long allocatedBytes(Path file) throws IOException {
    return Long.parseLong(
        Shell.output("du", "--block-size=1", file.toString()).split("\\s", -1)[0]);
  }

  /** Counts the bytes of the pages that are flushed. */
  private static final class CountingStorage extends HookedStorage {
    private long flushedBytes;
    private int forcedFiles;
    private int mappings;

    @Override
    MappedRegion mapped(Path file, MappedRegion region) {
      mappings++;
      return new HookedRegion(region) {
        @Override
        public void force(int position, int length) throws IOException {
          int first = position / PAGE;
          int end = (position + length + PAGE - 1) / PAGE;
          flushedBytes += (long) (end - first) * PAGE;
          super.force(position, length);
        }

        @Override
        public void unmap() {
          mappings--;
          super.unmap();
        }
      };
    }

    @Override
    void forcing(Path file) {
      forcedFiles++;
    }
  }

  @Test
  void shouldFlushNoMoreThanThePagesOfASyncedAppend() {
    CountingStorage storage = new CountingStorage();
    try (SmallStore store = new SmallStore(directory, storage, CONFIG)) {
      store.partition.appendSynced(record, 0, RECORD);
      storage.flushedBytes = 0;
      storage.forcedFiles = 0;

      for (int i = 0; i < FLUSHES; i++) {
        store.partition.appendSynced(record, 0, RECORD);
      }

      // a record that crosses into another page takes two
      double bytesPerFlush = (double) storage.flushedBytes / FLUSHES;
      assertTrue(
          bytesPerFlush >= PAGE && bytesPerFlush <= 1.1 * PAGE, "bytes a flush: " + bytesPerFlush);
      assertEquals(0, storage.forcedFiles);
    }
  }

  @Test
  void shouldNeedNoThreadOfItsOwnForAPartition() {
    try (Sawlog store = Sawlog.open(directory)) {
      Topic topic = store.createTopic("t", TopicConfig.defaults().partitions(PARTITIONS));
      topic.partition(0).append(record, 0, RECORD);
      List<String> withOne = threads();
      for (int i = 1; i < PARTITIONS; i++) {
        topic.partition(i).append(record, 0, RECORD);
      }

      List<String> withAll = threads();
      assertTrue(withAll.size() <= withOne.size(), "threads: " + withOne + ", then " + withAll);
    }
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("sawlog"))
        .sorted()
        .toList();
  }

  @Test
  void shouldMapOnlyTheSegmentThatIsWritten() {
    CountingStorage storage = new CountingStorage();
    try (SmallStore store = new SmallStore(directory, storage, CONFIG)) {
      while (store.partition.segments().size() <= SEALED_SEGMENTS) {
        store.partition.append(record, 0, RECORD);
      }
      store.settle();

      // the segment and its index
      assertTrue(storage.mappings <= 2, "mappings: " + storage.mappings);
    }
    assertEquals(0, storage.mappings);
  }

  @Test
  void shouldTakeLittleMoreThanItsFirstSegmentForAnIdlePartition() throws IOException {
    try (Sawlog store = Sawlog.open(directory)) {
      store.topic("t").partition(0).append(record, 0, RECORD);

      try (Stream<Path> files =
          Files.walk(store.topic("t").partition(0).segments().get(0).file().getParent())) {
        long bytes = files.filter(Files::isRegularFile).mapToLong(FootprintTest::length).sum();
        assertTrue(bytes <= 1.1 * (1 << 20), "bytes: " + bytes);
      }
    }
  }

  private static long length(Path file) {
    return file.toFile().length();
  }
}
