package io.sawlog.log;

import static io.sawlog.log.Logs.appendNumbers;
import static io.sawlog.log.Logs.numbers;
import static io.sawlog.log.Logs.values;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store that is open for reading only while it changes. */
@Timeout(60)
class FollowerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;

  @Test
  void shouldShowWhatAWriterAppendedThatCameAndWentUnseen() {
    new SmallStore(directory, new HookedStorage()).close();
    try (Sawlog reader = Sawlog.openReadOnly(directory)) {
      List<Long> offsets = new ArrayList<>();
      try (Tailer tailer = reader.topic("t").partition(0).tailer(Position.earliest())) {
        for (int life = 0; life < 3; life++) {
          try (SmallStore store = new SmallStore(directory, new HookedStorage())) {
            store.append(10);
          }

          tailer.poll(view -> offsets.add(view.offset()), 10, PATIENCE);
        }
      }

      assertEquals(List.of(0L, 1L, 2L), offsets);
    }
  }

  @Test
  void shouldFollowAWriterOverManyRollsAndItsClosing() {
    long end;
    List<Long> offsets = new ArrayList<>();
    try (SmallStore store = new SmallStore(directory, new HookedStorage());
        Sawlog reader = Sawlog.openReadOnly(directory);
        Tailer tailer = reader.topic("t").partition(0).tailer(Position.earliest())) {
      for (int roll = 0; roll < 5; roll++) {
        store.roll();
        store.settle();
        while (offsets.size() < store.partition.logEndOffset()) {
          tailer.poll(view -> offsets.add(view.offset()), 1000, PATIENCE);
        }
      }
      store.append(10);
      end = store.partition.logEndOffset();
      store.log.close();
      while (offsets.size() < end) {
        tailer.poll(view -> offsets.add(view.offset()), 1000, PATIENCE);
      }
      assertEquals(end, reader.topic("t").partition(0).logEndOffset());
    }

    for (int i = 0; i < end; i++) {
      assertEquals(i, offsets.get(i));
    }
  }

  @Test
  void shouldCountOnlyTheSegmentsThatAreStillThere() {
    try (SmallStore store = new SmallStore(directory, new HookedStorage());
        Sawlog reader = Sawlog.openReadOnly(directory)) {
      long base = store.roll();
      store.settle();
      Partition followed = reader.topic("t").partition(0);
      long before = followed.sizeBytes();
      assertEquals(2, followed.segments().size());

      store.partition.deleteBefore(base);
      store.settle();

      assertEquals(1, followed.segments().size());
      assertTrue(followed.sizeBytes() < before, "a deleted segment is counted");
    }
  }

  @Test
  void shouldSayWhereTheLogStartsWhenItFellBehindADeletion() {
    try (SmallStore store = new SmallStore(directory, new HookedStorage());
        Sawlog reader = Sawlog.openReadOnly(directory);
        Tailer tailer = reader.topic("t").partition(0).tailer(Position.earliest())) {
      store.append(10);
      assertEquals(1, tailer.poll(view -> {}, 1, PATIENCE));
      store.roll();
      long base = store.roll();
      store.settle();
      // the reader has just learned how far the log goes when its beginning is deleted
      assertEquals(base + 1, reader.topic("t").partition(0).logEndOffset());
      store.partition.deleteBefore(base);

      OffsetOutOfRangeException thrown =
          assertThrows(
              OffsetOutOfRangeException.class,
              () -> {
                while (tailer.poll(view -> {}, 1000, PATIENCE) > 0) {
                  // until it comes to what was deleted
                }
              });

      assertEquals(base, thrown.logStartOffset());
      tailer.seek(Position.earliest());
      assertEquals(1, tailer.poll(view -> assertEquals(base, view.offset()), 10, PATIENCE));
    }
  }

  @Test
  void shouldGoOnBehindASegmentThatWasDeletedWhenItHadReadIt() {
    try (SmallStore store = new SmallStore(directory, new HookedStorage());
        Sawlog reader = Sawlog.openReadOnly(directory);
        Tailer tailer = reader.topic("t").partition(0).tailer(Position.earliest())) {
      int segments = 1;
      while (segments == 1) {
        store.append(1000);
        segments = store.partition.segments().size();
        if (segments == 1) {
          assertEquals(1, tailer.poll(view -> {}, 1, PATIENCE));
        }
      }
      long base = store.partition.segments().get(1).baseOffset();
      store.settle();
      store.partition.deleteBefore(base);

      assertEquals(1, tailer.poll(view -> assertEquals(base, view.offset()), 10, PATIENCE));
    }
  }

  @Test
  void shouldListSegmentsWhileTheWriterDeletesThem() {
    AtomicBoolean armed = new AtomicBoolean();
    SmallStore[] opened = new SmallStore[1];
    HookedStorage storage =
        new HookedStorage() {
          @Override
          public List<String> list(Path listed) throws IOException {
            List<String> names = super.list(listed);
            if (armed.compareAndSet(true, false)) {
              opened[0].partition.deleteBefore(opened[0].partition.logEndOffset() - 1);
            }
            return names;
          }
        };
    try (SmallStore store = new SmallStore(directory, new HookedStorage());
        Sawlog reader = Sawlog.openReadOnly(directory, SawlogConfig.defaults(), storage)) {
      opened[0] = store;
      Partition partition = reader.topic("t").partition(0);
      store.roll();
      long base = store.roll();
      store.settle();
      armed.set(true);

      assertEquals(base + 1, partition.logEndOffset());

      assertFalse(armed.get());
      try (Tailer tailer = partition.tailer(Position.earliest())) {
        assertEquals(List.of(base), store.readAll(tailer));
      }
    }
  }

  @Test
  void shouldSeeATopicThatWasDeletedAndCreatedAgain() {
    try (DrivenStore store = DrivenStore.open(directory);
        Sawlog reader = Sawlog.openReadOnly(directory)) {
      appendNumbers(store.create("t", Logs.small()), 0, 3);
      Topic before = reader.topic("t");
      Partition partition = before.partition(0);
      assertEquals(numbers(0, 3), values(partition));
      assertSame(before, reader.topic("t"));

      store.log.deleteTopic("t");
      appendNumbers(store.create("t", Logs.small()), 5, 7);
      Topic after = reader.topic("t");

      assertEquals(store.log.topic("t").id(), after.id());
      assertEquals(numbers(5, 7), values(after.partition(0)));
      assertThrows(LogClosedException.class, before::partitionCount);
      assertThrows(LogClosedException.class, partition::logStartOffset);
      assertThrows(LogClosedException.class, partition::logEndOffset);
      LogClosedException e =
          assertThrows(
              LogClosedException.class, () -> partition.tailer(Position.earliest()).close());
      assertTrue(e.getMessage().contains("t-0: the topic was deleted"), e.getMessage());
    }
  }

  @Test
  void shouldNotFindATopicThatWasDeleted() {
    try (DrivenStore store = DrivenStore.open(directory);
        Sawlog reader = Sawlog.openReadOnly(directory)) {
      store.create("t", Logs.small());
      Topic before = reader.topic("t");
      Partition partition = before.partition(0);

      store.log.deleteTopic("t");

      LogClosedException e = assertThrows(LogClosedException.class, before::partitions);
      assertTrue(e.getMessage().contains("'t' was deleted"), e.getMessage());
      assertThrows(TopicNotFoundException.class, () -> reader.topic("t"));
      assertThrows(LogClosedException.class, partition::recordCount);
      assertThrows(LogClosedException.class, () -> before.read(Position.earliest()));
    }
  }

  @Test
  void shouldSeePartitionsThatAreAddedLater() {
    try (DrivenStore store = DrivenStore.open(directory);
        Sawlog reader = Sawlog.openReadOnly(directory)) {
      store.create("t", Logs.small());
      Topic topic = reader.topic("t");
      assertEquals(1, topic.partitionCount());

      store.log.alterTopic("t", Logs.small().partitions(2));
      assertEquals(2, topic.partitionCount());
      assertEquals(2, topic.config().partitions());

      store.log.alterTopic("t", Logs.small().partitions(4));
      appendNumbers(store.log.topic("t").partition(3), 0, 2);
      assertEquals(numbers(0, 2), values(topic.partition(3)));
      assertEquals(4, topic.partitions().size());
      assertSame(topic, reader.topic("t"));
      assertThrows(IllegalArgumentException.class, () -> topic.partition(4));
    }
  }

  /** As if the writer took its turn between two looks of the reader at the same topic. */
  @Test
  void shouldOpenTheNewTopicWhenTheOldOneIsReplacedWhileItIsOpened() {
    DrivenStore[] opened = new DrivenStore[1];
    AtomicBoolean armed = new AtomicBoolean();
    HookedStorage storage =
        new HookedStorage() {
          @Override
          void reading(Path file, long position, int length) {
            if (file.endsWith(PartitionMeta.FILE_NAME) && armed.compareAndSet(true, false)) {
              opened[0].log.deleteTopic("t");
              appendNumbers(opened[0].create("t", Logs.small()), 5, 7);
            }
          }
        };
    try (DrivenStore store = DrivenStore.open(directory);
        Sawlog reader = Sawlog.openReadOnly(directory, SawlogConfig.defaults(), storage)) {
      opened[0] = store;
      appendNumbers(store.create("t", Logs.small()), 0, 3);
      armed.set(true);

      Topic topic = reader.topic("t");

      assertFalse(armed.get());
      assertEquals(store.log.topic("t").id(), topic.id());
      assertEquals(numbers(5, 7), values(topic.partition(0)));
    }
  }

  @Test
  void shouldEndWhenTheTopicIsDeleted() {
    try (SmallStore store = new SmallStore(directory, new HookedStorage());
        Sawlog reader = Sawlog.openReadOnly(directory);
        Tailer tailer = reader.topic("t").partition(0).tailer(Position.earliest())) {
      store.append(10);
      assertEquals(1, tailer.poll(view -> {}, 1, PATIENCE));

      store.log.deleteTopic("t");

      assertThrows(
          LogClosedException.class,
          () -> {
            while (tailer.poll(view -> {}, 1, PATIENCE) == 0) {
              // until it is noticed
            }
          });
    }
  }
}
