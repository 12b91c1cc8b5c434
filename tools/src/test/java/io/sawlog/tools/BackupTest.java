package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Message;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
  private static final int SIGINT_EXIT_CODE = 130;
  private static final TopicConfig SMALL =
      TopicConfig.defaults().segmentBytes(256 << 10).partitions(2);

  private static final int KILLS = "crash".equals(System.getProperty("sawlog.tests")) ? 100 : 4;
  private static final long SEED = new SplittableRandom().nextLong();

  /** Less than what there is to copy. */
  private static final long COPIED_BYTES = 2_500_000;

  @TempDir Path directory;

  @Test
  void shouldHoldAllThatWasDurableWhenItBeganTwentyTimesUnderLoad() throws IOException {
    Path store = directory.resolve("store");
    Semaphore allowed = new Semaphore(0);
    try (Sawlog log = Sawlog.open(store)) {
      Topic topic = log.createTopic("numbers", SMALL);
      CompletableFuture<Void> load = CompletableFuture.runAsync(() -> append(topic, allowed));
      Path earlier = null;
      for (int i = 0; i < 20; i++) {
        List<Long> durable = new ArrayList<>();
        for (Partition partition : topic.partitions()) {
          durable.add(partition.appendSynced(null, number(-1)) + 1);
        }
        allowed.release(1000);
        Path backup = directory.resolve("backup" + i);
        copy(store, backup, earlier);
        Path restored = directory.resolve("restored" + i);
        copy(backup, restored, null);

        checkPrefix(restored, durable);
        earlier = backup;
      }
      load.join();
    }
  }

  /** A topic gets partitions directory by directory, and its file says so at last. */
  @Test
  void shouldLeaveOutAPartitionThatIsBeingAdded() throws IOException {
    Path store = directory.resolve("store");
    try (Sawlog log = Sawlog.open(store)) {
      log.createTopic("numbers", SMALL).append(null, number(0));
    }
    Files.createDirectory(store.resolve("numbers/2"));

    copy(store, directory.resolve("backup"), null);

    assertFalse(Files.exists(directory.resolve("backup/numbers/2")));
    try (Sawlog log = Sawlog.open(directory.resolve("backup"))) {
      assertEquals(2, log.topic("numbers").partitionCount());
    }
  }

  private static void copy(Path from, Path to, Path earlier) throws IOException {
    try (Progress progress = Progress.of("copy", Progress.UNKNOWN)) {
      new StoreCopy(from, to, earlier, progress).run();
    }
    BackupCommand.requireIntact(to);
  }

  /** Goes on through all backups, however fast the disk is. */
  private static void append(Topic topic, Semaphore allowed) {
    for (long i = 0; i < 20_000; i++) {
      allowed.acquireUninterruptibly();
      topic.append(null, number(i));
    }
  }

  private static byte[] number(long number) {
    return (number + " ".repeat(200)).getBytes(StandardCharsets.UTF_8);
  }

  private static void checkPrefix(Path store, List<Long> durable) {
    try (Sawlog log = Sawlog.open(store)) {
      assertEquals(List.of(), log.recoveryReport().partitions());
      for (Partition partition : log.topic("numbers").partitions()) {
        assertTrue(partition.logEndOffset() >= durable.get(partition.number()));
        long expected = 0;
        for (Message message : partition.read(Position.earliest())) {
          assertEquals(expected++, message.offset());
        }
        assertEquals(partition.logEndOffset(), expected);
        assertEquals(expected, partition.append(null, number(0)));
      }
    }
  }

  @Test
  void shouldGoOnHoweverOftenItIsKilledOrInterruptedAndBringBackWhatItHolds() throws IOException {
    Cli cli = Cli.in(directory);
    String lines =
        String.join("\n", LongStream.range(0, 10_000).mapToObj(i -> i + "x".repeat(300)).toList());
    cli.run("topic", "create", "lines", "--segment-bytes", "256KiB").quiet();
    cli.feed(lines, "produce", "lines").quiet();

    SplittableRandom random = new SplittableRandom(SEED);
    killAtRandomPlaces(
        cli, random, directory.resolve("backups/.building"), () -> false, "backup", "backups");
    Cli.Result done = cli.run("backup", "backups").quiet();
    Cli.Result again = cli.run("backup", "backups", "--json").quiet();

    assertFalse(Files.exists(directory.resolve("backups/.building")));
    assertTrue(done.text().contains("verified"), done.text());
    assertTrue(again.text().matches(".*\"linked_bytes\":[1-9][0-9]{6,}}\n"), again.text());
    cli.run("restore", "backups").failed(ErrorReport.FAILED, "sawlog-data exists", "overwrites");
    Path restoring = directory.resolve("restored" + RestoreCommand.RESTORING);
    Path restored = directory.resolve("restored");
    killAtRandomPlaces(
        cli,
        random,
        restoring,
        () -> Files.exists(restored),
        "restore",
        "backups",
        "--dir",
        "restored");
    if (!Files.exists(restored)) {
      cli.run("restore", "backups", "--dir", "restored").quiet();
    }
    cli.run("verify", "restored").quiet();
    assertEquals(lines + "\n", cli.run("consume", "lines", "--dir", "restored").quiet().text());
  }

  /**
   * Each run goes on with what the ones before have left, so they get further and further. On a
   * busy machine the last ones may end before they are killed, or be killed when all is done.
   */
  private static void killAtRandomPlaces(
      Cli cli, SplittableRandom random, Path building, BooleanSupplier isDone, String... command)
      throws IOException {
    int killed = 0;
    boolean ended = false;
    for (int i = 0; i < KILLS && !ended && !isDone.getAsBoolean(); i++) {
      long enough = random.nextLong(i * COPIED_BYTES / KILLS, (i + 1) * COPIED_BYTES / KILLS);
      boolean asked = random.nextBoolean();
      try (RunningCli copying = cli.startInterruptible(command)) {
        while (copying.isAlive() && bytesIn(building) <= enough) {
          Thread.onSpinWait();
        }
        if (asked) {
          copying.interrupt();
        } else {
          copying.kill();
        }
        int exitCode = copying.await();
        ended = exitCode == 0;
        killed += ended ? 0 : 1;
        if (asked && !ended) {
          assertEquals(SIGINT_EXIT_CODE, exitCode, copying.stderr());
          assertEquals("", copying.stderr());
        }
      }
    }
    assertTrue(killed > 0, "seed " + SEED);
  }

  private static long bytesIn(Path building) throws IOException {
    long bytes = 0;
    for (Path topic : Files.isDirectory(building) ? LogPath.topics(building) : List.<Path>of()) {
      for (Path partition : LogPath.partitions(topic)) {
        for (Path segment : LogPath.segments(partition)) {
          bytes += segment.toFile().length();
        }
      }
    }
    return bytes;
  }

  @SuppressWarnings("try")
  @Test
  void shouldNameTheProcessThatIsAtTheSamePlace() throws IOException {
    Cli cli = Cli.processes(directory);
    cli.feed("a\n", "produce", "lines").quiet();
    Path backups = Files.createDirectory(directory.resolve("backups"));
    String us = "process " + ProcessHandle.current().pid();

    try (CopyLock held = CopyLock.acquire(backups.resolve(BackupCommand.LOCK), backups)) {
      cli.run("backup", "backups").failed(ErrorReport.FAILED, "backups is being written", us);
    }
    assertEquals(List.of(), BackupCommand.finished(backups));
    cli.run("backup", "backups").quiet();
    Path lock = directory.resolve("restored" + RestoreCommand.RESTORING + BackupCommand.LOCK);
    try (CopyLock held = CopyLock.acquire(lock, directory)) {
      cli.run("restore", "backups", "--dir", "restored")
          .failed(ErrorReport.FAILED, "restored is being written", us);
    }
    cli.run("restore", "backups", "--dir", "restored").quiet();
    assertFalse(Files.exists(lock));
    assertEquals(List.of("a"), cli.run("consume", "lines", "--dir", "restored").quiet().lines());
  }

  @Test
  void shouldRefuseWhatMakesNoBackup() throws IOException {
    Cli cli = Cli.in(directory);
    cli.run("backup", "backups").failed(ErrorReport.FAILED, "no store");
    cli.run("topic", "create", "lines").quiet();
    cli.run("backup", "sawlog-data/backups").failed(ErrorReport.BAD_USAGE, "in the store itself");
    Files.createDirectories(directory.resolve("empty"));
    cli.run("restore", "empty", "--dir", "x").failed(ErrorReport.FAILED, "no finished backup");
    cli.run("restore", "nothing", "--dir", "x").failed(ErrorReport.FAILED, "not a directory");
  }
}
