package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.index.HeaderCheck;
import io.sawlog.index.IndexHeader;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.FrameCheck;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import io.sawlog.log.segment.SegmentScanner;
import io.sawlog.log.sim.SimulatedStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A store of small segments on a simulated disk whose files get damaged, and which remembers what
 * every record was and where it stood: so it knows which ones a repair may lose.
 */
final class DamagedStore {
  static final Path STORE = Path.of("/sim/data/store").toAbsolutePath();
  static final Path PARTITION = STORE.resolve("t").resolve("0");

  /** Where a frame stands, and what it holds. */
  record Frame(Path file, int position, int length, long offset, boolean end) {}

  final List<Frame> frames = new ArrayList<>();
  final List<Path> segments = new ArrayList<>();
  final List<String> history = new ArrayList<>();
  final Set<Long> mayBeLost = new HashSet<>();
  private final boolean hasGap;
  SimulatedStorage disk;
  UUID topicId;
  long endOffset;

  /**
   * Writes some segments, and notes where all frames are.
   *
   * @param closed whether the store is closed; otherwise its process is killed
   * @param gap whether a power cut has left a gap in the offsets
   */
  DamagedStore(SplittableRandom random, int segmentCount, boolean closed, boolean gap) {
    disk = SimulatedStorage.empty(random);
    hasGap = gap;
    if (gap) {
      SmallStore before = new SmallStore(STORE, disk);
      for (int i = random.nextInt(100); i >= 0; i--) {
        appendOne(before, random);
      }
      before.settle();
      disk = disk.afterPowerCut();
    }
    SmallStore store = new SmallStore(STORE, disk);
    while (store.partition.segments().size() < segmentCount) {
      appendOne(store, random);
    }
    for (int i = 0; i < 10; i++) {
      appendOne(store, random);
    }
    store.settle();
    endOffset = store.partition.logEndOffset();
    topicId = store.log.topic("t").id();
    if (closed) {
      store.close();
    } else {
      disk = disk.afterKill();
    }
    for (Path file : disk.files(PARTITION, ".log").stream().sorted().toList()) {
      segments.add(file);
      frames.addAll(framesIn(disk, file));
    }
  }

  private static void appendOne(SmallStore store, SplittableRandom random) {
    store.partition.append(
        null,
        value(store.partition.logEndOffset(), random.nextInt(20, 1500))
            .getBytes(StandardCharsets.UTF_8));
  }

  static String value(long offset, int length) {
    return offset + ":" + "x".repeat(length);
  }

  /** The frames of a segment that follow each other. */
  static List<Frame> framesIn(Storage disk, Path path) {
    List<Frame> frames = new ArrayList<>();
    try (StorageFile file = disk.open(path, Storage.Access.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.LENGTH);
      file.read(bytes, 0);
      SegmentHeader header = SegmentHeader.decode(bytes.flip());
      SegmentScanner scanner = new SegmentScanner(file, header);
      long expected = header.baseOffset();
      while (scanner.check(expected) == FrameCheck.VALID) {
        boolean end = scanner.kind() == FrameFormat.KIND_END;
        frames.add(
            new Frame(path, scanner.position(), scanner.length(), scanner.baseOffset(), end));
        if (end) {
          break;
        }
        expected = scanner.nextOffset();
        scanner.skip();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return frames;
  }

  /** What the kernel does by itself within a minute: hints and indexes are on the disk too. */
  void writeBack() {
    for (Path path : disk.files(PARTITION, "")) {
      try (StorageFile file = disk.open(path, Storage.Access.WRITE)) {
        file.force();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  PartitionPlace place() {
    return new PartitionPlace(disk, PARTITION, "t", topicId, 0);
  }

  List<Frame> framesOf(Path file) {
    return frames.stream().filter(frame -> frame.file().equals(file)).toList();
  }

  /** Changes bytes of a segment; records that stand there may be lost. */
  void damage(Path file, int from, int to, Consumer<byte[]> change) {
    disk.damage(file, change);
    history.add(file.getFileName() + " " + from + ".." + to + " damaged");
    boolean saltLost = from < SegmentHeader.LENGTH && !hasIndex(file);
    for (Frame frame : framesOf(file)) {
      if (saltLost) {
        mayBeLost.add(frame.offset());
      }
      if (frame.position() < to && frame.position() + frame.length() > from && !frame.end()) {
        mayBeLost.add(frame.offset());
      }
    }
  }

  /** A power cut may have taken it, and nothing else knows the salt. */
  private boolean hasIndex(Path segment) {
    try {
      return IndexHeader.checkAlone(IndexFile.readFile(disk, IndexFile.beside(segment)))
          instanceof HeaderCheck.Valid;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void flipBit(Path file, int position) {
    damage(file, position, position + 1, bytes -> bytes[position] ^= 0x10);
  }

  void overwrite(Path file, int from, int to, int value) {
    damage(file, from, to, bytes -> Arrays.fill(bytes, from, to, (byte) value));
  }

  void delete(Path file) {
    try {
      disk.delete(file);
      disk.forceDirectory(PARTITION);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    history.add(file.getFileName() + " deleted");
    framesOf(file).forEach(frame -> mayBeLost.add(frame.offset()));
  }

  PartitionRepair plan() {
    try {
      return PartitionRepair.plan(place());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String metaInWords() {
    Path meta = PARTITION.resolve(PartitionMeta.FILE_NAME);
    try (StorageFile file = disk.open(meta, Storage.Access.READ)) {
      return PartitionMeta.inspect(file, new ArrayList<>()) + " " + PartitionMeta.readHints(file);
    } catch (IOException e) {
      return "no meta file";
    }
  }

  void repair() {
    PartitionRepair plan = plan();
    history.add(metaInWords());
    plan.steps().forEach(step -> history.add(step.toString()));
    assertEquals(List.of(), plan.obstacles());
    try {
      plan.apply();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** No index says something else than its segment. The power cut of a gap may tear an entry. */
  void checkIndexes() {
    if (hasGap) {
      return;
    }
    try {
      LogChecker.checkIndexes(place());
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + String.join("\n", history), e);
    }
  }

  /**
   * Opens the store, as its writer would next, and checks what it holds.
   *
   * @return the offsets that can be read
   */
  List<Long> check() {
    try {
      return openAndCheck();
    } catch (LogException | AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + String.join("\n", history), e);
    }
  }

  private List<Long> openAndCheck() {
    try (SmallStore store = new SmallStore(STORE, disk)) {
      List<Long> found = new ArrayList<>();
      for (Message message : store.partition.read(Position.earliest())) {
        String value = message.valueAsString();
        assertTrue(value.startsWith(message.offset() + ":x"), message.offset() + " is " + value);
        found.add(message.offset());
      }
      Set<Long> present = new HashSet<>(found);
      for (Frame frame : frames) {
        assertTrue(
            frame.end() || present.contains(frame.offset()) || mayBeLost.contains(frame.offset()),
            "offset " + frame.offset() + " is lost, although its frame was not damaged");
      }
      assertEquals(found.stream().sorted().distinct().toList(), found);
      long next =
          store.partition.append(
              null, value(store.partition.logEndOffset(), 1).getBytes(StandardCharsets.UTF_8));
      assertTrue(next >= endOffset, "offset " + next + " is given out a second time");
      return found;
    }
  }
}
