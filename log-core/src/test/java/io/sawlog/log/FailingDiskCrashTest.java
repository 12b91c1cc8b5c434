package io.sawlog.log;

import io.sawlog.log.file.PowerCutDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lets flushes and writes of a real disk fail under a process that appends. It stops with an
 * exception, and what was synced before is there when the disk is well again.
 */
class FailingDiskCrashTest {
  private static final int RUNS = 20;
  private static final int LAST_FLUSH = 40;

  @TempDir Path directory;

  @Test
  void shouldKeepWhatWasSyncedBeforeAFlushFailed() throws IOException {
    Amount.assumeCrash();
    Rigs.assumeTools("strace");
    long seed = Amount.seed();
    int failed = 0;
    for (int run = 0; failed < RUNS; run++) {
      Path store = directory.resolve("store" + run);
      RigLedger ledger = new RigLedger();
      SplittableRandom random = new SplittableRandom(seed + run);
      try (RigLife life = RigLife.start(failingFlushes(random), ledger, store, "kill")) {
        life.hearUntil("done");
        life.child().endInput();
        life.hearTheRest();
        mustHaveFailedIfAnything(life.said());
        failed += life.said().contains("closed") ? 0 : 1;
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ", run " + run + ": " + e.getMessage(), e);
      }
      ledger.look(store, false, false, true);
      Rigs.delete(store);
    }
    Totals.count("processes whose msync, fsync or fdatasync failed", failed);
  }

  private static List<String> failingFlushes(SplittableRandom random) {
    String calls = List.of("msync", "fsync", "fdatasync", "all").get(random.nextInt(4));
    calls = calls.equals("all") ? "msync,fsync,fdatasync" : calls;
    String when = (1 + random.nextInt(LAST_FLUSH)) + (random.nextBoolean() ? "+" : "");
    return List.of(
        "strace",
        "-f",
        "--seccomp-bpf",
        "-qqq",
        "-o",
        "/dev/null",
        "-e",
        "trace=" + calls,
        "-e",
        "inject=" + calls + ":error=EIO:when=" + when);
  }

  /**
   * While the file system gives up, msync can return without an error although blocks that were
   * written for the first time are lost: so what is synced after the first write error is only
   * counted.
   */
  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs"})
  void shouldKeepWhatWasSyncedBeforeTheDiskFailed(String type) throws IOException {
    Amount.assumeCrash();
    long seed = Amount.seed();
    int refused = 0;
    long lost = 0;
    for (int run = 0; run < RUNS; run++) {
      Path place = Files.createDirectory(directory.resolve("disk" + run));
      SplittableRandom random = new SplittableRandom(seed + run);
      try (PowerCutDisk disk = PowerCutDisk.make(place, type, seed + run)) {
        RigLedger ledger = new RigLedger();
        for (int life = 0; life < 2; life++) {
          refused += failOnce(disk, ledger, random) ? 1 : 0;
        }
        lost += ledger.lostInDoubt();
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ", run " + run + ": " + e.getMessage(), e);
      }
    }
    LogChecker.check(refused > 0, "nobody has noticed that the disk failed");
    Totals.count("write errors of the disk under a real " + type, 2 * RUNS);
    Totals.count("write errors that an append was told of", refused);
    Totals.count("records lost that were synced while the file system gave up", lost);
  }

  /** Tells whether the process was told so before it ended. */
  private static boolean failOnce(PowerCutDisk disk, RigLedger ledger, SplittableRandom random)
      throws IOException {
    Path store = disk.root().resolve("store");
    List<String> said;
    try (RigLife life = RigLife.start(List.of(), ledger, store, "power")) {
      life.hearUntil("opened");
      life.hearAppends(random.nextInt(100));
      disk.failWrites(true);
      ledger.doubt();
      life.hearUntil("done");
      life.child().endInput();
      life.hearTheRest();
      said = life.said();
    }
    mustHaveFailedIfAnything(said);
    disk.failWrites(false);
    if (random.nextBoolean()) {
      disk.cut();
      disk.turnOn();
    } else {
      disk.unmount();
      disk.mount();
    }
    ledger.look(store, false, true, true);
    return said.stream().anyMatch(line -> line.startsWith("refused"));
  }

  private static void mustHaveFailedIfAnything(List<String> said) {
    LogChecker.check(
        said.stream().noneMatch(line -> line.contains("CorruptLogException"))
            && said.stream().anyMatch(line -> line.matches("closed|failed.*")),
        "it said " + said);
  }
}
