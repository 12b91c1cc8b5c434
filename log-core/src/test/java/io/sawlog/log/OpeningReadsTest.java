package io.sawlog.log;

import static io.sawlog.log.Logs.appendNumbers;
import static io.sawlog.log.Logs.fillSegments;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.file.Storage;
import io.sawlog.log.segment.SegmentHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much of a store opening reads: what is durable is not looked at again. */
class OpeningReadsTest {
  private static final String LAST_BOOT = "the boot that ended";

  @TempDir Path directory;

  private final RecordingStorage storage = new RecordingStorage();
  private Path killed;
  private Hints recoveryPoint;

  private record Read(Path file, long position, int length) {
    /** Whether it is of nothing but the header of a segment. */
    boolean isHeader() {
      return position + length <= SegmentHeader.LENGTH;
    }

    long segmentBase() {
      String name = file.getFileName().toString();
      return Long.parseLong(name.substring(0, name.indexOf('.')));
    }
  }

  private static final class RecordingStorage extends FaultyStorage {
    final List<Read> reads = new CopyOnWriteArrayList<>();

    @Override
    void reading(Path file, long position, int length) {
      if (file.toString().endsWith(SegmentHeader.FILE_SUFFIX)) {
        reads.add(new Read(file, position, length));
      }
    }
  }

  /** Four segments, durable to the middle of the third, as they lie there after a kill. */
  @BeforeEach
  void killAWriter() throws IOException {
    Path running = directory.resolve("running");
    killed = directory.resolve("killed");
    storage.boot = LAST_BOOT;
    try (DrivenStore store = DrivenStore.open(running, SawlogConfig.defaults(), storage)) {
      Partition partition = store.create("t", Logs.small());
      fillSegments(partition, 3);
      appendNumbers(partition, 0, 10);
      partition.flush();
      fillSegments(partition, 4);
      Logs.copyTree(running, killed);
    }
    try (PartitionMeta meta =
        PartitionMeta.open(storage, killed.resolve("t/0"), Storage.Access.READ)) {
      recoveryPoint = meta.readHints();
    }
    assertTrue(recoveryPoint.segmentBase() > 0 && recoveryPoint.position() > SegmentHeader.LENGTH);
    storage.reads.clear();
  }

  private void assertNothingBelowTheRecoveryPointWasRead() {
    assertFalse(storage.reads.isEmpty());
    for (Read read : storage.reads) {
      boolean above =
          read.segmentBase() > recoveryPoint.segmentBase()
              || (read.segmentBase() == recoveryPoint.segmentBase()
                  && read.position() >= recoveryPoint.position());
      assertTrue(above || read.isHeader(), read + " is below " + recoveryPoint);
    }
  }

  @Test
  void shouldReadNoFrameBelowTheRecoveryPointAfterAKill() {
    try (DrivenStore store = DrivenStore.open(killed, SawlogConfig.defaults(), storage)) {
      assertEquals(
          RecoveryReport.Cause.PROCESS_ENDED,
          store.log.recoveryReport().partitions().get(0).cause());

      assertNothingBelowTheRecoveryPointWasRead();
    }
  }

  @Test
  void shouldReadNoFrameBelowTheRecoveryPointAfterALossOfPower() {
    storage.boot = "the next boot";

    try (DrivenStore store = DrivenStore.open(killed, SawlogConfig.defaults(), storage)) {
      assertEquals(
          RecoveryReport.Cause.POWER_LOSS, store.log.recoveryReport().partitions().get(0).cause());

      assertNothingBelowTheRecoveryPointWasRead();
    }
  }

  @Test
  void shouldReadNoFrameBelowTheRecoveryPointToShowADeadStore() {
    try (Sawlog log = Sawlog.openReadOnly(killed, SawlogConfig.defaults(), storage)) {
      log.topic("t");

      assertNothingBelowTheRecoveryPointWasRead();
    }
  }

  @Test
  void shouldReadNothingButHeadersAndTheTailOfAStoreThatWasClosed() {
    try (DrivenStore store =
        DrivenStore.open(directory.resolve("running"), SawlogConfig.defaults(), storage)) {
      assertTrue(store.log.recoveryReport().isClean());

      for (Read read : storage.reads) {
        assertTrue(read.isHeader() || read.length() == Integer.BYTES, read.toString());
      }
    }
  }
}
