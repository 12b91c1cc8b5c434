package io.sawlog.log;

import static io.sawlog.log.Logs.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sawlog.log.file.DiskStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Random histories of a partition, read by a tailer, against a plain list of what was appended. */
class TailerProperties {

  enum Kind {
    APPEND,
    APPEND_LARGE,
    BATCH,
    ADVANCE,
    FLUSH,
    KEEPER,
    POLL,
    SEEK_OFFSET,
    SEEK_TIME,
    SEEK_END,
    DELETE_BEFORE,
    REOPEN,
    POWER_LOSS,
    SCRAMBLE_INDEXES
  }

  record Action(Kind kind, int number) {}

  record Appended(long offset, long time, String value) {}

  @Property(tries = 40)
  void shouldShowExactlyWhatWasAppended(@ForAll("histories") List<Action> history)
      throws IOException {
    Path directory = Files.createTempDirectory("tailer");
    try (History run = new History(directory)) {
      for (Action action : history) {
        run.run(action);
      }
      run.checkEverything();
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (var paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** A partition and the list, side by side. */
  private static final class History implements AutoCloseable {
    private final Path directory;
    private final Random random = new Random(1);
    private final List<Appended> appended = new ArrayList<>();
    private Path life;
    private int lives;
    private DrivenStore store;
    private Partition partition;
    private Tailer tailer;
    private long time = DrivenStore.START;

    /** Where the next poll goes on, and the lowest offset that is left. */
    private long next;

    private long logStart;

    History(Path directory) {
      this.directory = directory;
      this.life = directory.resolve("life-0");
      store = DrivenStore.open(life);
      store.advance(0);
      partition = store.create("t", Logs.small().maxFrameBytes(1 << 20));
      tailer = partition.tailer(Position.earliest());
    }

    void run(Action action) throws IOException {
      int number = action.number();
      switch (action.kind()) {
        case APPEND -> append(1 + number % 20, number % 300);
        case APPEND_LARGE -> append(1, 20_000 + number * 100);
        case BATCH -> batch(1 + number % 50);
        case ADVANCE -> {
          store.advance(number % 7 - 2);
          time = Math.max(time, store.wallClock.get());
        }
        case FLUSH -> partition.flush();
        case KEEPER -> store.keeper();
        case POLL -> poll(number % 100);
        case SEEK_OFFSET -> seekOffset(number);
        case SEEK_TIME -> seekTime(DrivenStore.START + number % 40 - 3);
        case SEEK_END -> {
          tailer.seek(number % 2 == 0 ? Position.earliest() : Position.latest());
          next = number % 2 == 0 ? logStart : partition.logEndOffset();
          assertEquals(next, tailer.position());
        }
        case DELETE_BEFORE -> deleteBefore(number);
        case REOPEN -> reopen(life, SawlogConfig.defaults());
        case POWER_LOSS -> {
          Path lost = directory.resolve("life-" + ++lives);
          Logs.copyTree(life, lost);
          reopen(lost, SawlogConfig.defaults().withAfterPowerLoss());
        }
        case SCRAMBLE_INDEXES -> {
          tailer.close();
          store.close();
          scramble();
          open(life, SawlogConfig.defaults());
        }
      }
    }

    private void append(int count, int length) {
      for (int i = 0; i < count; i++) {
        String value = appended.size() + "x".repeat(length);
        appended.add(new Appended(partition.append(null, utf8(value)), time, value));
      }
    }

    private void batch(int count) {
      Batch batch = new Batch();
      int first = appended.size();
      for (int i = 0; i < count; i++) {
        batch.add(null, first + i + " in a batch");
      }
      long offset = partition.append(batch);
      for (int i = 0; i < count; i++) {
        appended.add(new Appended(offset + i, time, first + i + " in a batch"));
      }
    }

    /** Reads as far as the tailer goes with this limit. */
    private void poll(int limit) {
      List<Appended> expected = from(next).stream().limit(limit).toList();
      List<Appended> seen = new ArrayList<>();
      while (seen.size() < limit && poll(seen, limit - seen.size()) > 0) {
        // a poll may stop early only at the end
      }
      assertEquals(expected, seen);
      if (!seen.isEmpty()) {
        next = seen.get(seen.size() - 1).offset() + 1;
      }
      assertEquals(next, tailer.position());
    }

    private int poll(List<Appended> seen, int limit) {
      return tailer.poll(
          view ->
              seen.add(new Appended(view.offset(), view.appendTime(), view.copy().valueAsString())),
          limit);
    }

    private List<Appended> from(long offset) {
      return appended.stream().filter(record -> record.offset() >= offset).toList();
    }

    /** Any offset there is, or one in a gap, or one outside the log. */
    private void seekOffset(int number) {
      long end = partition.logEndOffset();
      long offset =
          appended.isEmpty() || number % 5 == 0
              ? number % 3 - 1 + end
              : appended.get(number % appended.size()).offset() + number % 2;
      if (offset >= logStart && offset <= end) {
        tailer.seek(Position.atOffset(offset));
        next = offset;
      } else if (offset >= 0) {
        OffsetOutOfRangeException e =
            assertThrows(
                OffsetOutOfRangeException.class, () -> tailer.seek(Position.atOffset(offset)));
        assertEquals(logStart, e.logStartOffset());
        assertEquals(end, e.logEndOffset());
      }
      assertEquals(next, tailer.position());
    }

    private void seekTime(long target) {
      tailer.seek(Position.atTime(Instant.ofEpochMilli(target)));

      List<Appended> younger =
          from(logStart).stream().filter(record -> record.time() >= target).toList();
      next = tailer.position();
      assertEquals(younger, from(next), "from time " + (target - DrivenStore.START));
    }

    private void deleteBefore(int number) {
      if (appended.isEmpty()) {
        return;
      }
      // never more than a third, so that something is left to be read
      long offset = appended.get(number % appended.size() / 3).offset();
      logStart = Math.max(logStart, offset);
      assertEquals(logStart, partition.deleteBefore(offset));
      if (next < logStart) {
        OffsetOutOfRangeException e =
            assertThrows(OffsetOutOfRangeException.class, () -> tailer.poll(view -> {}, 1));
        assertEquals(logStart, e.logStartOffset());
        tailer.seek(Position.earliest());
        next = logStart;
      }
    }

    private void reopen(Path path, SawlogConfig config) {
      tailer.close();
      store.close();
      open(path, config);
    }

    private void open(Path path, SawlogConfig config) {
      long wall = store.wallClock.get();
      life = path;
      store = DrivenStore.open(path, config, DiskStorage.open(), wall);
      store.advance(0);
      time = appended.isEmpty() ? wall : Math.max(wall, appended.get(appended.size() - 1).time());
      partition = store.log.topic("t").partition(0);
      assertEquals(logStart, partition.logStartOffset());
      tailer = partition.tailer(Position.atOffset(next));
    }

    private void scramble() throws IOException {
      try (var files = Files.list(life.resolve("t/0"))) {
        for (Path index : files.filter(path -> path.toString().endsWith(".index")).toList()) {
          byte[] bytes = Files.readAllBytes(index);
          switch (random.nextInt(4)) {
            case 0 -> Files.delete(index);
            case 1 -> Files.write(index, Arrays.copyOf(bytes, bytes.length / 2));
            default -> {
              for (int i = 64; i < bytes.length; i++) {
                bytes[i] = random.nextInt(3) == 0 ? (byte) random.nextInt() : bytes[i];
              }
              Files.write(index, bytes);
            }
          }
        }
      }
    }

    void checkEverything() {
      next = logStart;
      tailer.seek(Position.earliest());
      poll(Integer.MAX_VALUE);
      assertEquals(from(logStart).size(), partition.recordCount());
      for (int i = 0; i < appended.size(); i += 1 + appended.size() / 20) {
        long offset = appended.get(i).offset();
        if (offset >= logStart) {
          assertEquals(appended.size() - i, partition.recordsFrom(offset));
        }
      }
    }

    @Override
    public void close() {
      tailer.close();
      store.close();
    }
  }

  @Provide
  Arbitrary<List<Action>> histories() {
    Arbitrary<Kind> kind =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.of(Kind.APPEND, Kind.APPEND_LARGE, Kind.BATCH)),
            Tuple.of(4, Arbitraries.of(Kind.POLL, Kind.ADVANCE)),
            Tuple.of(4, Arbitraries.of(Kind.SEEK_OFFSET, Kind.SEEK_TIME, Kind.SEEK_END)),
            Tuple.of(2, Arbitraries.of(Kind.FLUSH, Kind.KEEPER, Kind.DELETE_BEFORE)),
            Tuple.of(1, Arbitraries.of(Kind.REOPEN, Kind.POWER_LOSS, Kind.SCRAMBLE_INDEXES)));
    return Combinators.combine(kind, Arbitraries.integers().between(0, 1000))
        .as(Action::new)
        .list()
        .ofMinSize(5)
        .ofMaxSize(60);
  }
}
