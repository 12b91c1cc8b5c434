package io.sawlog.groups;

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
 * Random schedules of members that join, leave, poll, drain, commit, seek, are expelled, and of
 * processes that end and power that goes. The topics are real files, the side logs are in memory.
 */
class PartitionGroupProperties {
  private static Path directory;
  private static final Logger LOGGER = Logger.getLogger("io.sawlog");
  private static Lab lab;
  private static Topic topic;

  @BeforeContainer
  static void open() throws IOException {
    // members are expelled by the thousand here
    LOGGER.setLevel(Level.SEVERE);
    directory = Files.createTempDirectory("groups");
    lab = Lab.open(directory);
    topic = lab.log().createTopic("t", TopicConfig.defaults().partitions(3));
    lab.createTopic("letters");
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
  void shouldSkipNoRecordWhateverHappens(@ForAll Random random) {
    new PartitionGroupModel(random, lab, topic, true).run(25);
  }

  @Property(tries = 2_000)
  void shouldDeliverExactlyOnceWhereNothingFails(@ForAll Random random) {
    new PartitionGroupModel(random, lab, topic, false).run(30);
  }
}
