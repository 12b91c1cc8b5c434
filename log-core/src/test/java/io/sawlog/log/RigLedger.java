package io.sawlog.log;

import io.sawlog.log.PartitionModel.Read;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a {@link RigChild} has said in all its lives, and what was seen between them: each time the
 * store is looked at, it has to agree.
 */
final class RigLedger {
  /** One partition, as far as anybody was told. */
  private static final class Known {
    /** The number of each record that an append returned, or a reader saw. */
    final TreeMap<Long, Integer> ids = new TreeMap<>();

    /** Those that must be there whatever happens. */
    final TreeSet<Long> durable = new TreeSet<>();

    /** Those that were synced when the disk had begun to fail. */
    final Set<Long> inDoubt = new HashSet<>();

    /** Those that were lost, which must not come back. */
    final Set<Long> lost = new HashSet<>();

    long highest = -1;
  }

  private final List<Known> partitions = new ArrayList<>();
  private int firstId;
  private long acknowledged;
  private boolean doubted;
  private long lostInDoubt;

  RigLedger() {
    for (int i = 0; i < RigChild.PARTITIONS; i++) {
      partitions.add(new Known());
    }
  }

  /** A life begins; returns the number of its first record. */
  int begin() {
    firstId += RigChild.IDS;
    doubted = false;
    return firstId;
  }

  /** How many appends have returned. */
  long acknowledged() {
    return acknowledged;
  }

  /** What is synced from now on in this life need not be durable: the disk may have failed. */
  void doubt() {
    doubted = true;
  }

  /** How many records were synced in doubt, and are lost. */
  long lostInDoubt() {
    return lostInDoubt;
  }

  /** Takes down a line of the child; false if it is not about an append that returned. */
  boolean hear(String line) {
    if (!line.startsWith("S ") && !line.startsWith("W ")) {
      return false;
    }
    String[] words = line.split(" ", -1);
    Known known = partitions.get(Integer.parseInt(words[1]));
    long offset = Long.parseLong(words[2]);
    int id = Integer.parseInt(words[3]);
    int count = Integer.parseInt(words[4]);
    acknowledged++;
    for (int i = 0; i < count; i++) {
      learn(known, offset + i, id + i);
      if (words[0].equals("S")) {
        (doubted ? known.inDoubt : known.durable).add(offset + i);
      }
    }
    return true;
  }

  private static void learn(Known known, long offset, int id) {
    Integer before = known.ids.put(offset, id);
    LogChecker.check(
        before == null || before == id,
        "offset " + offset + " was record " + before + ", and is record " + id + " now");
    LogChecker.check(!known.lost.contains(offset), "offset " + offset + " was lost, and is back");
    known.highest = Math.max(known.highest, offset);
  }

  /**
   * Looks at the store, as a reader and perhaps as the next writer.
   *
   * @param complete whether everything that returned must be there, not only what was synced
   * @param recover whether to recover it here, or to leave that to the next life
   */
  void look(Path directory, boolean complete, boolean afterPowerLoss, boolean recover) {
    if (acknowledged == 0 && !Files.exists(directory)) {
      return;
    }
    SawlogConfig config = SawlogConfig.defaults();
    config = afterPowerLoss ? config.withAfterPowerLoss() : config;
    Map<Integer, List<Read>> shown = new TreeMap<>();
    try (Sawlog log = Sawlog.openReadOnly(directory, config)) {
      check(log, shown, complete);
    }
    if (recover) {
      Map<Integer, List<Read>> kept = new TreeMap<>();
      try (Sawlog log = Sawlog.open(directory, config)) {
        check(log, kept, complete);
      }
      LogChecker.check(kept.equals(shown), "a reader of the dead store saw another log");
    }
  }

  private void check(Sawlog log, Map<Integer, List<Read>> seen, boolean complete) {
    if (!log.hasTopic(RigChild.TOPIC)) {
      LogChecker.check(
          partitions.stream().allMatch(known -> known.ids.isEmpty()), "the topic has gone");
      return;
    }
    for (Partition partition : log.topic(RigChild.TOPIC).partitions()) {
      List<Read> reads = LogChecker.readAll(partition, Position.earliest(), Visibility.PUBLISHED);
      check(partitions.get(partition.number()), reads, partition.logEndOffset(), complete);
      seen.put(partition.number(), reads);
    }
  }

  private void check(Known known, List<Read> reads, long logEnd, boolean complete) {
    long before = 0;
    Set<Long> offsets = new HashSet<>();
    for (Read read : reads) {
      LogChecker.check(
          known.ids.containsKey(read.offset())
              || (read.id() >= firstId && read.id() < firstId + RigChild.IDS),
          "a record came from nowhere: " + read);
      learn(known, read.offset(), read.id());
      LogChecker.check(read.time() >= before, "append times decrease at " + read);
      before = read.time();
      offsets.add(read.offset());
    }
    LogChecker.check(
        new HashSet<>(known.ids.values()).size() == known.ids.size(), "a record is there twice");
    long last = reads.isEmpty() ? -1 : reads.get(reads.size() - 1).offset();
    TreeSet<Long> missing = new TreeSet<>(known.ids.keySet());
    missing.removeAll(offsets);
    for (long offset : missing) {
      LogChecker.check(!complete, "offset " + offset + " was acknowledged, and is lost");
      LogChecker.check(!known.durable.contains(offset), "offset " + offset + " was synced");
      LogChecker.check(offset > last, "offset " + offset + " is lost, but not " + last);
    }
    LogChecker.check(logEnd > known.highest, "offsets up to " + known.highest + " are reused");
    lostInDoubt += missing.stream().filter(known.inDoubt::contains).count();
    known.inDoubt.clear();
    known.lost.addAll(missing);
    known.ids.keySet().removeAll(missing);
    known.durable.addAll(offsets);
  }
}
