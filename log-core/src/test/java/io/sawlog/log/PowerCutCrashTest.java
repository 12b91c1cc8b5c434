package io.sawlog.log;

import io.sawlog.log.file.PowerCutDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cuts the power of a disk with a real file system under a process that appends. All that was
 * synced is there then, and the log is a prefix of what was appended.
 */
class PowerCutCrashTest {
  private static final int CUTS = 100;
  private static final int LIVES_OF_A_STORE = 10;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs"})
  void shouldKeepWhatWasSyncedWheneverThePowerIsCut(String type) throws IOException {
    Amount.assumeCrash();
    long seed = Amount.seed();
    long acknowledged = 0;
    long lost = 0;
    for (int cut = 0; cut < CUTS; ) {
      Path place = Files.createDirectory(directory.resolve("disk" + cut));
      try (PowerCutDisk disk = PowerCutDisk.make(place, type, seed + cut)) {
        RigLedger ledger = new RigLedger();
        for (int i = 0; i < LIVES_OF_A_STORE && cut < CUTS; i++, cut++) {
          try {
            liveOnce(disk, ledger, new SplittableRandom(seed + cut));
          } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ", cut " + cut + ": " + e.getMessage(), e);
          }
        }
        acknowledged += ledger.acknowledged();
        lost += disk.lostSectors();
      }
    }
    LogChecker.check(lost > 0, "no cut has taken anything");
    Totals.count("power cuts on a real " + type, CUTS);
    Totals.count("sectors lost in power cuts on a real " + type, lost);
    Totals.count("appends acknowledged before real power cuts", acknowledged);
  }

  private static void liveOnce(PowerCutDisk disk, RigLedger ledger, SplittableRandom random)
      throws IOException {
    Path store = disk.root().resolve("store");
    List<String> said;
    try (RigLife life = RigLife.start(List.of(), ledger, store, "power")) {
      life.reachSomeInstant(random);
      disk.cut();
      life.kill();
      said = life.said();
    }
    disk.turnOn();
    LogChecker.check(
        said.stream().noneMatch(line -> line.contains("CorruptLogException")), "it said " + said);
    ledger.look(store, false, true, random.nextBoolean());
  }
}
