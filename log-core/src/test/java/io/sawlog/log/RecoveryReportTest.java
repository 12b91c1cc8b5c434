package io.sawlog.log;

import static io.sawlog.log.Logs.appendNumbers;
import static io.sawlog.log.Logs.numbers;
import static io.sawlog.log.Logs.small;
import static io.sawlog.log.Logs.values;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.RecoveryReport.Cause;
import io.sawlog.log.RecoveryReport.PartitionRecovery;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryReportTest {
  private static final SawlogConfig PLAIN = SawlogConfig.defaults();
  private static final long GAP = 1L << 31;

  @TempDir Path directory;
  private final FaultyStorage storage = new FaultyStorage();
  private Path died;

  /** Twenty records, of which ten are durable, in a store whose process has died. */
  @BeforeEach
  void die() throws IOException {
    Path original = directory.resolve("original");
    died = directory.resolve("died");
    try (DrivenStore store = DrivenStore.open(original, PLAIN, storage)) {
      Partition partition = store.create("t", small());
      appendNumbers(partition, 0, 10);
      partition.flush();
      appendNumbers(partition, 10, 20);
      Logs.copyTree(original, died);
    }
  }

  private DrivenStore open(SawlogConfig config) {
    return DrivenStore.open(died, config, storage);
  }

  private static PartitionRecovery only(DrivenStore store) {
    RecoveryReport report = store.log.recoveryReport();
    assertEquals(1, report.partitions().size());
    assertFalse(report.isClean());
    return report.partitions().get(0);
  }

  @Test
  void shouldBeEmptyAfterACleanClose() {
    try (DrivenStore store = open(PLAIN)) {
      assertFalse(store.log.recoveryReport().isClean());
    }
    try (DrivenStore store = open(PLAIN)) {
      assertTrue(store.log.recoveryReport().isClean());
      assertEquals(List.of(), store.log.recoveryReport().partitions());
      assertEquals(20, store.log.topic("t").partition(0).durableOffset());
    }
  }

  @Test
  void shouldTellOfAProcessThatEndedWithoutClosing() {
    try (DrivenStore store = open(PLAIN)) {
      PartitionRecovery recovery = only(store);

      assertEquals("t", recovery.topic());
      assertEquals(0, recovery.partition());
      assertEquals(Cause.PROCESS_ENDED, recovery.cause());
      assertEquals(10, recovery.recoveryPoint());
      assertEquals(20, recovery.endOffset());
      assertEquals(20, recovery.nextOffset());
      assertTrue(recovery.scannedBytes() > 0);
      assertEquals(0, recovery.abortedRecords());
      assertEquals(List.of(), recovery.setAside());
      assertEquals(numbers(0, 20), values(store.log.topic("t").partition(0)));
      assertEquals(20, store.log.topic("t").append("goes on").offset());
    }
  }

  @Test
  void shouldCountTheAppendsThatNeverFinished() throws IOException {
    claim(12);

    try (DrivenStore store = open(PLAIN)) {
      PartitionRecovery recovery = only(store);
      Partition partition = store.log.topic("t").partition(0);

      assertEquals(Cause.PROCESS_ENDED, recovery.cause());
      assertEquals(1, recovery.abortedRecords());
      assertEquals(20, recovery.endOffset());
      List<String> kept = numbers(0, 20);
      kept.remove(12);
      assertEquals(kept, values(partition));
      assertEquals(20, partition.recordCount());
    }
  }

  @Test
  void shouldTellOfABootSince() {
    storage.boot = "second boot";

    try (DrivenStore store = open(PLAIN)) {
      PartitionRecovery recovery = only(store);

      assertEquals(Cause.POWER_LOSS, recovery.cause());
      assertEquals(20, recovery.endOffset());
      assertTrue(recovery.nextOffset() >= 20 + GAP);
      assertEquals(recovery.nextOffset(), store.log.topic("t").append("after it").offset());
    }
  }

  @Test
  void shouldSayThatTheCallerAskedForIt() {
    try (DrivenStore store = open(PLAIN.withAfterPowerLoss())) {
      PartitionRecovery recovery = only(store);

      assertEquals(Cause.POWER_LOSS, recovery.cause());
      assertTrue(recovery.details().toString().contains("caller"), recovery.details().toString());
    }
  }

  @Test
  void shouldEndTheLogAtATornFrameAfterABootAndSayWhere() throws IOException {
    Logs.flipBit(segment(), positionOf(15) + FrameFormat.HEADER_LENGTH);
    storage.boot = "second boot";

    try (DrivenStore store = open(PLAIN)) {
      PartitionRecovery recovery = only(store);

      assertEquals(15, recovery.endOffset());
      assertEquals(numbers(0, 15), values(store.log.topic("t").partition(0)));
      assertEquals(15, store.log.topic("t").partition(0).recordCount());
      String details = recovery.details().toString();
      assertTrue(details.contains(segment().toString()), details);
      assertTrue(details.contains(String.valueOf(positionOf(15))), details);
    }
  }

  @Test
  void shouldKeepTheBytesBehindATornFrameButForThoseThatTheEndTakes() throws IOException {
    Logs.flipBit(segment(), positionOf(15) + FrameFormat.HEADER_LENGTH);
    storage.boot = "second boot";
    byte[] before = Files.readAllBytes(segment());

    open(PLAIN).close();

    byte[] after = Files.readAllBytes(segment());
    int end = positionOf(15) + FrameFormat.HEADER_LENGTH;
    assertEquals(
        ByteBuffer.wrap(before, end, before.length - end),
        ByteBuffer.wrap(after, end, after.length - end));
  }

  @Test
  void shouldCallAContradictionByItsName() throws IOException {
    Logs.flipBit(segment(), positionOf(15) + FrameFormat.HEADER_LENGTH);

    try (DrivenStore store = open(PLAIN)) {
      PartitionRecovery recovery = only(store);

      assertEquals(Cause.CONTRADICTION, recovery.cause());
      assertEquals(15, recovery.endOffset());
      assertTrue(recovery.nextOffset() >= 15 + GAP);
      assertFalse(recovery.details().isEmpty());
    }
  }

  @Test
  void shouldEndTheLogBeforeAHoleWhoseBytesCannotHoldWhatIsMissing() throws IOException {
    claim(12);
    byte[] log = Files.readAllBytes(segment());
    int length = positionOf(12) - positionOf(11);
    System.arraycopy(log, positionOf(11), log, positionOf(13), length);
    Files.write(segment(), log);

    try (DrivenStore store = open(PLAIN)) {
      PartitionRecovery recovery = only(store);
      Partition partition = store.log.topic("t").partition(0);

      assertEquals(Cause.CONTRADICTION, recovery.cause());
      assertEquals(12, recovery.endOffset());
      assertEquals(numbers(0, 12), values(partition));
      assertEquals(12, partition.recordCount());
    }
  }

  @Test
  void shouldTellOfAFlushThatFailed() {
    DrivenStore failing = open(PLAIN);
    Partition failed = failing.log.topic("t").partition(0);
    appendNumbers(failed, 20, 25);
    storage.unforceable = FaultyStorage::isSegment;
    assertThrows(FailedLogException.class, failed::flush);
    storage.unforceable = path -> false;
    assertThrows(FailedLogException.class, failing::close);

    try (DrivenStore store = open(PLAIN)) {
      PartitionRecovery recovery = only(store);

      assertEquals(Cause.FAILED_FLUSH, recovery.cause());
      assertEquals(20, recovery.recoveryPoint());
      assertEquals(25, recovery.endOffset());
      assertTrue(recovery.nextOffset() >= 25 + GAP);
      assertEquals(numbers(0, 25), values(store.log.topic("t").partition(0)));
    }
  }

  @Test
  void shouldNameTheFilesThatWereSetAside() throws IOException {
    try (DrivenStore store = open(PLAIN)) {
      Partition partition = store.log.topic("t").partition(0);
      Logs.fillSegments(partition, 3);
      Path next = directory.resolve("next");
      Logs.copyTree(died, next);
      died = next;
    }
    Path second = SegmentFiles.list(place()).found().get(1).path();
    Logs.flipBit(second, SegmentHeader.LENGTH + FrameFormat.HEADER_LENGTH);
    storage.boot = "second boot";

    try (DrivenStore store = open(PLAIN)) {
      PartitionRecovery recovery = only(store);

      assertEquals(1, recovery.setAside().size());
      Path renamed =
          recovery
              .setAside()
              .get(0)
              .resolveSibling(recovery.setAside().get(0).getFileName() + SegmentFiles.ASIDE_SUFFIX);
      assertTrue(Files.exists(renamed), renamed.toString());
      assertFalse(Files.exists(recovery.setAside().get(0)));
      assertEquals(2, store.log.topic("t").partition(0).segments().size());
    }
  }

  @Test
  void shouldReadNothingBelowTheRecoveryPoint() throws IOException {
    try (DrivenStore store = open(PLAIN)) {
      Partition partition = store.log.topic("t").partition(0);
      Logs.fillSegments(partition, 5);
      partition.flush();
      appendNumbers(partition, 0, 1);
      Path next = directory.resolve("next");
      Logs.copyTree(died, next);
      died = next;
    }

    try (DrivenStore store = open(PLAIN)) {
      PartitionRecovery recovery = only(store);

      assertEquals(recovery.endOffset() - 1, recovery.recoveryPoint());
      assertTrue(recovery.scannedBytes() < 100, "scanned " + recovery.scannedBytes());
    }
  }

  private PartitionPlace place() {
    return new PartitionPlace(storage, died.resolve("t/0"), "t", readTopicId(), 0);
  }

  private UUID readTopicId() {
    try {
      return TopicProperties.read(storage, died.resolve("t")).topicId();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path segment() {
    return died.resolve("t/0").resolve(SegmentHeader.fileName(0));
  }

  /** Where the frame of an offset is in the first segment. */
  private int positionOf(int offset) throws IOException {
    UnsafeBuffer bytes = new UnsafeBuffer(Files.readAllBytes(segment()));
    int position = SegmentHeader.LENGTH;
    for (int i = 0; i < offset; i++) {
      position += Math.abs(FrameFormat.length(bytes, position));
    }
    return position;
  }

  /** Makes the frame of an offset one that was claimed and never published. */
  private void claim(int offset) throws IOException {
    byte[] bytes = Files.readAllBytes(segment());
    UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    int position = positionOf(offset);
    buffer.putInt(position, -FrameFormat.length(buffer, position));
    Files.write(segment(), bytes);
  }
}
