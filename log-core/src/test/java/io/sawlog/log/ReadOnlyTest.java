package io.sawlog.log;

import static io.sawlog.log.Logs.appendNumbers;
import static io.sawlog.log.Logs.fingerprint;
import static io.sawlog.log.Logs.numbers;
import static io.sawlog.log.Logs.small;
import static io.sawlog.log.Logs.utf8;
import static io.sawlog.log.Logs.values;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sawlog.log.file.Child;
import io.sawlog.log.file.Shell;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadOnlyTest {
  @TempDir Path directory;

  @Test
  void shouldFollowALiveWriterInAnotherProcess() throws IOException {
    try (Sawlog log = Sawlog.open(directory)) {
      Partition partition = log.createTopic("t", small()).partition(0);
      appendNumbers(partition, 0, 3);
      try (Child reader = Child.start(LogChild.class, "read", directory.toString())) {
        assertEquals("opened", LogChild.hear(reader));
        assertEquals("tailing", LogChild.ask(reader, "tail PUBLISHED"));
        assertEquals(String.join(" ", numbers(0, 3)), LogChild.ask(reader, "poll 3"));

        // over rolls, too: 12,000 records of some 40 bytes are several segments
        reader.writeLine("poll 12000");
        appendNumbers(partition, 3, 12_003);
        assertEquals(String.join(" ", numbers(3, 12_003)), LogChild.hear(reader));

        appendNumbers(partition, 12_003, 12_005);
        assertEquals(String.join(" ", numbers(12_003, 12_005)), LogChild.ask(reader, "poll 2"));
        assertTrue(partition.segments().size() > 3);
      }
    }
  }

  @Test
  void shouldTellWhoWritesTheStore() {
    Sawlog log = Sawlog.open(directory);
    try (Sawlog reader = Sawlog.openReadOnly(directory)) {
      String pid = Long.toString(ProcessHandle.current().pid());
      assertTrue(reader.writer().orElseThrow().contains("process " + pid));
      assertEquals(reader.writer(), log.writer());

      log.close();

      assertTrue(reader.writer().isEmpty());
    }
  }

  @Test
  void shouldShowDurableRecordsOnlyWhenItIsAskedFor() {
    try (DrivenStore store = DrivenStore.open(directory);
        Sawlog reader = Sawlog.openReadOnly(directory)) {
      Partition partition = store.create("t", small());
      appendNumbers(partition, 0, 3);
      partition.flush();
      appendNumbers(partition, 3, 5);
      Partition seen = reader.topic("t").partition(0);

      try (Tailer tailer =
          seen.tailer(
              Position.earliest(), TailerConfig.defaults().visibility(Visibility.DURABLE))) {
        assertEquals(numbers(0, 3), Logs.drain(tailer));
        assertEquals(3, seen.durableOffset());
        assertEquals(numbers(0, 5), values(seen));
        assertEquals(5, seen.logEndOffset());
        assertEquals(5, seen.recordCount());

        partition.flush();

        assertEquals(numbers(3, 5), Logs.drain(tailer));
      }
    }
  }

  @Test
  void shouldSeeTopicsThatAppearLater() {
    try (DrivenStore store = DrivenStore.open(directory);
        Sawlog reader = Sawlog.openReadOnly(directory)) {
      assertEquals(List.of(), reader.topicNames());
      assertThrows(TopicNotFoundException.class, () -> reader.topic("t"));

      store.log.topic("t").append("value");

      assertTrue(reader.hasTopic("t"));
      assertEquals(List.of("t"), reader.topicNames());
      assertEquals(List.of("value"), values(reader.topic("t").partition(0)));
    }
  }

  @Test
  void shouldRefuseEveryChange() {
    try (DrivenStore store = DrivenStore.open(directory)) {
      store.log.topic("t").append("value");
    }
    try (Sawlog reader = Sawlog.openReadOnly(directory)) {
      Topic topic = reader.topic("t");
      Partition partition = topic.partition(0);

      assertTrue(reader.isReadOnly());
      List<Runnable> changes =
          List.of(
              () -> topic.append("more"),
              () -> partition.append(null, utf8("more")),
              () -> partition.appendSynced(null, utf8("more")),
              () -> partition.appendAsync(null, utf8("more")).join(),
              () -> partition.append(new Batch().add("k", "v")),
              () -> partition.append(new UnsafeBuffer(new byte[5]), 0, 5),
              () -> partition.deleteBefore(1),
              partition::flush,
              topic::flush,
              reader::flush,
              () -> reader.createTopic("other", TopicConfig.defaults()),
              () -> reader.alterTopic("t", TopicConfig.defaults()),
              () -> reader.deleteTopic("t"));
      for (Runnable change : changes) {
        ReadOnlyLogException e = assertThrows(ReadOnlyLogException.class, change::run);
        assertTrue(e.getMessage().contains("Sawlog.open"), e.getMessage());
      }
      assertEquals(List.of("value"), values(partition));
      assertTrue(reader.recoveryReport().isClean());
    }
  }

  @Test
  void shouldSayThatThereIsNoStore() {
    LogIoException e =
        assertThrows(LogIoException.class, () -> Sawlog.openReadOnly(directory.resolve("nowhere")));

    assertTrue(e.getMessage().contains("nowhere"), e.getMessage());
    assertFalse(Files.exists(directory.resolve("nowhere")));
  }

  @Test
  void shouldMakeDurableWhatItHasRead() {
    try (DrivenStore store = DrivenStore.open(directory);
        Sawlog reader = Sawlog.openReadOnly(directory)) {
      Logs.fillSegments(store.create("t", small()), 3);
      Partition partition = reader.topic("t").partition(0);

      partition.sync(0);
      partition.sync(partition.logEndOffset() - 1);
    }
  }

  @Test
  void shouldThrowWhenItCannotMakeDurableWhatItHasRead() {
    FaultyStorage storage = new FaultyStorage();
    try (DrivenStore store = DrivenStore.open(directory);
        Sawlog reader = Sawlog.openReadOnly(directory, SawlogConfig.defaults(), storage)) {
      store.log.topic("t").append("value");
      Partition partition = reader.topic("t").partition(0);
      storage.unforceable = FaultyStorage::isSegment;

      assertThrows(LogIoException.class, () -> partition.sync(0));
    }
  }

  @Test
  void shouldShowWhatADeadWriterLeftAndChangeNoByte() throws IOException {
    try (Child writer = Child.start(LogChild.class, "write", directory.toString())) {
      assertEquals("opened", LogChild.hear(writer));
      assertEquals("created", LogChild.ask(writer, "small"));
      assertEquals("1999", LogChild.ask(writer, "append 2000"));
      assertEquals("flushed", LogChild.ask(writer, "flush"));
      assertEquals("3999", LogChild.ask(writer, "append 2000"));
    }
    Map<String, String> before = fingerprint(directory);

    try (Sawlog reader = Sawlog.openReadOnly(directory)) {
      Partition partition = reader.topic("t").partition(0);
      assertEquals(numbers(0, 4000), values(partition));
      assertEquals(4000, partition.logEndOffset());
      assertEquals(4000, partition.recordCount());
      assertTrue(partition.durableOffset() >= 2000);
      assertEquals(numbers(3990, 4000), values(partition.read(Position.atOffset(3990))));
    }

    assertEquals(before, fingerprint(directory));
    try (Sawlog again = Sawlog.open(directory)) {
      assertEquals(numbers(0, 4000), values(again.topic("t").partition(0)));
    }
  }

  @Test
  void shouldKnowWhatADeadWriterHasCalledDurable() {
    List<Long> durableWhenHinted = new ArrayList<>();
    Partition[] partition = new Partition[1];
    HookedStorage storage =
        new HookedStorage() {
          @Override
          void writing(Path file, long position) {
            if (partition[0] != null && file.endsWith(PartitionMeta.FILE_NAME)) {
              durableWhenHinted.add(partition[0].durableOffset());
            }
          }
        };
    try (SmallStore store = new SmallStore(directory, storage)) {
      store.append(10);
      store.partition.flush();
      partition[0] = store.partition;
      store.append(10);
      store.partition.flush();
      partition[0] = null;

      assertEquals(2, store.partition.durableOffset());
      assertEquals(List.of(1L), durableWhenHinted, "the hint comes before anybody is told");
    }
  }

  @Test
  void shouldNoticeThatTheWriterItFollowsHasDied() throws IOException {
    try (Child writer = Child.start(LogChild.class, "write", directory.toString())) {
      assertEquals("opened", LogChild.hear(writer));
      assertEquals("created", LogChild.ask(writer, "small"));
      assertEquals("99", LogChild.ask(writer, "append 100"));
      try (Sawlog reader = Sawlog.openReadOnly(directory);
          Tailer tailer = reader.topic("t").partition(0).tailer(Position.earliest())) {
        assertEquals(numbers(0, 100), Logs.drain(tailer));

        writer.kill();

        assertEquals(List.of(), Logs.drain(tailer));
        assertEquals(100, reader.topic("t").partition(0).logEndOffset());
        try (Sawlog next = Sawlog.open(directory)) {
          appendNumbers(next.topic("t").partition(0), 100, 110);
          List<String> seen = new ArrayList<>();
          while (seen.size() < 10) {
            tailer.poll(view -> seen.add(view.copy().valueAsString()), 100, Duration.ofSeconds(60));
          }
          assertEquals(numbers(100, 110), seen);
        }
      }
    }
  }

  /** The same files, once read and once recovered, whatever became of the last bytes. */
  @Test
  void shouldShowExactlyTheLogThatAWriterWouldRecover() throws IOException {
    FaultyStorage storage = new FaultyStorage();
    Path original = directory.resolve("original");
    Path died = directory.resolve("died");
    try (DrivenStore store = DrivenStore.open(original, SawlogConfig.defaults(), storage)) {
      Partition partition = store.create("t", small());
      appendNumbers(partition, 0, 1200);
      partition.flush();
      appendNumbers(partition, 1200, 3500);
      Logs.copyTree(original, died);
    }
    Random random = new Random(42);
    for (int i = 0; i < 12; i++) {
      Path store = directory.resolve("damaged-" + i);
      Logs.copyTree(died, store);
      storage.boot = i % 3 == 0 ? "first boot" : "second boot";
      damageAbove(store, 1250, i % 3, random);
      Map<String, String> before = fingerprint(store);

      List<String> shown;
      long count;
      try (Sawlog reader = Sawlog.openReadOnly(store, SawlogConfig.defaults(), storage)) {
        Partition partition = reader.topic("t").partition(0);
        shown = values(partition);
        count = partition.recordCount();
        assertEquals(1200, partition.durableOffset());
        try (Tailer durable =
            partition.tailer(
                Position.earliest(), TailerConfig.defaults().visibility(Visibility.DURABLE))) {
          assertEquals(numbers(0, 1200), Logs.drain(durable));
        }
      }
      assertEquals(before, fingerprint(store), "files of case " + i);
      try (DrivenStore recovered = DrivenStore.open(store, SawlogConfig.defaults(), storage)) {
        Partition partition = recovered.log.topic("t").partition(0);
        assertEquals(values(partition), shown, "case " + i);
        assertEquals(partition.recordCount(), count, "case " + i);
        assertTrue(shown.size() >= 1200);
      }
    }
  }

  /** 0: claims that were never published; 1: a torn frame; 2: zeros from a frame on. */
  private static void damageAbove(Path store, int offset, int kind, Random random)
      throws IOException {
    List<Path> segments = segmentFiles(store);
    Path file = segments.get(segments.size() - 1 - random.nextInt(2));
    byte[] bytes = Files.readAllBytes(file);
    UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    List<Integer> frames = new ArrayList<>();
    int position = SegmentHeader.LENGTH;
    while (position + FrameFormat.HEADER_LENGTH <= bytes.length
        && FrameFormat.length(buffer, position) > 0) {
      if (FrameFormat.kind(buffer, position) == FrameFormat.KIND_DATA
          && FrameFormat.baseOffset(buffer, position) >= offset) {
        frames.add(position);
      }
      position += FrameFormat.length(buffer, position);
    }
    int chosen = frames.get(random.nextInt(frames.size()));
    switch (kind) {
      case 0 -> buffer.putInt(chosen, -FrameFormat.length(buffer, chosen));
      case 1 -> bytes[chosen + FrameFormat.HEADER_LENGTH] ^= 1;
      default -> buffer.setMemory(chosen, bytes.length - chosen, (byte) 0);
    }
    Files.write(file, bytes);
  }

  private static List<Path> segmentFiles(Path store) throws IOException {
    try (var files = Files.list(store.resolve("t/0"))) {
      return files.filter(path -> path.toString().endsWith(".log")).sorted().toList();
    }
  }

  @Test
  void shouldReadADirectoryInWhichItMayNotWrite() throws IOException {
    Path store = directory.resolve("store");
    try (DrivenStore log = DrivenStore.open(store)) {
      appendNumbers(log.create("t", small()), 0, 5);
    }
    allow(store, "r-xr-xr-x", "r--r--r--");
    allow(directory, "rwxr-xr-x", "rw-r--r--");
    allow(store, "r-xr-xr-x", "r--r--r--");
    try {
      Map<String, String> before = fingerprint(store);

      try (Child reader = unprivileged("read", store)) {
        assertEquals("opened", LogChild.hear(reader));
        assertEquals("0 1 2 3 4", LogChild.ask(reader, "read"));
      }
      try (Child writer = unprivileged("write", store)) {
        String answer = LogChild.hear(writer);
        assertTrue(answer.startsWith("LogIoException: "), answer);
        assertTrue(answer.contains(store.toString()), answer);
        assertTrue(answer.contains("access denied"), answer);
      }

      assertEquals(before, fingerprint(store));
    } finally {
      allow(store, "rwxr-xr-x", "rw-r--r--");
    }
  }

  /** A child that the mode bits of files hold back; root passes them. */
  private Child unprivileged(String mode, Path store) throws IOException {
    if (!Shell.isRoot()) {
      assumeTrue(Shell.isLinux(), "skipped: needs mode bits");
      return Child.start(LogChild.class, mode, store.toString());
    }
    List<String> nobody =
        List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--");
    try {
      List<String> probe = new ArrayList<>(nobody);
      probe.add("true");
      Shell.output(probe.toArray(new String[0]));
    } catch (IOException e) {
      abort("skipped: no child without privileges can be started: " + e.getMessage());
    }
    return Child.start(
        nobody, readableClassPath(), Child.OPEN, LogChild.class, mode, store.toString());
  }

  /** Copies of the classes, since others may not look into the home directory of root. */
  private String readableClassPath() throws IOException {
    Path classes = directory.resolve("classes");
    List<String> copies = new ArrayList<>();
    boolean exists = Files.exists(classes);
    int number = 0;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path source = Path.of(entry);
      Path copy = classes.resolve(number++ + "-" + source.getFileName());
      if (!exists && Files.exists(source)) {
        Files.createDirectories(classes);
        Logs.copyTree(source, copy);
      }
      copies.add(copy.toString());
    }
    allow(classes, "rwxr-xr-x", "rw-r--r--");
    return String.join(File.pathSeparator, copies);
  }

  private static void allow(Path root, String directories, String files) throws IOException {
    try (var paths = Files.walk(root)) {
      for (Path path : paths.toList()) {
        String mode = Files.isDirectory(path) ? directories : files;
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
      }
    }
  }
}
