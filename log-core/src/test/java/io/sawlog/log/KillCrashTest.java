package io.sawlog.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that appends from several threads with SIGKILL: at random, or where it enters its
 * n-th call to the operating system. Whatever an append had returned is there then.
 */
class KillCrashTest {
  private static final int LIVES_OF_A_STORE = 10;

  /** Each thread counts its own calls. */
  private static final int LAST_CALL = 5;

  private static final String CALLS = "msync,fsync,rename,pwrite64";

  @TempDir Path directory;

  @Test
  void shouldKeepWhatAnAppendHasReturnedWheneverTheProcessIsKilled() throws IOException {
    killAgainAndAgain(Amount.of(10, 1_000), false);
  }

  @Test
  void shouldKeepWhatAnAppendHasReturnedWhicheverCallItIsKilledIn() throws IOException {
    Amount.assumeCrash();
    Rigs.assumeTools("strace");
    killAgainAndAgain(100, true);
  }

  private void killAgainAndAgain(int kills, boolean inCalls) throws IOException {
    long seed = Amount.seed();
    long acknowledged = 0;
    int killed = 0;
    for (int life = 0; killed < kills; ) {
      Path store = directory.resolve("store" + life);
      RigLedger ledger = new RigLedger();
      for (int i = 0; i < LIVES_OF_A_STORE && killed < kills; i++, life++) {
        try {
          killed += liveOnce(store, ledger, new SplittableRandom(seed + life), inCalls) ? 1 : 0;
        } catch (AssertionError e) {
          throw new AssertionError("seed " + seed + ", life " + life + ": " + e.getMessage(), e);
        }
      }
      acknowledged += ledger.acknowledged();
      Rigs.delete(store);
    }
    Totals.count("kills of a real process" + (inCalls ? " in its n-th call" : ""), killed);
    Totals.count("appends acknowledged before real kills", acknowledged);
  }

  /** Tells whether it was killed before it had closed the store. */
  private static boolean liveOnce(
      Path store, RigLedger ledger, SplittableRandom random, boolean inCalls) throws IOException {
    List<String> said;
    try (RigLife life = RigLife.start(prefix(random, inCalls), ledger, store, "kill")) {
      if (inCalls) {
        // it kills itself, or there were not so many calls
        life.hearUntil("done");
        life.child().endInput();
        life.hearTheRest();
      } else {
        life.reachSomeInstant(random);
      }
      life.kill();
      said = life.said();
    }
    LogChecker.check(said.stream().noneMatch(line -> line.startsWith("failed")), "it said " + said);
    ledger.look(store, true, false, random.nextBoolean());
    return !said.contains("closed");
  }

  private static List<String> prefix(SplittableRandom random, boolean inCalls) {
    if (!inCalls) {
      return List.of();
    }
    String[] calls = CALLS.split(",", -1);
    String call = calls[random.nextInt(calls.length)];
    int number = 1 + random.nextInt(LAST_CALL);
    return List.of(
        "strace",
        "-f",
        "--seccomp-bpf",
        "-qqq",
        "-o",
        "/dev/null",
        "-e",
        "trace=" + call,
        "-e",
        "inject=" + call + ":signal=SIGKILL:when=" + number);
  }
}
