package io.sawlog.log;

import static io.sawlog.log.Logs.fillSegments;
import static io.sawlog.log.Logs.small;
import static io.sawlog.log.Logs.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sawlog.log.file.Calls;
import io.sawlog.log.file.DiskStorage;
import io.sawlog.log.file.StorageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
  private static final int SEGMENT = 64 << 10;
  private static final long HOUR = Duration.ofHours(1).toMillis();

  @TempDir Path directory;
  private DrivenStore store;

  @AfterEach
  void close() {
    if (store != null) {
      store.close();
    }
  }

  private Partition open(Retention retention) {
    return open(retention, null);
  }

  private Partition open(Retention retention, RetentionFloors floors) {
    SawlogConfig config = SawlogConfig.defaults();
    store =
        DrivenStore.open(
            directory,
            floors == null ? config : config.withRetentionFloors(floors),
            DiskStorage.open());
    return store.create("t", small().retention(retention));
  }

  @Test
  void shouldKeepEverythingByDefault() {
    Partition partition = open(Retention.forever());
    fillSegments(partition, 4);

    store.advance(1000 * HOUR);
    store.retention();

    assertEquals(0, partition.logStartOffset());
    assertEquals(4, partition.segments().size());
  }

  @Test
  void shouldDeleteSegmentsWhoseLastRecordIsTooOld() {
    Partition partition = open(Retention.forever().maxAge(Duration.ofHours(1)));
    fillSegments(partition, 3);
    long base = partition.segments().get(2).baseOffset();
    store.advance(HOUR / 2);
    partition.append(null, utf8("younger, in the third segment"));
    Path first = Logs.segmentFile(partition, 0);

    store.advance(HOUR / 2);
    store.retention();
    assertEquals(0, partition.logStartOffset());

    store.advance(1);
    store.retention();
    assertEquals(base, partition.logStartOffset());
    assertEquals(1, partition.segments().size());
    assertFalse(Files.exists(first));
    assertFalse(Files.exists(IndexFile.beside(first)));
  }

  @Test
  void shouldRollAnActiveSegmentThatHasOutlivedItAndLetItGo() {
    Partition partition = open(Retention.forever().maxAge(Duration.ofHours(1)));
    Logs.appendNumbers(partition, 0, 10);

    store.advance(HOUR + 1);
    store.retention();

    assertEquals(10, partition.logStartOffset());
    assertEquals(10, partition.logEndOffset());
    assertEquals(0, partition.recordCount());
    assertEquals(10, partition.append(null, utf8("next")));
    assertEquals(List.of("next"), Logs.values(partition));
  }

  @Test
  void shouldKeepARecordThatIsYoungEnoughInAnActiveSegment() {
    Partition partition = open(Retention.forever().maxAge(Duration.ofHours(1)));
    Logs.appendNumbers(partition, 0, 10);
    store.advance(HOUR);
    partition.append(null, utf8("young"));

    store.advance(HOUR);
    store.retention();

    assertEquals(0, partition.logStartOffset());
    assertEquals(11, partition.recordCount());
  }

  @Test
  void shouldDeleteTheOldestSegmentsOfAPartitionThatIsTooLarge() {
    Partition partition = open(Retention.forever().maxBytes(3 * SEGMENT));
    fillSegments(partition, 7);
    long sizeBefore = partition.sizeBytes();

    store.retention();

    assertTrue(sizeBefore > 5 * SEGMENT);
    assertTrue(partition.sizeBytes() <= 3 * SEGMENT);
    assertTrue(partition.sizeBytes() > 2 * SEGMENT);
    assertEquals(partition.segments().get(0).baseOffset(), partition.logStartOffset());
  }

  /**
   * Of each file of 64 KiB only the first 40,000 bytes hold something: the next record is larger.
   */
  @Test
  void shouldCountWhatTheSegmentsHoldNotWhatTheyCouldHold() throws IOException {
    assumeHoles();
    Partition partition = open(Retention.forever().maxBytes(6 * 40_000));
    for (int i = 0; i < 9; i++) {
      partition.append(null, new byte[39_000]);
    }
    partition.flush();
    store.keeper();
    assertEquals(9, partition.segments().size());
    assertTrue(partition.sizeBytes() > 9 * 39_000, () -> partition.sizeBytes() + " bytes");
    assertTrue(partition.sizeBytes() < 9 * 45_000, () -> partition.sizeBytes() + " bytes");
    store.close();
    store = DrivenStore.open(directory);
    Partition again = store.log.topic("t").partition(0);
    long sizeBefore = again.sizeBytes();

    store.retention();

    assertTrue(sizeBefore > 9 * 39_000 && sizeBefore < 9 * 45_000, sizeBefore + " bytes");
    assertEquals(5, again.segments().size());
  }

  /** Skips the test where an unused end of a file takes room all the same. */
  private void assumeHoles() throws IOException {
    Path file = directory.resolve("hole");
    try (StorageFile created = Calls.POSIX.storage().create(file)) {
      created.allocate(1 << 16);
      created.punchHole(4096, (1 << 16) - 4096);
      assumeTrue(created.nextData(4096) == created.size(), "skipped: no holes here");
    }
    Files.delete(file);
  }

  @Test
  void shouldNeverDeleteTheActiveSegmentForItsSize() {
    Partition partition = open(Retention.forever().maxBytes(1));
    Logs.appendNumbers(partition, 0, 10);

    store.retention();

    assertEquals(Logs.numbers(0, 10), Logs.values(partition));
  }

  @Test
  void shouldTellReadersBelowTheLogStartWhereItIs() {
    Partition partition = open(Retention.forever().maxBytes(2 * SEGMENT));
    fillSegments(partition, 2);
    try (Tailer tailer = partition.tailer(Position.earliest())) {
      tailer.poll(view -> {}, 1);
      fillSegments(partition, 6);
      store.retention();
      long start = partition.logStartOffset();

      OffsetOutOfRangeException polled =
          assertThrows(OffsetOutOfRangeException.class, () -> tailer.poll(view -> {}, 1));
      OffsetOutOfRangeException opened =
          assertThrows(
              OffsetOutOfRangeException.class, () -> partition.tailer(Position.atOffset(0)));

      assertTrue(start > 0);
      assertEquals(start, polled.logStartOffset());
      assertEquals(start, opened.logStartOffset());
      assertEquals(partition.logEndOffset(), opened.logEndOffset());
      tailer.seek(Position.earliest());
      assertEquals(start, tailer.position());
    }
  }

  @Test
  void shouldKeepWhatTheConsumersHaveNotConsumed() {
    AtomicLong floor = new AtomicLong();
    Partition partition =
        open(
            Retention.forever()
                .maxBytes(2 * SEGMENT)
                .keepUnconsumed(Retention.UNLIMITED, ChronoUnit.FOREVER.getDuration()),
            (topic, id, number) -> OptionalLong.of(floor.get()));
    fillSegments(partition, 6);
    List<SegmentInfo> segments = partition.segments();

    store.retention();
    assertEquals(0, partition.logStartOffset());

    floor.set(segments.get(2).baseOffset() + 1);
    store.retention();
    assertEquals(segments.get(2).baseOffset(), partition.logStartOffset());

    floor.set(segments.get(3).baseOffset());
    store.retention();
    assertEquals(segments.get(3).baseOffset(), partition.logStartOffset());

    floor.set(partition.logEndOffset());
    store.retention();
    assertTrue(partition.sizeBytes() <= 2 * SEGMENT);
    assertTrue(partition.segments().size() >= 2, "retention allows that much");
  }

  @Test
  void shouldAskForTheFloorOfTheRightPartition() {
    List<String> asked = new ArrayList<>();
    Partition partition =
        open(
            Retention.forever().maxBytes(SEGMENT).keepUnconsumed(10 * SEGMENT, Duration.ofDays(1)),
            (topic, id, number) -> {
              asked.add(topic + " " + id + " " + number);
              return OptionalLong.of(0);
            });
    fillSegments(partition, 3);

    store.retention();

    assertTrue(asked.contains("t " + store.log.topic("t").id() + " 0"), asked.toString());
  }

  @Test
  void shouldDeleteUnconsumedSegmentsAboveTheCap() {
    Partition partition =
        open(
            Retention.forever().maxBytes(SEGMENT).keepUnconsumed(4 * SEGMENT, Duration.ofDays(1)),
            (topic, id, number) -> OptionalLong.of(0));
    fillSegments(partition, 8);

    store.retention();
    assertTrue(partition.sizeBytes() <= 4 * SEGMENT);
    assertTrue(partition.sizeBytes() > 3 * SEGMENT);

    store.advance(Duration.ofDays(1).toMillis() + 1);
    store.retention();
    assertEquals(1, partition.segments().size(), "the age is a cap, too");
  }

  @Test
  void shouldDeleteNothingBelowTheCapWhenThereAreNoFloors() {
    Partition partition =
        open(
            Retention.forever()
                .maxBytes(SEGMENT)
                .keepUnconsumed(Retention.UNLIMITED, Duration.ofDays(1)),
            (topic, id, number) -> OptionalLong.empty());

    assertNothingGoes(partition);
  }

  @Test
  void shouldDeleteNothingBelowTheCapWhenNobodyGivesFloors() {
    Partition partition =
        open(
            Retention.forever()
                .maxBytes(SEGMENT)
                .keepUnconsumed(Retention.UNLIMITED, Duration.ofDays(1)));

    assertNothingGoes(partition);
  }

  @Test
  void shouldDeleteNothingBelowTheCapWhenTheFloorsFail() {
    Partition partition =
        open(
            Retention.forever()
                .maxBytes(SEGMENT)
                .keepUnconsumed(Retention.UNLIMITED, Duration.ofDays(1)),
            (topic, id, number) -> {
              throw new IllegalStateException("the groups cannot be read");
            });

    assertNothingGoes(partition);
  }

  @Test
  void shouldRefuseAppendsAtTheCapUntilAGroupHasConsumed() {
    AtomicLong floor = new AtomicLong();
    Partition partition =
        open(
            Retention.forever().keepAllUnconsumed(4 * SEGMENT),
            (topic, id, number) -> OptionalLong.of(floor.get()));

    LogFullException full = assertThrows(LogFullException.class, () -> fillSegments(partition, 9));
    store.retention();

    assertTrue(full.isHeldByGroups());
    assertTrue(full.getMessage().contains("t-0"), full.getMessage());
    assertTrue(full.getMessage().contains(Long.toString(4 * SEGMENT)), full.getMessage());
    assertTrue(partition.sizeBytes() <= 4 * SEGMENT);
    assertTrue(partition.sizeBytes() > 3 * SEGMENT);
    assertEquals(0, partition.logStartOffset());
    assertThrows(LogFullException.class, () -> partition.append(null, new byte[2000]));
    assertEquals(
        partition.logEndOffset(), Logs.offsets(partition.read(Position.earliest())).size());

    long second = partition.segments().get(1).baseOffset();
    floor.set(second);
    store.retention();

    assertEquals(second, partition.logStartOffset());
    long end = partition.logEndOffset();
    assertEquals(end, partition.append(null, new byte[2000]));
  }

  @Test
  void shouldNeverRefuseAppendsAtTheCapWhileTheGroupsKeepUp() {
    AtomicLong floor = new AtomicLong();
    Partition partition =
        open(
            Retention.forever().keepAllUnconsumed(4 * SEGMENT),
            (topic, id, number) -> OptionalLong.of(floor.get()));

    long rolls = 0;
    for (long last = -1; rolls < 30; ) {
      partition.append(null, new byte[900]);
      floor.set(partition.logEndOffset());
      List<SegmentInfo> segments = partition.segments();
      if (segments.get(segments.size() - 1).baseOffset() != last) {
        last = segments.get(segments.size() - 1).baseOffset();
        rolls++;
        store.retention();
      }
      assertTrue(partition.sizeBytes() <= 4 * SEGMENT);
    }

    assertTrue(partition.segments().size() >= 3, "what is below the cap stays");
  }

  /**
   * A segment may be ready, but too small for it: the larger one that takes its place counts too.
   */
  @Test
  void shouldRefuseALargeRecordThatWouldGoAboveTheCap() {
    long cap = 6 * SEGMENT;
    Partition partition = open(Retention.forever().keepAllUnconsumed(cap));
    fillSegments(partition, 2);
    while (partition.sizeBytes() < SEGMENT + SEGMENT * 3 / 4) {
      partition.append(null, new byte[900]);
    }
    store.keeper();

    LogFullException full =
        assertThrows(LogFullException.class, () -> partition.append(null, new byte[5 * SEGMENT]));

    assertTrue(full.getMessage().contains(Long.toString(cap)), full.getMessage());
    assertTrue(partition.sizeBytes() <= cap);
    partition.append(null, new byte[900]);
  }

  @Test
  void shouldRefuseAppendsAtTheCapWhenNobodyGivesFloors() {
    Partition partition = open(Retention.forever().maxBytes(1).keepAllUnconsumed(2 * SEGMENT));

    assertThrows(LogFullException.class, () -> fillSegments(partition, 9));
    store.retention();

    assertEquals(0, partition.logStartOffset());
  }

  /** Otherwise the segment that is full could neither go nor be followed. */
  @Test
  void shouldFollowTheOnlySegmentEvenIfItIsLargerThanTheCap() {
    RetentionFloors consumed = (topic, id, number) -> OptionalLong.of(Long.MAX_VALUE);
    store =
        DrivenStore.open(
            directory, SawlogConfig.defaults().withRetentionFloors(consumed), DiskStorage.open());
    TopicConfig large = small().segmentBytes(4 * SEGMENT);
    Partition partition = store.create("t", large);
    partition.append(null, new byte[900]);
    store.log.alterTopic("t", large.retention(Retention.forever().keepAllUnconsumed(2 * SEGMENT)));

    fillSegments(partition, 2);
    store.retention();

    assertEquals(1, partition.segments().size());
  }

  @Test
  void shouldTakeARecordLargerThanTheCapBehindTheOnlySegment() {
    Partition partition = open(Retention.forever().keepAllUnconsumed(2 * SEGMENT));
    partition.append(null, new byte[900]);

    assertEquals(1, partition.append(null, new byte[3 * SEGMENT]));
    assertThrows(LogFullException.class, () -> partition.append(null, new byte[3 * SEGMENT]));
  }

  /** The roll that an old segment is due finds no room: then it is the others that must go. */
  @Test
  void shouldDeleteOnAFullDiskWhatIsTooOld() {
    FullableStorage storage = new FullableStorage();
    store = DrivenStore.open(directory, SawlogConfig.defaults(), storage);
    Retention retention = Retention.forever().maxAge(Duration.ofHours(1));
    Partition partition = store.create("t", small().retention(retention));
    fillSegments(partition, 3);
    storage.full = true;

    store.advance(HOUR + 1);
    store.retention();

    assertEquals(1, partition.segments().size());
  }

  private void assertNothingGoes(Partition partition) {
    fillSegments(partition, 5);

    store.retention();

    assertEquals(0, partition.logStartOffset());
    assertEquals(0, partition.append(null, utf8("still works")) - partition.logEndOffset() + 1);
  }

  @Test
  void shouldNotAskForFloorsWhenUnconsumedRecordsMayGo() {
    Partition partition =
        open(
            Retention.forever().maxBytes(SEGMENT),
            (topic, id, number) -> {
              throw new AssertionError("asked");
            });
    fillSegments(partition, 4);

    store.retention();

    assertTrue(partition.logStartOffset() > 0);
  }

  @Test
  void shouldFollowAChangedConfiguration() {
    Partition partition = open(Retention.forever());
    fillSegments(partition, 5);
    Topic topic = store.log.topic("t");

    store.log.alterTopic("t", topic.config().retention(Retention.forever().maxBytes(2 * SEGMENT)));
    store.retention();

    assertTrue(partition.sizeBytes() <= 2 * SEGMENT);
  }

  @Test
  void shouldGoByTheTimesInTheLogAfterItIsOpenedAgain() {
    Partition partition = open(Retention.forever().maxAge(Duration.ofHours(1)));
    fillSegments(partition, 3);
    store.advance(HOUR / 2);
    long young = partition.append(null, utf8("young"));
    store.close();

    store =
        DrivenStore.open(
            directory, SawlogConfig.defaults(), DiskStorage.open(), DrivenStore.START + HOUR + 1);
    partition = store.log.topic("t").partition(0);
    store.retention();

    assertEquals(1, partition.segments().size());
    assertTrue(partition.logStartOffset() <= young);
    assertTrue(partition.logStartOffset() > 0);
  }

  @Test
  void shouldLetAnIdleLogGoThatHasOutlivedItBeforeTheStoreWasOpened() {
    Partition partition = open(Retention.forever().maxAge(Duration.ofHours(1)));
    Logs.appendNumbers(partition, 0, 10);

    for (int life = 1; life <= 3; life++) {
      store.close();
      store = openAt(DrivenStore.START + 2 * HOUR * life);
      partition = store.log.topic("t").partition(0);
      store.retention();

      assertEquals(10, partition.logStartOffset());
      assertEquals(0, partition.recordCount());
      assertEquals(1, partition.segments().size(), "nothing is rolled that holds no record");
    }
    assertEquals(10, partition.append(null, utf8("next")));
    assertEquals(List.of("next"), Logs.values(partition));
  }

  @Test
  void shouldFinishWhatItBeganBeforeTheStoreWasClosed() {
    Partition partition = open(Retention.forever().maxAge(Duration.ofHours(1)));
    Logs.appendNumbers(partition, 0, 10);
    partition.flush();
    store.advance(2 * HOUR);
    store.retainOnce();
    assertEquals(2, partition.segments().size(), "rolled, and not deleted yet");
    store.close();

    store = openAt(DrivenStore.START + 2 * HOUR);
    store.retention();

    assertEquals(10, store.log.topic("t").partition(0).logStartOffset());
  }

  @Test
  void shouldKeepWhatWasAppendedSinceTheStoreWasOpenedAgain() {
    Partition partition = open(Retention.forever().maxAge(Duration.ofHours(1)));
    Logs.appendNumbers(partition, 0, 10);
    store.close();

    store = openAt(DrivenStore.START + 2 * HOUR);
    partition = store.log.topic("t").partition(0);
    long young = partition.append(null, utf8("young"));
    Logs.fillSegments(partition, 2);
    store.retainOnce();
    store.retention();

    assertTrue(partition.logStartOffset() <= young);
    assertEquals(
        "young", partition.read(Position.atOffset(young)).iterator().next().valueAsString());
  }

  private DrivenStore openAt(long time) {
    return DrivenStore.open(directory, SawlogConfig.defaults(), DiskStorage.open(), time);
  }

  @Test
  void shouldCheckItsRanges() {
    assertThrows(IllegalArgumentException.class, () -> Retention.forever().maxBytes(0));
    assertThrows(IllegalArgumentException.class, () -> Retention.forever().maxAge(Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class,
        () -> Retention.forever().keepUnconsumed(0, Duration.ofDays(1)));
    assertEquals(Retention.forever(), Retention.forever().maxAge(ChronoUnit.FOREVER.getDuration()));
  }
}
