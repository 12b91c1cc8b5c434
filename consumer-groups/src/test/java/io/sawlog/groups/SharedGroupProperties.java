package io.sawlog.groups;

import java.util.Random;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Random schedules of workers that receive, acknowledge, release, retry, reject, renew and leave,
 * of leases that run out, of processes that end and power that goes. The topics and the dead
 * letters are on a simulated disk, the side logs are in memory.
 */
class SharedGroupProperties {
  private static final Logger LOGGER = Logger.getLogger("io.sawlog");

  @BeforeContainer
  static void quieten() {
    // members are expelled, and breakers open, by the thousand here
    LOGGER.setLevel(Level.SEVERE);
  }

  @AfterContainer
  static void speak() {
    LOGGER.setLevel(null);
  }

  private static Lab lab(Random random) {
    return Lab.simulated(new SplittableRandom(random.nextLong()));
  }

  @Property(tries = 10_000)
  void shouldLoseNothingAndGiveNothingTwiceWhateverHappens(@ForAll Random random) {
    new SharedGroupModel(random, lab(random)).run(30);
  }
}
