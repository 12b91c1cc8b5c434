package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sawlog.log.file.MappedRegion;
import io.sawlog.log.file.StorageFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a tailer does when the log changes under it, step by step. */
@Timeout(60)
class TailerRaceTest {
  @TempDir Path directory;

  @Test
  void shouldWaitAtAnEndWhoseSuccessorAppearsAndFillsWhileItLooks() throws Exception {
    CountDownLatch endWritten = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicBoolean armed = new AtomicBoolean();
    HookedStorage storage =
        new HookedStorage() {
          @Override
          public void rename(Path from, Path to) throws IOException {
            if (armed.get() && isSegment(from)) {
              endWritten.countDown();
              awaitLatch(goOn);
            }
            super.rename(from, to);
          }
        };
    try (SmallStore store = new SmallStore(directory, storage)) {
      store.append(10);
      armed.set(true);
      CompletableFuture<Long> rolling = CompletableFuture.supplyAsync(store::roll);
      awaitLatch(endWritten);
      // the successor is looked for before it exists, and the answer comes when it is durable
      ForwardingView view =
          new ForwardingView(store.inside()) {
            @Override
            public Segment segmentStartingAt(long baseOffset) throws IOException {
              Segment found = super.segmentStartingAt(baseOffset);
              goOn.countDown();
              rolling.join();
              store.partition.flush();
              return found;
            }
          };

      List<Long> offsets = new ArrayList<>();
      try (Tailer tailer = Tailer.open(view, Position.earliest(), TailerConfig.defaults())) {
        offsets.addAll(store.readAll(tailer));
        offsets.addAll(store.readAll(tailer));
      }

      assertEquals(store.partition.logEndOffset(), offsets.size());
    }
  }

  @Test
  void shouldGoOnBehindASegmentThatWasDeletedWhenItHadReadIt() {
    try (SmallStore store = new SmallStore(directory, new HookedStorage())) {
      Tailer tailer = store.partition.tailer(Position.earliest());
      int segments = 1;
      while (segments == 1) {
        store.append(1000);
        segments = store.partition.segments().size();
        if (segments == 1) {
          store.readAll(tailer);
        }
      }
      long base = store.partition.segments().get(1).baseOffset();
      store.settle();
      store.partition.deleteBefore(base);
      assertEquals(1, store.partition.segments().size());

      List<Long> offsets = store.readAll(tailer);

      assertEquals(List.of(base), offsets);
      tailer.close();
    }
  }

  @Test
  void shouldSayWhereTheLogStartsIfTheRestOfItsSegmentWasDeleted() {
    try (SmallStore store = new SmallStore(directory, new HookedStorage())) {
      store.append(1000);
      Tailer tailer = store.partition.tailer(Position.earliest());
      store.readAll(tailer);
      long base = store.roll();
      store.settle();
      store.partition.deleteBefore(base);

      OffsetOutOfRangeException thrown =
          assertThrows(OffsetOutOfRangeException.class, () -> store.readAll(tailer));

      assertEquals(base, thrown.logStartOffset());
      tailer.seek(Position.earliest());
      assertEquals(List.of(base), store.readAll(tailer));
      tailer.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldFindTheEarliestRecordAlthoughTheOneBeforeIsDeletedMeanwhile(boolean byTime) {
    AtomicBoolean armed = new AtomicBoolean();
    SmallStore[] opened = new SmallStore[1];
    HookedStorage storage =
        new HookedStorage() {
          @Override
          public StorageFile open(Path file, Access access) throws IOException {
            if (file.getFileName().toString().endsWith(IndexFile.SUFFIX)
                && armed.compareAndSet(true, false)) {
              opened[0].partition.deleteBefore(opened[0].partition.logEndOffset());
            }
            return super.open(file, access);
          }
        };
    try (SmallStore store = new SmallStore(directory, storage)) {
      opened[0] = store;
      long base = store.roll();
      store.settle();
      store.partition.deleteBefore(base - 1);
      armed.set(true);
      Position start = byTime ? Position.atTime(Instant.EPOCH) : Position.earliest();

      try (Tailer tailer = store.partition.tailer(start)) {
        assertFalse(armed.get());
        store.append(10);
        assertEquals(List.of(base + 1), store.readAll(tailer));
      }
    }
  }

  @Test
  void shouldShowNothingMoreOnceTheHandlerHasClosedIt() {
    try (SmallStore store = new SmallStore(directory, new HookedStorage())) {
      store.partition.append(new Batch().add("a", "1").add("b", "2").add("c", "3"));
      store.append(10);
      Tailer tailer = store.partition.tailer(Position.earliest());

      int shown = tailer.poll(view -> tailer.close(), 100);

      assertEquals(1, shown);
      assertThrows(LogClosedException.class, () -> tailer.poll(view -> {}, 1));
    }
  }

  @Test
  void shouldFollowAHandlerThatSeeks() {
    try (SmallStore store = new SmallStore(directory, new HookedStorage())) {
      store.partition.append(new Batch().add("a", "1").add("b", "2").add("c", "3"));
      store.append(10);
      List<Long> offsets = new ArrayList<>();
      try (Tailer tailer = store.partition.tailer(Position.earliest())) {
        tailer.poll(
            view -> {
              offsets.add(view.offset());
              if (offsets.size() == 2) {
                tailer.seek(Position.atOffset(3));
              } else if (offsets.size() == 3) {
                tailer.seek(Position.atOffset(1));
              }
            },
            6);
      }

      assertEquals(List.of(0L, 1L, 3L, 1L, 2L, 3L), offsets);
    }
  }

  @Test
  void shouldShowWhatItsHandlerAppendsAndPolls() {
    try (SmallStore store = new SmallStore(directory, new HookedStorage())) {
      store.append(10);
      List<Long> offsets = new ArrayList<>();
      try (Tailer tailer = store.partition.tailer(Position.earliest())) {
        tailer.poll(
            outer -> {
              offsets.add(outer.offset());
              if (offsets.size() < 5) {
                store.append(10);
                tailer.poll(inner -> offsets.add(inner.offset()), 1);
                store.append(10);
              }
            },
            100);
      }

      assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L).subList(0, offsets.size()), offsets);
      assertEquals(store.partition.logEndOffset(), offsets.size());
    }
  }

  @Test
  void shouldShowARecordAgainWhoseHandlerFailed() {
    try (SmallStore store = new SmallStore(directory, new HookedStorage())) {
      store.partition.append(new Batch().add("a", "1").add("b", "2").add("c", "3"));
      store.append(10);
      List<Long> offsets = new ArrayList<>();
      try (Tailer tailer = store.partition.tailer(Position.earliest())) {
        for (int failing = 0; failing < 4; failing++) {
          assertThrows(
              AssertionError.class,
              () ->
                  tailer.poll(
                      view -> {
                        throw new AssertionError("handler");
                      },
                      100));
          assertEquals(failing, tailer.position());
          assertEquals(1, tailer.poll(view -> offsets.add(view.offset()), 1));
        }
      }

      assertEquals(List.of(0L, 1L, 2L, 3L), offsets);
    }
  }

  @Test
  void shouldReadTheFileWhenTheMappingCannotBeRead() {
    AtomicBoolean failing = new AtomicBoolean();
    HookedStorage storage =
        new HookedStorage() {
          @Override
          MappedRegion mapped(Path file, MappedRegion region) {
            return isSegment(file) ? new Unreadable(region, failing) : region;
          }
        };
    try (SmallStore store = new SmallStore(directory, storage)) {
      store.append(10);
      store.append(10);
      failing.set(true);

      try (Tailer tailer = store.partition.tailer(Position.earliest())) {
        assertEquals(List.of(0L, 1L), store.readAll(tailer));
      }

      failing.set(false);
      store.append(10);
    }
  }

  /** A mapping whose pages can no longer be read into a buffer. */
  private static final class Unreadable extends HookedStorage.HookedRegion {
    private final UnsafeBuffer buffer;

    Unreadable(MappedRegion region, AtomicBoolean failing) {
      super(region);
      buffer =
          new UnsafeBuffer(region.buffer().addressOffset(), region.buffer().capacity()) {
            @Override
            public void getBytes(int index, MutableDirectBuffer target, int at, int length) {
              if (failing.get()) {
                throw new InternalError("a fault occurred in an unsafe memory access operation");
              }
              super.getBytes(index, target, at, length);
            }
          };
    }

    @Override
    public UnsafeBuffer buffer() {
      return buffer;
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      if (!latch.await(50, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody came");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
