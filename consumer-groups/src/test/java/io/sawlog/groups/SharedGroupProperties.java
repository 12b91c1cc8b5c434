package io.sawlog.groups;

import io.sawlog.log.Partition;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Random schedules of workers that receive, acknowledge, release, retry, reject, renew and leave,
 * of leases that run out, of processes that end and power that goes. The topics and the dead
 * letters are real files, the side logs are in memory.
 */
class SharedGroupProperties {
  private static final Logger LOGGER = Logger.getLogger("io.sawlog");
  private static Path directory;
  private static Lab lab;
  private static Topic topic;
  private static Partition letters;

  @BeforeContainer
  static void open() throws IOException {
    // breakers open and windows fill up by the thousand here
    LOGGER.setLevel(Level.SEVERE);
    directory = Files.createTempDirectory("groups");
    lab = Lab.open(directory);
    topic = lab.log().createTopic("t", TopicConfig.defaults().partitions(2));
    letters = lab.createTopic("letters");
  }

  @AfterContainer
  static void close() throws IOException {
    LOGGER.setLevel(null);
    lab.close();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Property(tries = 10_000)
  void shouldLoseNothingAndGiveNothingTwiceWhateverHappens(@ForAll Random random) {
    new SharedGroupModel(random, lab, topic, letters).run(30);
  }
}
