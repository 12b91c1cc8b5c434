package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import io.sawlog.log.file.DiskStorage;
import io.sawlog.log.file.MappedRegion;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.SegmentHeader;
import io.sawlog.log.segment.SegmentScanner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever is done to a segment, a walk ends, goes forward, and shows only what was appended. */
class SegmentWalkTest {
  private static final int RECORDS = 600;
  private static final int BLOCK = 4096;

  private static Path directory;
  private static byte[] original;
  private static int tail;
  private static List<Finding.Frame> frames;

  @BeforeContainer
  static void createSegment() throws IOException {
    directory = Files.createTempDirectory("walk");
    try (Sawlog log = Sawlog.open(directory.resolve("store"))) {
      Topic topic = log.topic("flights");
      Flights.text(23, RECORDS).lines().forEach(line -> topic.append(null, line));
    }
    Path segment = directory.resolve("store/flights/0/00000000000000000000.log");
    original = Files.readAllBytes(segment);
    List<Finding> findings = walk(segment, new BitSet());
    tail = findings.get(findings.size() - 1).position();
    frames =
        findings.stream()
            .filter(f -> f instanceof Finding.Frame)
            .map(f -> (Finding.Frame) f)
            .toList();
    assertEquals(RECORDS, frames.size());
    original = Arrays.copyOf(original, tail + 4 * BLOCK);
  }

  @AfterContainer
  static void deleteSegment() throws IOException {
    Directories.delete(directory);
  }

  private static List<Finding> walk(Path segment, BitSet badBlocks) throws IOException {
    List<Finding> findings = new ArrayList<>();
    try (StorageFile file =
        new PatientFile(
            new BadBlocks(DiskStorage.open().open(segment, Storage.Access.READ), badBlocks))) {
      ByteBuffer bytes = ByteBuffer.wrap(original, 0, SegmentHeader.LENGTH).slice();
      SegmentHeader header = SegmentHeader.decode(bytes);
      SegmentWalk walk = new SegmentWalk(new SegmentScanner(file, header), header);
      Finding finding = walk.next();
      while (!(finding instanceof Finding.End)) {
        assertTrue(findings.size() <= 3 * RECORDS, "the walk does not end");
        findings.add(finding);
        finding = walk.next();
      }
      findings.add(finding);
    }
    return findings;
  }

  @Property(tries = 100)
  void shouldShowEveryFrameThatIsWholeAndNothingElse(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    byte[] bytes = original.clone();
    BitSet damaged = new BitSet();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int from = SegmentHeader.LENGTH + random.nextInt(tail - SegmentHeader.LENGTH);
      int to = Math.min(tail, from + 1 + random.nextInt(random.nextBoolean() ? 8 : 3000));
      int kind = random.nextInt(3);
      for (int at = from; at < to; at++) {
        byte value = (byte) (kind == 0 ? 0 : kind == 1 ? random.nextInt() : bytes[at] ^ 1);
        damaged.set(at, value != original[at]);
        bytes[at] = value;
      }
    }
    Path segment = directory.resolve("damaged");
    Files.write(segment, bytes);

    List<Finding> findings = walk(segment, new BitSet());

    assertWhatIsShown(findings, damaged);
  }

  @Property(tries = 50)
  void shouldReadAroundBlocksThatTheDeviceDoesNotDeliver(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    BitSet badBlocks = new BitSet();
    BitSet damaged = new BitSet();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int block = random.nextInt(tail / BLOCK + 1);
      badBlocks.set(block);
      damaged.set(block * BLOCK, (block + 1) * BLOCK);
    }

    List<Finding> findings =
        walk(directory.resolve("store/flights/0/00000000000000000000.log"), badBlocks);

    assertWhatIsShown(findings, damaged);
  }

  private static void assertWhatIsShown(List<Finding> findings, BitSet damaged) {
    int position = 0;
    List<Long> shown = new ArrayList<>();
    for (Finding finding : findings) {
      assertTrue(finding.position() >= position, findings::toString);
      position = finding.position();
      if (finding instanceof Finding.Frame frame) {
        shown.add(frame.baseOffset());
        int next = damaged.nextSetBit(frame.position());
        assertTrue(next < 0 || next >= frame.position() + frame.length(), frame::toString);
      }
    }
    assertEquals(wholeFrames(damaged), shown);
    boolean silent =
        findings.stream().allMatch(f -> f instanceof Finding.Frame || f instanceof Finding.End);
    // Zeros over the last frames look like a log that ends before them.
    boolean endsEarly = shown.isEmpty() || shown.get(shown.size() - 1) == shown.size() - 1;
    assertTrue(!silent || endsEarly, "damage was not told");
  }

  private static List<Long> wholeFrames(BitSet damaged) {
    return frames.stream()
        .filter(
            frame -> {
              int next = damaged.nextSetBit(frame.position());
              return next < 0 || next >= frame.position() + frame.length();
            })
        .map(Finding.Frame::baseOffset)
        .toList();
  }

  /** A disk with blocks that cannot be read. */
  private record BadBlocks(StorageFile file, BitSet blocks) implements StorageFile {
    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      long end = position + target.remaining();
      for (long at = position; at < end; at = (at / BLOCK + 1) * BLOCK) {
        if (blocks.get((int) (at / BLOCK))) {
          // As a device does: some bytes may have come before the error.
          throw new IOException("Input/output error");
        }
      }
      return file.read(target, position);
    }

    @Override
    public Path path() {
      return file.path();
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void write(ByteBuffer source, long position) {
      throw new AssertionError();
    }

    @Override
    public void allocate(long size) {
      throw new AssertionError();
    }

    @Override
    public void punchHole(long position, long length) {
      throw new AssertionError();
    }

    @Override
    public long nextData(long position) throws IOException {
      return file.nextData(position);
    }

    @Override
    public MappedRegion map(int length) {
      throw new AssertionError();
    }

    @Override
    public void force() {
      throw new AssertionError();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
