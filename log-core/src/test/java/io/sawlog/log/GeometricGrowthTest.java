package io.sawlog.log;

import static io.sawlog.log.Logs.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeometricGrowthTest {
  private static final long MIB = 1 << 20;

  @TempDir Path directory;
  private DrivenStore store;

  @BeforeEach
  void open() {
    store = DrivenStore.open(directory);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void shouldTakeNoSpaceBeforeTheFirstRecordAndOneMebibyteThen() throws Exception {
    Partition partition = store.create("t", TopicConfig.defaults());
    try (var files = Files.list(directory.resolve("t/0"))) {
      assertEquals(
          List.of("partition.meta"), files.map(path -> path.getFileName().toString()).toList());
    }

    partition.append(null, utf8("first"));

    assertEquals(List.of(MIB), sizes(partition));
    assertEquals(MIB, Files.size(Logs.segmentFile(partition, 0)));
  }

  @Test
  void shouldDoubleWhatFilledUpUntilTheLimit() {
    Partition partition = store.create("t", TopicConfig.defaults().segmentBytes(4 << 20));
    byte[] value = new byte[64 << 10];

    while (partition.segments().size() < 5) {
      partition.append(null, value);
      store.keeper();
    }

    assertEquals(List.of(MIB, 2 * MIB, 4 * MIB, 4 * MIB, 4 * MIB), sizes(partition));
  }

  @Test
  void shouldGoOnDoublingAfterTheStoreWasOpenedAgain() {
    Partition partition = store.create("t", TopicConfig.defaults());
    byte[] value = new byte[64 << 10];
    partition.append(null, value);
    store.close();

    open();
    partition = store.log.topic("t").partition(0);
    while (partition.segments().size() < 3) {
      partition.append(null, value);
    }

    assertEquals(List.of(MIB, 2 * MIB, 4 * MIB), sizes(partition));
  }

  @Test
  void shouldBeginSmallerWhereTheLimitIs() {
    Partition partition = store.create("t", Logs.small());

    Logs.fillSegments(partition, 3);

    assertEquals(List.of(64L << 10, 64L << 10, 64L << 10), sizes(partition));
  }

  @Test
  void shouldMakeRoomForAFrameThatIsLargerThanASegment() {
    Partition partition = store.create("t", Logs.small().maxFrameBytes(3 << 20));
    byte[] large = new byte[2 << 20];
    large[large.length - 1] = 42;

    partition.append(null, utf8("small"));
    partition.append(null, large);
    partition.append(null, new byte[8 << 10]);
    store.keeper();

    List<Long> sizes = sizes(partition);
    assertTrue(sizes.get(1) > large.length && sizes.get(1) < large.length + 8192, sizes.toString());
    assertEquals(3, sizes.size());
    assertEquals(64 << 10, sizes.get(2));
    Message read = partition.read(Position.atOffset(1)).iterator().next();
    assertArrayEquals(large, read.value());
  }

  @Test
  void shouldNotGrowBecauseOfARecordThatDidNotFit() {
    Partition partition = store.create("t", TopicConfig.defaults());
    partition.append(null, utf8("small"));

    partition.append(null, new byte[(1 << 20) - 50]);

    assertEquals(2, partition.segments().size());
    assertTrue(sizes(partition).get(1) < 2 * MIB, sizes(partition).toString());
  }

  @Test
  void shouldNotGrowWhenRetentionRollsWhatDidNotFillUp() {
    Partition partition =
        store.create(
            "t", TopicConfig.defaults().retention(Retention.forever().maxAge(Duration.ofHours(1))));

    for (int i = 0; i < 5; i++) {
      partition.append(null, utf8("one record an hour"));
      store.advance(Duration.ofHours(2).toMillis());
      store.retention();
    }

    assertEquals(List.of(MIB), sizes(partition));
    assertEquals(5, partition.logStartOffset());
  }

  @Test
  void shouldGiveBackWhatASealedSegmentDidNotUse() throws Exception {
    Partition partition = store.create("t", TopicConfig.defaults().maxFrameBytes(4 << 20));
    partition.append(null, new byte[1000]);
    partition.append(null, new byte[2 << 20]);
    partition.flush();

    store.keeper();

    Path sealed = Logs.segmentFile(partition, 0);
    assertEquals(MIB, Files.size(sealed));
    assertEquals(1000, partition.read(Position.earliest()).iterator().next().value().length);
  }

  private static List<Long> sizes(Partition partition) {
    return partition.segments().stream().map(SegmentInfo::sizeBytes).toList();
  }
}
