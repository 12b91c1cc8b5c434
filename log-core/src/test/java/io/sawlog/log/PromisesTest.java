package io.sawlog.log;

import static io.sawlog.log.Logs.appendNumbers;
import static io.sawlog.log.Logs.fillSegments;
import static io.sawlog.log.Logs.fingerprint;
import static io.sawlog.log.Logs.flipBit;
import static io.sawlog.log.Logs.numbers;
import static io.sawlog.log.Logs.offsets;
import static io.sawlog.log.Logs.small;
import static io.sawlog.log.Logs.utf8;
import static io.sawlog.log.Logs.values;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.file.Child;
import io.sawlog.log.segment.ActiveSegment;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One test for each thing that the store promises; most have a class of their own as well. */
class PromisesTest {
  private static final SawlogConfig PLAIN = SawlogConfig.defaults();

  @TempDir Path directory;
  private final FaultyStorage storage = new FaultyStorage();

  private DrivenStore open(Path path) {
    return DrivenStore.open(path, PLAIN, storage);
  }

  private static Partition partition(DrivenStore store) {
    return store.log.topic("t").partition(0);
  }

  @Test
  void shouldKeepEveryRecordWhoseAppendReturnedWhenTheProcessIsKilled() throws IOException {
    int kept = 0;
    for (int life = 0; life < 3; life++) {
      try (Child writer = Child.start(LogChild.class, "write", directory.toString())) {
        assertEquals("opened", LogChild.hear(writer));
        if (life == 0) {
          writer.writeLine("small");
          assertEquals("created", LogChild.hear(writer));
        }
        int acknowledged = kept;
        for (int i = 0; i < 5; i++) {
          writer.writeLine("append 500");
          acknowledged = Integer.parseInt(LogChild.hear(writer)) + 1;
        }
        writer.writeLine("append 100000");
        writer.kill();

        try (Sawlog log = Sawlog.openReadOnly(directory)) {
          List<String> values = values(log.topic("t").partition(0));
          assertTrue(values.size() >= acknowledged, "acknowledged were " + acknowledged);
          assertEquals(numbers(0, values.size()), values);
          kept = values.size();
        }
      }
    }
    try (Sawlog log = Sawlog.open(directory)) {
      assertEquals(
          RecoveryReport.Cause.PROCESS_ENDED, log.recoveryReport().partitions().get(0).cause());
      assertEquals(numbers(0, kept), values(log.topic("t").partition(0)));
      assertEquals(kept, log.topic("t").append("next").offset());
    }
  }

  @Test
  void shouldReturnFromASyncedAppendOnlyWhenAFlushHasCoveredIt() {
    try (DrivenStore store = open(directory)) {
      Partition partition = store.create("t", small());

      for (int written = 0; written < 3; written++) {
        appendNumbers(partition, 0, written);

        long offset = partition.appendSynced(null, utf8("synced"));

        assertTrue(partition.durableOffset() > offset, "behind " + written + " records");
      }
    }
  }

  @Test
  void shouldNotReturnFromASyncedAppendWhoseFlushFailed() {
    DrivenStore store = open(directory);
    Partition partition = store.create("t", small());
    partition.appendSynced(null, utf8("0"));
    storage.unforceable = FaultyStorage::isSegment;

    assertThrows(FailedLogException.class, () -> partition.appendSynced(null, utf8("1")));
    assertThrows(FailedLogException.class, store::close);
  }

  /** Four lives, each cut off by a loss of power that takes the end of the last segment. */
  @Test
  void shouldNeverGiveOutAnOffsetASecondTime() throws IOException {
    Random random = new Random(7);
    Path life = directory.resolve("0");
    Files.createDirectory(life);
    long highestGivenOut = -1;
    for (int i = 1; i <= 4; i++) {
      Path next = directory.resolve(Integer.toString(i));
      try (DrivenStore store = open(life)) {
        Partition partition =
            store.log.hasTopic("t") ? partition(store) : store.create("t", small());
        long first = partition.append(null, utf8("first of life " + i));
        assertTrue(first > highestGivenOut, first + " was given out before");
        for (int j = 0; j < 500; j++) {
          highestGivenOut = partition.append(null, utf8("record " + j));
          if (j == 100) {
            partition.flush();
          }
        }
        Logs.copyTree(life, next);
      }
      loseTheEnd(next, random.nextInt(15_000));
      storage.boot = "boot " + i;
      life = next;
    }
  }

  /** As if the last bytes of the log had never reached the disk. */
  private static void loseTheEnd(Path store, int bytes) throws IOException {
    Path file = lastSegment(store);
    byte[] content = Files.readAllBytes(file);
    UnsafeBuffer buffer = new UnsafeBuffer(content);
    int end = SegmentHeader.LENGTH;
    while (FrameFormat.length(buffer, end) > 0) {
      end += FrameFormat.length(buffer, end);
    }
    int from = Math.max(SegmentHeader.LENGTH, end - bytes);
    buffer.setMemory(from, content.length - from, (byte) 0);
    Files.write(file, content);
  }

  private static Path lastSegment(Path store) throws IOException {
    try (var files = Files.list(store.resolve("t/0"))) {
      return files
          .filter(path -> path.toString().endsWith(".log"))
          .sorted()
          .reduce((a, b) -> b)
          .orElseThrow();
    }
  }

  @Test
  void shouldNeverLetAppendTimesDecreaseWhateverTheWallClockDoes() {
    List<Long> times = new ArrayList<>();
    try (DrivenStore store = open(directory)) {
      Partition partition = store.create("t", small());
      for (long step : new long[] {0, 10, -5_000, 1, 100_000, -200_000, 3}) {
        store.advance(step);
        partition.append(null, utf8("value"));
      }
      fillSegments(partition, 2);
      store.advance(-1_000_000);
      fillSegments(partition, 4);
    }
    try (DrivenStore store =
        DrivenStore.open(directory, PLAIN, storage, DrivenStore.START - 10_000_000)) {
      Partition partition = partition(store);
      partition.append(null, utf8("after the machine was set back"));
      fillSegments(partition, 6);
      partition.read(Position.earliest()).forEach(message -> times.add(message.appendTime()));
    }

    assertEquals(times.stream().sorted().toList(), times);
    assertEquals(DrivenStore.START, times.get(0));
    assertTrue(times.get(times.size() - 1) >= DrivenStore.START + 95_000);
  }

  @Test
  void shouldBeAPrefixWithEverySyncedRecordAfterALossOfPower() throws IOException {
    Path original = directory.resolve("original");
    Path atTheCut = directory.resolve("cut");
    try (DrivenStore store = open(original)) {
      Partition partition = store.create("t", small());
      appendNumbers(partition, 0, 1500);
      partition.appendSynced(null, utf8("1500"));
      appendNumbers(partition, 1501, 1600);
      Logs.copyTree(original, atTheCut);
    }
    storage.boot = "the next boot";
    for (int lost = 0; lost < 99 * 40; lost += 211) {
      Path store = directory.resolve("lost-" + lost);
      Logs.copyTree(atTheCut, store);
      loseTheEnd(store, lost);

      try (DrivenStore recovered = open(store)) {
        List<String> values = values(partition(recovered));

        assertTrue(values.size() > 1500, "lost a synced record with " + lost + " bytes");
        assertEquals(numbers(0, values.size()), values);
      }
    }
  }

  @Test
  void shouldKeepWhatReturnedBehindAnUnfinishedClaimOfAnotherThread() throws IOException {
    Path original = directory.resolve("original");
    Path died = directory.resolve("died");
    try (DrivenStore store = open(original)) {
      Partition partition = store.create("t", small());
      appendNumbers(partition, 0, 50);
      Logs.copyTree(original, died);
    }
    unpublish(died, 20);
    unpublish(died, 33);

    try (DrivenStore store = open(died)) {
      List<Long> kept = offsets(partition(store).read(Position.earliest()));

      assertEquals(48, kept.size());
      assertFalse(kept.contains(20L) || kept.contains(33L));
      assertEquals(50, partition(store).append(null, utf8("goes on")));
    }
  }

  private static void unpublish(Path store, int offset) throws IOException {
    Path file = lastSegment(store);
    byte[] content = Files.readAllBytes(file);
    UnsafeBuffer buffer = new UnsafeBuffer(content);
    int position = SegmentHeader.LENGTH;
    for (int i = 0; i < offset; i++) {
      position += Math.abs(FrameFormat.length(buffer, position));
    }
    buffer.putInt(position, -FrameFormat.length(buffer, position));
    Files.write(file, content);
  }

  @Test
  void shouldRefuseToOpenWithDamageBelowTheRecoveryPointAndChangeNothing() throws IOException {
    Path healthy = directory.resolve("healthy");
    List<Path> files = new ArrayList<>();
    try (DrivenStore store = open(healthy)) {
      Partition partition = store.create("t", small());
      fillSegments(partition, 4);
      partition.segments().forEach(segment -> files.add(healthy.relativize(segment.file())));
    }
    for (int i = 0; i < 2; i++) {
      for (Path file : files) {
        Path damaged = directory.resolve("damaged-" + i + "-" + file.getFileName());
        Logs.copyTree(healthy, damaged);
        if (i == 0) {
          flipBit(damaged.resolve(file), 33);
        } else if (file.equals(files.get(0)) || file.equals(files.get(3))) {
          Files.delete(damaged.resolve(file));
        } else {
          continue;
        }
        Map<String, String> before = fingerprint(damaged);

        CorruptLogException e = assertThrows(CorruptLogException.class, () -> open(damaged));

        assertEquals(before, fingerprint(damaged));
        String offset =
            String.valueOf(Long.parseLong(file.getFileName().toString().replace(".log", "")));
        assertTrue(e.getMessage().contains(CorruptLogException.WAY_OUT), e.getMessage());
        assertTrue(
            e.getMessage().contains(damaged.resolve(file).toString())
                || e.getMessage().contains(offset),
            e.getMessage());
        assertThrows(
            CorruptLogException.class,
            () -> {
              try (Sawlog reader = Sawlog.openReadOnly(damaged, PLAIN, storage)) {
                reader.topic("t");
              }
            });
      }
    }
  }

  @Test
  void shouldRefuseToOpenWhenALaterFrameVouchesForADamagedOne() throws IOException {
    Path original = directory.resolve("original");
    Path died = directory.resolve("died");
    try (DrivenStore store = open(original)) {
      Partition partition = store.create("t", small());
      appendNumbers(partition, 0, 10);
      Path hints = directory.resolve("meta");
      Files.copy(original.resolve("t/0/partition.meta"), hints);
      partition.flush();
      appendNumbers(partition, 10, 20);
      Logs.copyTree(original, died);
      // the hint is from before the flush, so only the frames tell of it
      Files.delete(died.resolve("t/0/partition.meta"));
      Files.copy(hints, died.resolve("t/0/partition.meta"));
    }
    flipBit(lastSegment(died), SegmentHeader.LENGTH + FrameFormat.HEADER_LENGTH);
    storage.boot = "the next boot";
    Map<String, String> before = fingerprint(died);

    CorruptLogException e = assertThrows(CorruptLogException.class, () -> open(died));

    assertTrue(e.getMessage().contains(lastSegment(died).toString()), e.getMessage());
    assertTrue(e.getMessage().contains("position 64"), e.getMessage());
    assertTrue(e.getMessage().contains("offset 0"), e.getMessage());
    assertTrue(e.getMessage().contains("sawlog verify"), e.getMessage());
    assertEquals(before, fingerprint(died));
  }

  @Test
  void shouldTakeDamageAboveTheRecoveryPointForATornTailAndSayWhatItDid() throws IOException {
    Path original = directory.resolve("original");
    Path died = directory.resolve("died");
    try (DrivenStore store = open(original)) {
      Partition partition = store.create("t", small());
      appendNumbers(partition, 0, 10);
      partition.flush();
      appendNumbers(partition, 10, 11);
      Logs.copyTree(original, died);
    }
    storage.boot = "the next boot";
    flipBit(lastSegment(died), SegmentHeader.LENGTH + 10 * 40 + FrameFormat.HEADER_LENGTH);

    try (DrivenStore store = open(died)) {
      RecoveryReport.PartitionRecovery report = store.log.recoveryReport().partitions().get(0);

      assertEquals(10, report.endOffset());
      assertEquals(numbers(0, 10), values(partition(store)));
      assertTrue(report.details().toString().contains("the log ends there"));
    }
  }

  /** Every bit of a segment in turn. */
  @Test
  void shouldNeverDeliverAWrongByte() throws IOException {
    try (DrivenStore store = open(directory)) {
      Partition partition = store.create("t", small());
      for (int i = 0; i < 4; i++) {
        partition.append(new Batch().add("key " + i, i + ".1").add("key " + i, i + ".2"));
      }
      int used = (int) partition.sizeBytes();
      fillSegments(partition, 2);
      partition.flush();
      store.keeper();
      Path sealed = Logs.segmentFile(partition, 0);
      List<String> all = values(partition.read(Position.earliest()));
      try (Tailer tailer = partition.tailer(Position.earliest())) {
        for (int at = SegmentHeader.LENGTH; at < used; at++) {
          flipBit(sealed, at);
          tailer.seek(Position.earliest());
          List<String> seen = new ArrayList<>();

          CorruptLogException e =
              assertThrows(
                  CorruptLogException.class,
                  () -> {
                    while (tailer.poll(view -> seen.add(view.copy().valueAsString()), 100) > 0) {
                      // until the damage
                    }
                  });

          assertEquals(all.subList(0, seen.size()), seen);
          assertTrue(seen.size() < 8, "byte " + at);
          assertTrue(e.getMessage().contains(sealed.toString()), e.getMessage());
          assertTrue(e.getMessage().contains("position "), e.getMessage());
          assertTrue(e.getMessage().contains("offset " + seen.size()), e.getMessage());
          assertTrue(e.getMessage().contains("sawlog verify"), e.getMessage());
          flipBit(sealed, at);
        }
        tailer.seek(Position.earliest());
        assertEquals(all, Logs.drain(tailer));
      }
    }
  }

  @Test
  void shouldNeverPassABlockOfAnotherPartitionOrAnotherLife() throws IOException {
    Path other = directory.resolve("other");
    try (DrivenStore store = open(other)) {
      appendNumbers(store.create("t", small()), 0, 10);
    }
    Path mine = directory.resolve("mine");
    try (DrivenStore store = open(mine)) {
      appendNumbers(store.create("t", small()), 0, 10);
    }
    byte[] theirs = Files.readAllBytes(lastSegment(other));
    byte[] ours = Files.readAllBytes(lastSegment(mine));
    System.arraycopy(theirs, 64 + 5 * 40, ours, 64 + 5 * 40, 40);
    Files.write(lastSegment(mine), ours);

    try (DrivenStore store = open(mine);
        Tailer tailer = partition(store).tailer(Position.earliest())) {
      List<String> seen = new ArrayList<>();
      assertThrows(
          CorruptLogException.class,
          () -> tailer.poll(view -> seen.add(view.copy().valueAsString()), 100));
      assertEquals(numbers(0, 5), seen);
    }
    Files.write(lastSegment(mine), theirs);
    CorruptLogException e = assertThrows(CorruptLogException.class, () -> open(mine));
    assertTrue(e.getMessage().contains(lastSegment(mine).toString()), e.getMessage());
  }

  @Test
  void shouldReportDamageAtEveryCallUntilTheReaderMoves() throws IOException {
    try (DrivenStore store = open(directory)) {
      appendNumbers(store.create("t", small()), 0, 10);
    }
    flipBit(lastSegment(directory), SegmentHeader.LENGTH + 5 * 40 + FrameFormat.HEADER_LENGTH);

    try (DrivenStore store = open(directory);
        Tailer tailer = partition(store).tailer(Position.earliest())) {
      List<String> seen = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        assertThrows(
            CorruptLogException.class,
            () -> tailer.poll(view -> seen.add(view.copy().valueAsString()), 100));
      }

      assertEquals(numbers(0, 5), seen);
      assertEquals(5, tailer.position());
      assertEquals(10, partition(store).append(null, utf8("appends go on")));
    }
  }

  @Test
  void shouldGiveEveryRecordBeforeTheDamageToWhoeverIterates() throws IOException {
    try (DrivenStore store = open(directory)) {
      appendNumbers(store.create("t", small()), 0, 10);
    }
    flipBit(lastSegment(directory), SegmentHeader.LENGTH + 5 * 40 + FrameFormat.HEADER_LENGTH);

    try (DrivenStore store = open(directory)) {
      List<String> seen = new ArrayList<>();
      assertThrows(
          CorruptLogException.class,
          () -> {
            for (Message message : partition(store).read(Position.earliest())) {
              seen.add(message.valueAsString());
            }
          });
      assertEquals(numbers(0, 5), seen);
    }
  }

  @Test
  void shouldThrowWhenTheDeviceCannotDeliverAndHarmNobodyElse() {
    try (DrivenStore store = open(directory)) {
      Partition partition = store.create("t", small());
      fillSegments(partition, 3);
      partition.flush();
      store.keeper();
      List<String> all = values(partition);
      Path bad = Logs.segmentFile(partition, 0);
      try (Tailer tailer = partition.tailer(Position.earliest())) {
        storage.unreadable = bad::equals;

        LogIoException e = assertThrows(LogIoException.class, () -> tailer.poll(view -> {}, 1));
        assertTrue(e.getMessage().contains(bad.toString()), e.getMessage());
        long next = partition.append(null, utf8("appends go on"));
        assertEquals(List.of("appends go on"), values(partition.read(Position.atOffset(next))));

        storage.unreadable = path -> false;
        assertEquals(all.size() + 1, Logs.drain(tailer).size());
      }
    }
  }

  @Test
  void shouldEndAPartitionForGoodWhenAFlushHasFailed() {
    DrivenStore store = open(directory);
    Partition partition = store.create("t", small());
    Partition healthy = store.create("healthy", small());
    appendNumbers(partition, 0, 5);
    partition.flush();
    appendNumbers(partition, 5, 10);
    try (Tailer tailer = partition.tailer(Position.earliest())) {
      storage.unforceable =
          path -> FaultyStorage.isSegment(path) && path.startsWith(directory.resolve("t"));

      FailedLogException e = assertThrows(FailedLogException.class, partition::flush);
      assertTrue(e.getMessage().contains("offset 5"), e.getMessage());

      storage.unforceable = path -> false;
      assertThrows(FailedLogException.class, partition::flush);
      assertThrows(FailedLogException.class, () -> partition.append(null, utf8("late")));
      assertThrows(FailedLogException.class, () -> partition.appendSynced(null, utf8("late")));
      assertEquals(5, partition.durableOffset());
      assertEquals(numbers(0, 5), Logs.drain(tailer));
      assertEquals(0, healthy.appendSynced(null, utf8("others go on")));
    }
    assertThrows(FailedLogException.class, store::close);
    try (DrivenStore again = open(directory)) {
      assertEquals(
          RecoveryReport.Cause.FAILED_FLUSH,
          again.log.recoveryReport().partitions().get(0).cause());
      assertTrue(partition(again).append(null, utf8("new")) > 10);
      assertEquals(List.of("others go on"), values(again.log.topic("healthy").partition(0)));
    }
  }

  @Test
  void shouldStopTheWholeStoreWhenAStoreIntoAMappingIsLost() {
    DrivenStore store = open(directory);
    Partition partition = store.create("t", small());
    Partition other = store.create("other", small());
    appendNumbers(partition, 0, 5);
    appendNumbers(other, 0, 5);
    partition.flush();
    other.flush();
    storage.unbacked = path -> path.startsWith(directory.resolve("t"));

    assertThrows(FailedLogException.class, () -> partition.append(null, utf8("x".repeat(20_000))));

    storage.unbacked = path -> false;
    assertThrows(FailedLogException.class, () -> partition.append(null, utf8("late")));
    assertThrows(FailedLogException.class, () -> other.append(null, utf8("late")));
    assertEquals(numbers(0, 5), values(partition));
    assertEquals(numbers(0, 5), values(other));
    assertThrows(FailedLogException.class, store::close);
    try (DrivenStore again = open(directory)) {
      assertEquals(numbers(0, 5), values(partition(again)));
      assertEquals(numbers(0, 5), values(again.log.topic("other").partition(0)));
    }
  }

  @Test
  void shouldHaveOneWriterAndAnyNumberOfReaders() throws IOException {
    try (Sawlog writer = Sawlog.open(directory)) {
      writer.topic("t").append("0");

      StoreLockedException here =
          assertThrows(StoreLockedException.class, () -> Sawlog.open(directory));
      String pid = String.valueOf(ProcessHandle.current().pid());
      assertTrue(here.getMessage().contains(pid), here.getMessage());
      try (Child second = Child.start(LogChild.class, "write", directory.toString())) {
        String there = LogChild.hear(second);
        assertTrue(there.startsWith("StoreLockedException"), there);
        assertTrue(there.contains(pid), there);
      }
      try (Sawlog first = Sawlog.openReadOnly(directory);
          Sawlog second = Sawlog.openReadOnly(directory);
          Child third = Child.start(LogChild.class, "read", directory.toString())) {
        assertEquals("opened", LogChild.hear(third));
        writer.topic("t").append("1");
        third.writeLine("read");
        assertEquals("0 1", LogChild.hear(third));
        assertEquals(numbers(0, 2), values(first.topic("t").partition(0)));
        assertEquals(numbers(0, 2), values(second.topic("t").partition(0)));
      }
      assertThrows(StoreLockedException.class, () -> Sawlog.open(directory));
    }
    try (Child other = Child.start(LogChild.class, "write", directory.toString())) {
      assertEquals("opened", LogChild.hear(other));
      StoreLockedException e =
          assertThrows(StoreLockedException.class, () -> Sawlog.open(directory));
      assertTrue(e.getMessage().contains(String.valueOf(other.pid())), e.getMessage());
      assertTrue(e.getMessage().contains(LogChild.class.getName()), e.getMessage());
    }
    Sawlog.open(directory).close();
  }

  @Test
  void shouldThrowWhenAnythingClosedIsUsed() {
    DrivenStore store = open(directory);
    Topic topic = store.log.topic("t");
    Partition partition = topic.partition(0);
    topic.append("value");
    Tailer tailer = partition.tailer(Position.earliest());
    store.close();
    store.close();

    List<Runnable> uses =
        List.of(
            () -> topic.append("late"),
            () -> partition.append(null, utf8("late")),
            () -> partition.appendSynced(null, utf8("late")),
            () -> partition.appendAsync(null, utf8("late")).join(),
            () -> partition.append(new Batch().add("k", "v")),
            () -> tailer.poll(view -> {}, 1),
            () -> tailer.seek(Position.earliest()),
            () -> partition.tailer(Position.earliest()),
            () -> values(partition),
            () -> partition.deleteBefore(1),
            partition::flush,
            partition::logStartOffset,
            partition::logEndOffset,
            partition::durableOffset,
            partition::recordCount,
            partition::sizeBytes,
            partition::segments,
            () -> store.log.topic("t"),
            () -> store.log.hasTopic("t"),
            store.log::topicNames,
            store.log::flush,
            () -> store.log.createTopic("u", TopicConfig.defaults()),
            () -> store.log.deleteTopic("t"));
    for (int i = 0; i < uses.size(); i++) {
      assertThrows(LogClosedException.class, uses.get(i)::run, "use " + i);
    }
    tailer.close();
    assertThrows(LogClosedException.class, () -> tailer.poll(view -> {}, 1));
  }

  @Test
  void shouldNeverShowMappedMemoryToUserCode() {
    DrivenStore store = open(directory);
    Partition partition = store.create("t", small());
    appendNumbers(partition, 0, 3);
    List<DirectBuffer> kept = new ArrayList<>();
    try (Tailer tailer = partition.tailer(Position.earliest())) {
      tailer.poll(view -> kept.add(view.value()), 3);
      long mapping = segmentOf(partition).pinned().region().buffer().addressOffset();
      for (DirectBuffer buffer : kept) {
        boolean inside =
            buffer.addressOffset() >= mapping && buffer.addressOffset() < mapping + (64 << 10);
        assertFalse(inside);
      }
    }
    store.close();

    // stale, but there: a view that was kept by mistake kills nobody
    kept.forEach(buffer -> buffer.getByte(buffer.capacity() - 1));
  }

  private static ActiveSegment segmentOf(Partition partition) {
    return ((OpenPartition) partition.view()).writer().active();
  }

  @Test
  void shouldNameTheMissingFlagAndNothingElse() throws IOException {
    try (Child child =
        Child.start(
            List.of(),
            System.getProperty("java.class.path"),
            List.of(),
            LogChild.class,
            "write",
            directory.toString())) {
      assertEquals(
          "MissingJvmFlagException: --add-opens java.base/jdk.internal.misc=ALL-UNNAMED",
          LogChild.hear(child));
    }
    assertEquals(List.of(), List.copyOf(fingerprint(directory).keySet().stream().skip(1).toList()));
  }

  @Test
  void shouldRefuseFilesOfANewerVersionAndChangeNothing() throws IOException {
    Path healthy = directory.resolve("healthy");
    try (DrivenStore store = open(healthy)) {
      appendNumbers(store.create("t", small()), 0, 10);
    }
    for (String name : List.of("00000000000000000000.log", "partition.meta")) {
      Path store = directory.resolve("newer-" + name);
      Logs.copyTree(healthy, store);
      Path file = store.resolve("t/0").resolve(name);
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(LITTLE_ENDIAN);
      boolean meta = name.endsWith(".meta");
      for (int slot = 0; slot < (meta ? 2 : 1); slot++) {
        bytes.putInt(slot * 4096 + 8, 2);
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(slot * 4096, meta ? 136 : 60));
        bytes.putInt(slot * 4096 + (meta ? 136 : 60), (int) crc.getValue());
      }
      Files.write(file, bytes.array());
      Map<String, String> before = fingerprint(store);

      UnsupportedFormatException e =
          assertThrows(UnsupportedFormatException.class, () -> open(store));

      assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
      assertTrue(e.getMessage().contains("newer"), e.getMessage());
      assertEquals(before, fingerprint(store));
    }
  }

  @Test
  void shouldRefuseAFileThatIsNotOursAndChangeNothing() throws IOException {
    try (DrivenStore store = open(directory)) {
      appendNumbers(store.create("t", small()), 0, 10);
    }
    Files.writeString(lastSegment(directory), "this is somebody's text\n".repeat(1000));
    Map<String, String> before = fingerprint(directory);

    CorruptLogException e = assertThrows(CorruptLogException.class, () -> open(directory));

    assertTrue(e.getMessage().contains(lastSegment(directory).toString()), e.getMessage());
    assertEquals(before, fingerprint(directory));
  }

  @Test
  void shouldSayThatAStoreIsADirectory() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "text");

    assertThrows(LogIoException.class, () -> Sawlog.open(file));
    assertThrows(LogException.class, () -> Sawlog.open(file.resolve("below")));
    assertEquals("text", Files.readString(file));
  }

  @Test
  void shouldRefuseAStoreWhoseMetaFileIsDamagedInBothSlots() throws IOException {
    try (DrivenStore store = open(directory)) {
      appendNumbers(store.create("t", small()), 0, 10);
    }
    for (int slot = 0; slot < 2; slot++) {
      Path half = directory.resolve("half-" + slot);
      Logs.copyTree(directory.resolve("t"), half.resolve("t"));
      flipBit(half.resolve("t/0/partition.meta"), slot * 4096 + 30);
      try (DrivenStore store = open(half)) {
        assertEquals(numbers(0, 10), values(partition(store)));
      }
    }
    Path meta = directory.resolve("t/0/partition.meta");
    flipBit(meta, 30);
    flipBit(meta, 4096 + 30);
    Map<String, String> before = fingerprint(directory);

    CorruptLogException e = assertThrows(CorruptLogException.class, () -> open(directory));

    assertTrue(e.getMessage().contains(meta.toString()), e.getMessage());
    assertTrue(e.getMessage().contains(CorruptLogException.WAY_OUT), e.getMessage());
    assertEquals(before, fingerprint(directory));
  }
}
