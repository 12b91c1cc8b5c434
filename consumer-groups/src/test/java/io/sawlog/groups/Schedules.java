package io.sawlog.groups;

import io.sawlog.log.Partition;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicConfig;
import java.nio.file.Path;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;

/** Runs seeded schedules of the models, as many as are wanted, on one store that stays small. */
final class Schedules {
  private static final int CLEAN_EVERY = 2_000;
  private static final int STEPS = 25;
  private static final TopicConfig SMALL = TopicConfig.defaults().segmentBytes(1 << 20);

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
   * @param directory a new store
   * @return what the first red one found, with its seed; an empty text if all are green
   */
  static String firstRed(String kind, Path directory, long firstSeed, int count) {
    Level before = LOGGER.getLevel();
    // members are expelled and breakers open by the thousand here
    LOGGER.setLevel(Level.OFF);
    try (Lab lab = Lab.open(directory)) {
      Topic topic = lab.log().createTopic("t", SMALL.partitions(kind.equals("SHARED") ? 2 : 3));
      Partition letters = lab.createTopic("letters");
      return LongStream.range(firstSeed, firstSeed + count)
          .mapToObj(seed -> run(Kind.valueOf(kind), seed, lab, topic, letters))
          .filter(found -> !found.isEmpty())
          .findFirst()
          .orElse("");
    } finally {
      LOGGER.setLevel(before);
    }
  }

  private static String run(Kind kind, long seed, Lab lab, Topic topic, Partition letters) {
    if (seed % CLEAN_EVERY == 0) {
      topic.partitions().forEach(partition -> partition.deleteBefore(partition.logEndOffset()));
    }
    try {
      Random random = new Random(seed);
      switch (kind) {
        case PARTITION -> new PartitionGroupModel(random, lab, topic, true).run(STEPS);
        case PARTITION_WITHOUT_FAILURES ->
            new PartitionGroupModel(random, lab, topic, false).run(STEPS);
        case SHARED -> new SharedGroupModel(random, lab, topic, letters).run(STEPS);
      }
      return "";
    } catch (AssertionError | RuntimeException found) {
      return "seed " + seed + ": " + found;
    }
  }
}
