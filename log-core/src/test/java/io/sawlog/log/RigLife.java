package io.sawlog.log;

import io.sawlog.log.file.Child;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** One life of a {@link RigChild}, and its end at an instant that chance decides. */
final class RigLife implements AutoCloseable {
  private static final int MOST_ANSWERS = 400;
  private static final long OPENING_NS = 60_000_000;

  private final Child child;
  private final RigLedger ledger;
  private final List<String> said = new ArrayList<>();

  private RigLife(Child child, RigLedger ledger) {
    this.child = child;
    this.ledger = ledger;
  }

  /**
   * Starts a life.
   *
   * @param prefix a command that runs the JVM, or nothing
   * @param how {@code power} if the page cache is not to be trusted
   */
  static RigLife start(List<String> prefix, RigLedger ledger, Path directory, String how)
      throws IOException {
    Child child =
        Child.start(
            prefix,
            System.getProperty("java.class.path"),
            Child.OPEN,
            RigChild.class,
            directory.toString(),
            Integer.toString(ledger.begin()),
            how);
    return new RigLife(child, ledger);
  }

  /** Waits for some instant: while it opens, after so many appends, or while it closes. */
  void reachSomeInstant(SplittableRandom random) throws IOException {
    int how = random.nextInt(8);
    if (how == 0) {
      hearUntil("opening");
      LockSupport.parkNanos(random.nextLong(OPENING_NS));
    } else if (how == 1) {
      hearUntil("done");
      child.endInput();
      LockSupport.parkNanos(random.nextLong(OPENING_NS / 4));
    } else {
      hearUntil("opened");
      hearAppends(random.nextInt(random.nextBoolean() ? 20 : MOST_ANSWERS));
    }
  }

  /** Lets it run until it has said so much more, or has ended. */
  void hearAppends(int count) throws IOException {
    for (int i = 0; i < count && hear(); i++) {
      // one more
    }
  }

  /** Lets it run until it says something; false if it has ended, or failed, before. */
  boolean hearUntil(String word) throws IOException {
    while (hear()) {
      String last = said.get(said.size() - 1);
      if (last.startsWith(word)) {
        return true;
      }
      if (last.startsWith("failed")) {
        return false;
      }
    }
    return false;
  }

  private boolean hear() throws IOException {
    String line = child.readLine();
    if (line != null && !ledger.hear(line)) {
      said.add(line);
    }
    return line != null;
  }

  /** Kills it, and hears what it has still said. */
  void kill() throws IOException {
    child.kill();
    hearTheRest();
  }

  /** Hears all that it says until it ends. */
  void hearTheRest() throws IOException {
    while (hear()) {
      // until it has ended
    }
  }

  /** What it said beside what was appended. */
  List<String> said() {
    return said;
  }

  Child child() {
    return child;
  }

  @Override
  public void close() {
    child.close();
  }
}
