package io.sawlog.log;

import static io.sawlog.log.Logs.appendNumbers;
import static io.sawlog.log.Logs.numbers;
import static io.sawlog.log.Logs.values;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.file.StorageFile;
import io.sawlog.log.sim.SimulatedStorage;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Topics whose creation or deletion was broken off, or is under way. */
@Timeout(60)
class HalfDoneTopicTest {
  @TempDir Path directory;

  private final FailingStorage storage = new FailingStorage();
  private DrivenStore store;

  /** What fails until it is mended, and what is done before a file is forced. */
  private static final class FailingStorage extends HookedStorage {
    volatile boolean outOfDescriptors;
    volatile boolean unforceable;
    volatile boolean unrenamable;
    volatile Runnable atForce = () -> {};

    void mend() {
      outOfDescriptors = false;
      unforceable = false;
      unrenamable = false;
    }

    @Override
    public StorageFile open(Path file, Access access) throws IOException {
      if (outOfDescriptors) {
        throw new FileSystemException(file.toString(), null, "Too many open files");
      }
      return super.open(file, access);
    }

    @Override
    public void forceDirectory(Path forced) throws IOException {
      if (unforceable && exists(forced.resolve(Names.LOCK_FILE))) {
        throw new IOException("Input/output error on " + forced);
      }
      super.forceDirectory(forced);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      if (unrenamable) {
        throw new IOException("Input/output error on " + from);
      }
      super.rename(from, to);
    }

    @Override
    void forcing(Path file) {
      if (isSegment(file)) {
        atForce.run();
      }
    }
  }

  @BeforeEach
  void open() {
    store = DrivenStore.open(directory, SawlogConfig.defaults(), storage);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void reopen() {
    store.close();
    open();
  }

  @Test
  void shouldOpenATopicThatCouldBeCreatedButNotOpened() {
    storage.outOfDescriptors = true;
    LogIoException e = assertThrows(LogIoException.class, () -> store.create("t", Logs.small()));
    assertTrue(e.getMessage().contains("Too many open files"), e.getMessage());
    assertThrows(LogIoException.class, () -> store.log.topic("t"));
    storage.mend();

    assertTrue(store.log.hasTopic("t"));
    assertThrows(TopicExistsException.class, () -> store.create("t", Logs.small()));
    assertEquals(Logs.small(), store.log.topic("t").config());
    appendNumbers(store.log.topic("t").partition(0), 0, 3);

    reopen();
    assertEquals(numbers(0, 3), values(store.log.topic("t").partition(0)));
  }

  @Test
  void shouldLeaveNothingOfATopicWhoseNameCouldNotBeMadeDurable() throws IOException {
    storage.unforceable = true;
    assertThrows(LogIoException.class, () -> store.create("t", Logs.small()));
    storage.mend();

    assertFalse(store.log.hasTopic("t"));
    assertEquals(List.of(), store.log.topicNames());
    appendNumbers(store.create("t", Logs.small()), 0, 3);

    reopen();
    assertEquals(numbers(0, 3), values(store.log.topic("t").partition(0)));
    assertEquals(Set.of(Names.LOCK_FILE, "t"), Set.copyOf(storage.list(directory)));
  }

  @Test
  void shouldGoOnWithATopicThatCouldNotBeDeleted() {
    appendNumbers(store.create("t", Logs.small()), 0, 3);
    storage.unrenamable = true;
    assertThrows(LogIoException.class, () -> store.log.deleteTopic("t"));
    storage.mend();

    assertEquals(numbers(0, 3), values(store.log.topic("t").partition(0)));
    store.log.deleteTopic("t");

    assertFalse(store.log.hasTopic("t"));
    assertThrows(TopicNotFoundException.class, () -> store.log.deleteTopic("t"));
  }

  @Test
  void shouldDeleteATopicThatCouldNotBeDeletedAtFirst() {
    appendNumbers(store.create("t", Logs.small()), 0, 3);
    storage.unrenamable = true;
    assertThrows(LogIoException.class, () -> store.log.deleteTopic("t"));
    storage.mend();

    store.log.deleteTopic("t");

    assertFalse(store.log.hasTopic("t"));
  }

  @Test
  void shouldFlushTheOthersWhileAnotherThreadDeletesATopic() {
    Partition kept = store.create("kept", Logs.small());
    Partition deleted = store.create("deleted", Logs.small());
    appendNumbers(kept, 0, 3);
    appendNumbers(deleted, 0, 3);
    // deleting flushes what is left, and is then half-way: the topic is closed, but still known
    storage.atForce =
        () -> {
          storage.atForce = () -> {};
          CompletableFuture.runAsync(store.log::flush).join();
        };

    store.log.deleteTopic("deleted");

    assertEquals(3, kept.durableOffset());
  }

  @Test
  void shouldNotLeaveANameThatCannotBeUsedAfterAPowerCut() {
    Path store = Path.of("/sim/data/store").toAbsolutePath();
    for (int seed = 1; seed <= 200; seed++) {
      SimulatedStorage disk = SimulatedStorage.empty(new SplittableRandom(seed));
      Sawlog log = Sawlog.open(store, disk, new Background(() -> 1));
      disk.faults(
          (operation, path, number) ->
              operation.isFlush() && path.equals(store) ? new IOException("no flush") : null);
      assertThrows(LogIoException.class, () -> log.createTopic("t", TopicConfig.defaults()));

      try (Sawlog next = Sawlog.open(store, disk.afterPowerCut(), new Background(() -> 1))) {
        Topic topic =
            next.hasTopic("t") ? next.topic("t") : next.createTopic("t", TopicConfig.defaults());
        assertEquals(0, topic.partition(0).append(null, new byte[10]), "seed " + seed);
      }
    }
  }
}
