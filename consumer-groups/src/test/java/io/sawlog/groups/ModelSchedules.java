package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sawlog.log.Amount;
import io.sawlog.log.Totals;

/**
 * The schedules of the models by seed: beside the properties, which try other ones with every run,
 * the long form of them. With {@code -P crash} a million, in two classes for two processors.
 */
final class ModelSchedules {
  private static final int FEW = 100;

  /** Neighbours share a disk. */
  private static final int NEIGHBOURS = 10;

  private ModelSchedules() {}

  static void mustBeGreen(String kind, int many) {
    long first = Amount.seed() / NEIGHBOURS * NEIGHBOURS;
    int count = Amount.of(FEW, many);
    System.out.println(kind + ": " + count + " schedules from seed " + first);

    assertEquals(
        "", Schedules.firstRed(kind, first, count), "again with -Dsawlog.seed=, and that seed");
    Totals.count("schedules of the models of groups", count);
  }
}
