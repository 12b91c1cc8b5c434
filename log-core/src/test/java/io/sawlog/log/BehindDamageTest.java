package io.sawlog.log;

import static io.sawlog.log.Logs.appendNumbers;
import static io.sawlog.log.Logs.drain;
import static io.sawlog.log.Logs.flipBit;
import static io.sawlog.log.Logs.numbers;
import static io.sawlog.log.Logs.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Readers that start behind a damaged frame, although no index entry lies between. */
class BehindDamageTest {
  /** The bytes of a frame with one short record. */
  private static final int FRAME = 40;

  /** Segments of one index entry. */
  private static final TopicConfig CONFIG = Logs.small().indexIntervalBytes(64 << 10);

  @TempDir Path directory;
  private final FaultyStorage storage = new FaultyStorage();

  /** What can become of a frame. */
  enum Damage {
    SHORT_LENGTH {
      @Override
      void doTo(UnsafeBuffer log, int frame) {
        log.putInt(frame, FRAME - 8);
      }
    },
    LENGTH_UP_TO_ANOTHER_FRAME {
      @Override
      void doTo(UnsafeBuffer log, int frame) {
        log.putInt(frame, 3 * FRAME);
      }
    },
    LENGTH_WITHOUT_SENSE {
      @Override
      void doTo(UnsafeBuffer log, int frame) {
        log.putInt(frame, 0x7F7F_7F7F);
      }
    },
    NEGATIVE_LENGTH {
      @Override
      void doTo(UnsafeBuffer log, int frame) {
        log.putInt(frame, -FRAME);
      }
    },
    RECORD {
      @Override
      void doTo(UnsafeBuffer log, int frame) {
        log.putByte(frame + FRAME - 6, (byte) 0x55);
      }
    },
    KIND {
      @Override
      void doTo(UnsafeBuffer log, int frame) {
        log.putByte(frame + FrameFormat.KIND_FIELD, (byte) 77);
      }
    },
    ZEROS {
      @Override
      void doTo(UnsafeBuffer log, int frame) {
        log.setMemory(frame, FRAME, (byte) 0);
      }
    };

    abstract void doTo(UnsafeBuffer log, int frame);
  }

  private DrivenStore open(Path path) {
    return DrivenStore.open(path, SawlogConfig.defaults(), storage);
  }

  private static Partition partition(DrivenStore store) {
    return store.log.topic("t").partition(0);
  }

  private static Path segment(Path store) {
    return store.resolve("t/0").resolve(SegmentHeader.fileName(0));
  }

  private static int frame(int number) {
    return SegmentHeader.LENGTH + number * FRAME;
  }

  private static List<String> readFrom(Partition partition, long offset) {
    try (Tailer tailer = partition.tailer(Position.atOffset(offset))) {
      return drain(tailer);
    }
  }

  private static void assertRefused(Partition partition, long offset, List<String> before) {
    List<String> seen = new ArrayList<>();
    try (Tailer tailer = partition.tailer(Position.atOffset(offset))) {
      assertThrows(
          CorruptLogException.class,
          () -> {
            while (tailer.poll(view -> seen.add(view.copy().valueAsString()), 100) > 0) {
              // until the damage
            }
          });
    }
    assertEquals(before, seen);
  }

  @ParameterizedTest
  @EnumSource
  void shouldReadOnWhereTheyStart(Damage damage) throws IOException {
    try (DrivenStore store = open(directory)) {
      appendNumbers(store.create("t", CONFIG), 0, 30);
    }
    byte[] bytes = Files.readAllBytes(segment(directory));
    damage.doTo(new UnsafeBuffer(bytes), frame(10));
    Files.write(segment(directory), bytes);

    try (DrivenStore store = open(directory)) {
      Partition partition = partition(store);
      for (int offset = 11; offset <= 30; offset++) {
        assertEquals(numbers(offset, 30), readFrom(partition, offset));
      }
      assertRefused(partition, 10, List.of());
      assertRefused(partition, 5, numbers(5, 10));
      assertEquals(11, partition.offsetBehindDamage(10));
      assertEquals(11, partition.offsetBehindDamage(11));
      assertEquals(9, partition.offsetBehindDamage(9), "nothing is damaged there");
    }
  }

  @Test
  void shouldGoOnInTheNextSegmentOrAtTheEndWhereNothingFollowsTheDamage() throws IOException {
    TopicConfig config = Logs.small().segmentBytes(64 << 10);
    long second;
    long end;
    try (DrivenStore store = open(directory)) {
      Partition partition = store.create("t", config);
      appendNumbers(partition, 0, 2000);
      second = partition.segments().get(1).baseOffset();
      end = partition.logEndOffset();
      assertEquals(2, partition.segments().size());
    }
    flipBit(segment(directory), frame((int) second - 1) + FrameFormat.CRC_FIELD);
    Path last = directory.resolve("t/0").resolve(SegmentHeader.fileName(second));
    flipBit(last, frame((int) (end - 1 - second)) + FrameFormat.CRC_FIELD);

    try (DrivenStore store = open(directory);
        Sawlog reader = Sawlog.openReadOnly(directory)) {
      for (Partition partition : List.of(partition(store), reader.topic("t").partition(0))) {
        assertEquals(second, partition.offsetBehindDamage(second - 1));
        assertEquals(end, partition.offsetBehindDamage(end - 1));
        assertEquals(end, partition.offsetBehindDamage(end));
      }
      assertEquals(end, partition(store).append(null, utf8("next")));
      assertEquals(List.of("next"), readFrom(partition(store), end));
    }
  }

  @Test
  void shouldFindTheWayBehindAWholeBatch() throws IOException {
    try (DrivenStore store = open(directory)) {
      Partition partition = store.create("t", CONFIG);
      appendNumbers(partition, 0, 10);
      partition.append(new Batch().add("", "10").add("", "11").add("", "12"));
      appendNumbers(partition, 13, 20);
    }
    flipBit(segment(directory), frame(10) + FrameFormat.HEADER_LENGTH + 1);
    flipBit(segment(directory), frame(0) + FrameFormat.CRC_FIELD);

    try (DrivenStore store = open(directory)) {
      for (int offset = 10; offset <= 13; offset++) {
        assertEquals(13, partition(store).offsetBehindDamage(offset));
      }
      assertEquals(1, partition(store).offsetBehindDamage(0));
    }
  }

  @Test
  void shouldNotPassOverABatchThatHoldsTheirRecord() throws IOException {
    try (DrivenStore store = open(directory)) {
      Partition partition = store.create("t", CONFIG);
      appendNumbers(partition, 0, 10);
      partition.append(new Batch().add("", "10").add("", "11").add("", "12"));
      appendNumbers(partition, 13, 20);
    }
    flipBit(segment(directory), frame(10) + FrameFormat.HEADER_LENGTH + 1);

    try (DrivenStore store = open(directory)) {
      for (int offset = 10; offset < 13; offset++) {
        assertRefused(partition(store), offset, List.of());
      }
      assertEquals(numbers(13, 20), readFrom(partition(store), 13));
    }
  }

  @Test
  void shouldPassOverAllDamageBeforeTheirRecord() throws IOException {
    try (DrivenStore store = open(directory)) {
      appendNumbers(store.create("t", CONFIG), 0, 30);
    }
    for (int damaged : new int[] {3, 4, 9, 11}) {
      flipBit(segment(directory), frame(damaged) + FrameFormat.CRC_FIELD);
    }

    try (DrivenStore store = open(directory)) {
      assertEquals(numbers(12, 30), readFrom(partition(store), 12));
      assertRefused(partition(store), 10, List.of("10"));
    }
  }

  /** A record may hold the bytes of earlier frames, checksums and all. */
  @Test
  void shouldNotTakeACopyOfAFrameInARecordForAFrame() throws IOException {
    try (DrivenStore store = open(directory)) {
      Partition partition = store.create("t", CONFIG);
      appendNumbers(partition, 0, 10);
      byte[] log = Files.readAllBytes(segment(directory));
      byte[] frames = Arrays.copyOfRange(log, frame(0), frame(10));
      for (int shift = 0; shift < FrameFormat.ALIGNMENT; shift++) {
        byte[] copy = new byte[shift + frames.length];
        System.arraycopy(frames, 0, copy, shift, frames.length);
        partition.append(null, copy);
      }
      appendNumbers(partition, 18, 30);
    }
    int position = frame(10);
    byte[] bytes = Files.readAllBytes(segment(directory));
    UnsafeBuffer log = new UnsafeBuffer(bytes);
    for (int i = 0; i < FrameFormat.ALIGNMENT; i++) {
      int length = FrameFormat.length(log, position);
      log.putInt(position, 8);
      position += length;
    }
    Files.write(segment(directory), bytes);

    try (DrivenStore store = open(directory)) {
      for (int offset = 18; offset < 30; offset++) {
        assertEquals(numbers(offset, 30), readFrom(partition(store), offset));
      }
      for (int offset = 10; offset < 18; offset++) {
        assertRefused(partition(store), offset, List.of());
      }
    }
  }

  /** After a loss of power the bytes behind END are whole frames of a life that is over. */
  @Test
  void shouldNotTakeWhatLiesBehindTheEndOfACutLogForRecords() throws IOException {
    Path original = directory.resolve("original");
    Path cut = directory.resolve("cut");
    try (DrivenStore store = open(original)) {
      Partition partition = store.create("t", CONFIG);
      appendNumbers(partition, 0, 10);
      partition.flush();
      appendNumbers(partition, 10, 30);
      Logs.copyTree(original, cut);
    }
    byte[] bytes = Files.readAllBytes(segment(cut));
    new UnsafeBuffer(bytes).setMemory(frame(12), FRAME, (byte) 0);
    Files.write(segment(cut), bytes);
    storage.boot = "the next boot";
    long next;
    try (DrivenStore store = open(cut)) {
      assertEquals(12, store.log.recoveryReport().partitions().get(0).endOffset());
      next = partition(store).append(null, utf8("of the next life"));
      assertEquals(List.of("of the next life"), readFrom(partition(store), 20));
    }
    flipBit(segment(cut), frame(12) + FrameFormat.CRC_FIELD);

    try (DrivenStore store = open(cut)) {
      assertTrue(next > 30);
      assertRefused(partition(store), 12, List.of());
      assertRefused(partition(store), 20, List.of());
      assertRefused(partition(store), next - 1, List.of());
      assertEquals(List.of("of the next life"), readFrom(partition(store), next));
      assertEquals(next, partition(store).offsetBehindDamage(12));
    }
  }

  /** A sector that a disk wrote to the wrong place; its checksum is that of this segment. */
  @Test
  void shouldNotTakeACopyOfEndInTheMiddleForTheEnd() throws IOException {
    long second;
    try (DrivenStore store = open(directory)) {
      Partition partition = store.create("t", Logs.small().segmentBytes(64 << 10));
      appendNumbers(partition, 0, 2000);
      second = partition.segments().get(1).baseOffset();
    }
    byte[] bytes = Files.readAllBytes(segment(directory));
    System.arraycopy(bytes, frame((int) second), bytes, frame(10), FrameFormat.HEADER_LENGTH);
    assertEquals(FrameFormat.KIND_END, FrameFormat.kind(new UnsafeBuffer(bytes), frame(10)));
    Files.write(segment(directory), bytes);

    try (DrivenStore store = open(directory)) {
      assertRefused(partition(store), 5, numbers(5, 10));
      assertEquals(numbers(11, 2000), readFrom(partition(store), 11));
      assertEquals(11, partition(store).offsetBehindDamage(10));
    }
  }
}
