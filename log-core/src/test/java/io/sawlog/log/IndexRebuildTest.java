package io.sawlog.log;

import static io.sawlog.log.Logs.small;
import static io.sawlog.log.Logs.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.index.IndexHeader;
import io.sawlog.log.file.DiskStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An index may be anything: the answers are those of the log. */
class IndexRebuildTest {
  private static final int RECORDS = 400;

  @TempDir Path directory;
  private final Warnings warnings = new Warnings();

  /** What can have become of an index file. */
  enum Damage {
    MISSING(true),
    EMPTY(true),
    SHORT(true),
    TOO_LONG(true),
    HEADER_SCRAMBLED(true),
    OF_ANOTHER_SEGMENT(true),
    ENTRIES_SCRAMBLED(false),
    ENTRIES_ZERO(false);

    /** Whether the file as a whole is no use. */
    private final boolean unusable;

    Damage(boolean unusable) {
      this.unusable = unusable;
    }

    void doTo(Path index, Path another, Random random) throws IOException {
      byte[] bytes = Files.readAllBytes(index);
      switch (this) {
        case MISSING -> Files.delete(index);
        case EMPTY -> Files.write(index, new byte[0]);
        case SHORT -> Files.write(index, Arrays.copyOf(bytes, bytes.length - 16));
        case TOO_LONG -> Files.write(index, Arrays.copyOf(bytes, bytes.length + 16));
        case HEADER_SCRAMBLED -> {
          bytes[random.nextInt(IndexHeader.LENGTH_BYTES)] ^= 4;
          Files.write(index, bytes);
        }
        case OF_ANOTHER_SEGMENT -> Files.write(index, Files.readAllBytes(another));
        case ENTRIES_SCRAMBLED -> {
          byte[] garbage = new byte[bytes.length];
          random.nextBytes(garbage);
          System.arraycopy(bytes, 0, garbage, 0, IndexHeader.LENGTH_BYTES);
          Files.write(index, garbage);
        }
        case ENTRIES_ZERO ->
            Files.write(
                index, Arrays.copyOf(Arrays.copyOf(bytes, IndexHeader.LENGTH_BYTES), bytes.length));
      }
    }
  }

  /** Records of which each fills an index block or two, in four segments, 5 ms apart. */
  @BeforeEach
  void fill() {
    try (DrivenStore store = DrivenStore.open(directory)) {
      Partition partition = store.create("t", small());
      for (int i = 0; i < RECORDS; i++) {
        partition.append(null, utf8(i + " " + "x".repeat(500)));
        store.advance(5);
      }
      assertTrue(partition.segments().size() >= 4);
    }
  }

  @AfterEach
  void listenNoMore() {
    warnings.close();
  }

  private List<Path> indexes() throws IOException {
    try (var files = Files.list(directory.resolve("t/0"))) {
      return files.filter(path -> path.toString().endsWith(".index")).sorted().toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldGiveTheSameAnswersWhateverBecameOfTheIndexes(Damage damage) throws IOException {
    List<Path> indexes = indexes();
    Path another = Files.copy(indexes.get(1), directory.resolve("another"));
    for (Path index : indexes) {
      if (damage != Damage.OF_ANOTHER_SEGMENT || !index.equals(indexes.get(1))) {
        damage.doTo(index, another, new Random(1));
      }
    }

    try (DrivenStore store = DrivenStore.open(directory)) {
      assertTrue(store.log.recoveryReport().isClean());
      assertEveryLookUpIsRight(store.log.topic("t").partition(0));
    }
    boolean saidSo = warnings.said().toString().contains("is rebuilt");
    assertEquals(damage.unusable, saidSo, warnings.said().toString());
  }

  @ParameterizedTest
  @EnumSource
  void shouldGiveTheSameAnswersToReaders(Damage damage) throws IOException {
    List<Path> indexes = indexes();
    Path another = Files.copy(indexes.get(1), directory.resolve("another"));
    for (Path index : indexes) {
      damage.doTo(index, another, new Random(2));
    }

    try (Sawlog reader = Sawlog.openReadOnly(directory)) {
      assertEveryLookUpIsRight(reader.topic("t").partition(0));
    }
  }

  private static void assertEveryLookUpIsRight(Partition partition) {
    for (int i = 0; i < RECORDS; i += 13) {
      try (Tailer tailer = partition.tailer(Position.atOffset(i))) {
        List<Long> seen = new ArrayList<>();
        tailer.poll(view -> seen.add(view.offset()), 1);
        assertEquals(List.of((long) i), seen);
      }
      long time = DrivenStore.START + 5L * i;
      assertEquals(i, partition.offsetAtTime(Instant.ofEpochMilli(time)));
      assertEquals(i + 1, partition.offsetAtTime(Instant.ofEpochMilli(time + 1)));
    }
  }

  @Test
  void shouldMakeTheIndexOfTheLastSegmentAnewBeforeItGoesOn() throws IOException {
    List<Path> indexes = indexes();
    Path last = indexes.get(indexes.size() - 1);
    long length = Files.size(last);
    Files.write(last, new byte[100]);

    try (DrivenStore store = DrivenStore.open(directory)) {
      Partition partition = store.log.topic("t").partition(0);
      store.advance(5L * RECORDS);
      partition.append(null, utf8(RECORDS + " goes on"));
      assertEveryLookUpIsRight(partition);
    }

    assertEquals(length, Files.size(last));
    try (DrivenStore store = DrivenStore.open(directory)) {
      Segment segment =
          ((OpenPartition) store.log.topic("t").partition(0).view()).segments().newest();
      assertTrue(IndexFile.isUsable(DiskStorage.open(), segment.path(), segment.header()));
    }
  }

  @Test
  void shouldNotTouchTheIndexesThatAreGood() throws IOException {
    try (Sawlog reader = Sawlog.openReadOnly(directory)) {
      assertEveryLookUpIsRight(reader.topic("t").partition(0));
    }

    assertFalse(warnings.said().toString().contains("rebuilt"), warnings.said().toString());
  }
}
