package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.PartitionModel.Read;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.sim.SimulatedStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Damages each file of a small store in every way: no wrong byte is delivered, nothing is left out
 * without an exception, and nothing but a typed exception comes out.
 */
class DamagedFilesTest {
  private static final Path STORE = Path.of("/sim/store").toAbsolutePath();
  private static final Path PARTITION = STORE.resolve("t/0");
  private static final Logger LOGGER = Logger.getLogger("io.sawlog");

  /** What of a file is damaged bit by bit in an ordinary build: there is nothing behind it. */
  private static final int USED_BYTES = 2048;

  /** Which bits of the other files, then: each so-and-so-manyth. */
  private static final int STRIDE = Amount.of(29, 1);

  private final SimulatedStorage storage = SimulatedStorage.empty(new SplittableRandom(1));
  private final List<Read> records = new ArrayList<>();
  private final Background background = new Background(() -> 1_700_000_000_000L);
  private List<Path> logs;
  private Level level;

  @BeforeEach
  void writeTwoSegments() {
    level = LOGGER.getLevel();
    // each damaged index is a warning
    LOGGER.setLevel(Level.OFF);
    try (Sawlog log = open(storage)) {
      Partition partition =
          log.createTopic(
                  "t",
                  SmallStore.CONFIG
                      .indexIntervalBytes(256)
                      .retention(Retention.forever().maxBytes(1L << 40)))
              .partition(0);
      appendSmallOnes(partition, 10);
      fillUp(partition);
      appendSmallOnes(partition, 20);
      records.addAll(readAll(partition));
    }
    logs = storage.files(PARTITION, ".log");
    assertEquals(2, logs.size());
  }

  @AfterEach
  void warnAgain() {
    LOGGER.setLevel(level);
  }

  private static void appendSmallOnes(Partition partition, int count) {
    int id = (int) partition.logEndOffset();
    for (int appended = 0; appended < count; id++) {
      if (Payload.length(id) < 100) {
        partition.append(Payload.key(id), Payload.value(id));
        appended++;
      }
    }
  }

  private static void fillUp(Partition partition) {
    int id = 1000;
    while (partition.segments().size() < 2) {
      if (Payload.length(id) > 8000) {
        partition.append(Payload.key(id), Payload.value(id));
      }
      id++;
    }
  }

  private Sawlog open(Storage disk) {
    return Sawlog.open(STORE, SawlogConfig.defaults(), disk, background, () -> {});
  }

  private static List<Read> readAll(Partition partition) {
    return LogChecker.readAll(partition, Position.earliest(), Visibility.PUBLISHED);
  }

  @Test
  void shouldNeverDeliverAWrongByteWhicheverBitOfASegmentIsWrong() {
    for (Path log : logs) {
      everyBit(log, Amount.of(USED_BYTES, 1 << 16), log.equals(logs.get(1)) ? 1 : STRIDE);
    }
  }

  @Test
  void shouldAnswerTheSameWhicheverBitOfAnIndexIsWrong() {
    for (Path index : storage.files(PARTITION, ".index")) {
      everyBit(index, 1 << 16, STRIDE);
    }
  }

  @Test
  void shouldBeWholeOrRefusedWhicheverBitOfTheMetaFileIsWrong() {
    everyBit(PARTITION.resolve(PartitionMeta.FILE_NAME), 3 * 4096, STRIDE);
  }

  @Test
  void shouldBeWholeOrRefusedWhicheverBitOfThePropertiesIsWrong() {
    everyBit(STORE.resolve("t/topic.properties"), 1 << 16, STRIDE);
  }

  private void everyBit(Path file, int limit, int stride) {
    int[] length = {0};
    storage.damage(file, bytes -> length[0] = bytes.length);
    int end = Math.min(limit, length[0]);
    boolean index = file.toString().endsWith(".index");
    for (int bit = 0; bit < 8 * end; bit += stride) {
      flip(file, bit);
      try {
        mustReadWhatWasWritten(index);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("bit " + bit + " of " + file + ": " + e, e);
      }
      flip(file, bit);
    }
    Totals.count("bits of files flipped", 8L * end / stride);
  }

  private void flip(Path file, int bit) {
    storage.damage(file, bytes -> bytes[bit / 8] ^= (byte) (1 << bit % 8));
  }

  /** As a reader; it changes nothing. */
  private void mustReadWhatWasWritten(boolean indexOnly) {
    long before = storage.mutations();
    List<Read> seen = new ArrayList<>();
    boolean refused = false;
    try (Sawlog log = Sawlog.openReadOnly(STORE, SawlogConfig.defaults(), storage)) {
      Partition partition = log.topic("t").partition(0);
      if (indexOnly) {
        lookUp(partition);
      }
      read(partition, seen);
    } catch (LogException e) {
      refused = true;
    }
    assertTrue(!(refused && indexOnly), "a damaged index is no reason to refuse anything");
    mustBePrefix(seen, refused);
    assertEquals(before, storage.mutations());
  }

  private static void read(Partition partition, List<Read> seen) {
    try (Tailer tailer = partition.tailer(Position.earliest())) {
      MessageHandler handler =
          message ->
              seen.add(new Read(message.offset(), Payload.check(message), message.appendTime()));
      while (tailer.poll(handler, 100) > 0) {
        // until nothing more is there
      }
    }
  }

  private void lookUp(Partition partition) {
    for (int i = 0; i < records.size(); i += 7) {
      Read expected = records.get(i);
      List<Read> first = new ArrayList<>();
      try (Tailer tailer = partition.tailer(Position.atOffset(expected.offset()))) {
        tailer.poll(
            message ->
                first.add(new Read(message.offset(), Payload.check(message), message.appendTime())),
            1);
      }
      assertEquals(List.of(expected), first);
    }
    assertEquals(
        records.get(0).offset(),
        partition.offsetAtTime(Instant.ofEpochMilli(records.get(0).time())));
  }

  private void mustBePrefix(List<Read> seen, boolean refused) {
    assertTrue(seen.size() <= records.size(), "records came from nowhere: " + seen);
    assertEquals(records.subList(0, seen.size()), seen);
    assertTrue(refused || seen.size() == records.size(), "only " + seen.size() + " are there");
  }

  /** Any file changed in any way, and opened by a writer. */
  @Test
  void shouldRefuseOrRecoverAnythingAndLoseNothingSilently() throws IOException {
    int mutants = Amount.of(1_000, 100_000);
    long seed = Amount.seed();
    int refused = 0;
    for (int i = 0; i < mutants; i++) {
      SplittableRandom random = new SplittableRandom(seed + i);
      SimulatedStorage mutant = storage.copy();
      if (random.nextBoolean()) {
        mutant = mutant.afterPowerCut();
      }
      String what = mutate(mutant, random);
      try {
        refused += openAndUse(mutant) ? 0 : 1;
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "mutant " + i + " of -Dsawlog.seed=" + seed + ", " + what + ": " + e, e);
      }
    }
    assertTrue(refused > 0 && refused < mutants, refused + " were refused");
    Totals.count("mutated stores", mutants);
  }

  /** Tells whether the store could be used as if nothing had happened. */
  private boolean openAndUse(SimulatedStorage mutant) {
    long before = mutant.mutations();
    boolean opened = false;
    List<Read> seen = new ArrayList<>();
    try (Sawlog log = open(mutant)) {
      boolean told = !log.recoveryReport().isClean();
      opened = true;
      Partition partition = log.topic("t").partition(0);
      read(partition, seen);
      mustBePrefix(seen, told);
      Read last = records.get(records.size() - 1);
      long offset = partition.appendSynced(Payload.key(last.id()), Payload.value(last.id()));
      assertTrue(offset > last.offset(), "offset " + offset + " is given out again");
      seen.clear();
      read(partition, seen);
      assertEquals(offset, seen.get(seen.size() - 1).offset());
    } catch (LogException e) {
      mustBePrefix(seen.subList(0, Math.min(seen.size(), records.size())), true);
      assertTrue(opened || before == mutant.mutations(), "refused, and yet changed: " + e);
      return false;
    } finally {
      assertEquals(0, mutant.open(), "files are open");
    }
    return true;
  }

  private String mutate(SimulatedStorage mutant, SplittableRandom random) throws IOException {
    List<Path> files = new ArrayList<>(mutant.files(STORE, ""));
    files.removeIf(path -> path.endsWith(Names.LOCK_FILE));
    Path file = files.get(random.nextInt(files.size()));
    if (random.nextInt(20) == 0) {
      mutant.delete(file);
      return file + " is missing";
    }
    byte[][] content = new byte[1][];
    mutant.damage(file, bytes -> content[0] = bytes.clone());
    byte[] bytes = content[0];
    if (bytes.length == 0) {
      return file + " is empty as it was";
    }
    if (random.nextInt(4) == 0) {
      int length = random.nextInt(bytes.length + (random.nextBoolean() ? 1 : 5000));
      replace(mutant, file, Arrays.copyOf(bytes, length));
      return file + " has " + length + " bytes";
    }
    for (int i = random.nextInt(3); i >= 0; i--) {
      change(bytes, random);
    }
    mutant.damage(file, all -> System.arraycopy(bytes, 0, all, 0, all.length));
    return file + " is changed";
  }

  /** Mostly where something is: in front. */
  private static void change(byte[] bytes, SplittableRandom random) {
    int limit = random.nextInt(3) == 0 ? bytes.length : Math.min(bytes.length, USED_BYTES);
    int at = random.nextInt(limit);
    int count = random.nextInt(Math.min(64, bytes.length - at) + 1);
    switch (random.nextInt(5)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt();
      case 2 -> Arrays.fill(bytes, at, at + count, (byte) 0);
      case 3 -> {
        for (int i = at; i < at + count; i++) {
          bytes[i] = (byte) random.nextInt();
        }
      }
      default ->
          System.arraycopy(bytes, random.nextInt(bytes.length - count + 1), bytes, at, count);
    }
  }

  private static void replace(SimulatedStorage mutant, Path file, byte[] bytes) throws IOException {
    mutant.delete(file);
    try (StorageFile created = mutant.create(file)) {
      created.write(ByteBuffer.wrap(bytes), 0);
    }
  }
}
