package io.sawlog.groups;

import java.util.Random;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;

/**
 * Runs seeded schedules of the models, as many as are wanted. Ten seeds, of which the first is a
 * multiple of ten, share a simulated disk, for making one takes as long as a schedule.
 */
final class Schedules {
  private static final int STEPS = 25;
  private static final int SEEDS_A_DISK = 10;

  /** Kept here, or it would forget its level. */
  private static final Logger LOGGER = Logger.getLogger("io.sawlog");

  private Schedules() {}

  /** The models. */
  enum Kind {
    PARTITION,
    PARTITION_WITHOUT_FAILURES,
    SHARED
  }

  /**
   * Runs schedules until one is red.
   *
   * @return what the first red one found, with its seed; an empty text if all are green
   */
  static String firstRed(String kind, long firstSeed, int count) {
    Level before = LOGGER.getLevel();
    // members are expelled and breakers open by the thousand here
    LOGGER.setLevel(Level.OFF);
    Disks disks = new Disks();
    try {
      return LongStream.range(firstSeed, firstSeed + count)
          .mapToObj(seed -> run(Kind.valueOf(kind), seed, disks))
          .filter(found -> !found.isEmpty())
          .findFirst()
          .orElse("");
    } finally {
      LOGGER.setLevel(before);
    }
  }

  private static final class Disks {
    private Lab lab;

    Lab forSeed(long seed) {
      if (lab == null || seed % SEEDS_A_DISK == 0) {
        lab = Lab.simulated(new SplittableRandom(seed));
      }
      return lab;
    }
  }

  private static String run(Kind kind, long seed, Disks disks) {
    Lab lab = disks.forSeed(seed);
    try {
      Random random = new Random(seed);
      switch (kind) {
        case PARTITION -> new PartitionGroupModel(random, lab, true).run(STEPS);
        case PARTITION_WITHOUT_FAILURES -> new PartitionGroupModel(random, lab, false).run(STEPS);
        case SHARED -> new SharedGroupModel(random, lab).run(STEPS);
      }
      return "";
    } catch (AssertionError | RuntimeException found) {
      return "seed " + seed + ": " + found;
    }
  }
}
