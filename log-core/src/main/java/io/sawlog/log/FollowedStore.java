package io.sawlog.log;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A store that this process only reads. Its topics are opened when somebody asks for them, and
 * looked at again whenever somebody asks: the writer may have deleted them, created them again, or
 * given them more partitions. That costs reading one small file.
 *
 * <p>Thread-safe, guarded by itself.
 */
final class FollowedStore implements OpenStore {
  private final TopicDirectory directory;
  private final Path lockFile;
  private final boolean afterPowerLoss;
  private final Map<String, FollowedTopic> topics = new HashMap<>();
  private boolean closed;

  /** A topic with the inner side of its partitions. */
  private record FollowedTopic(Topic topic, List<PartitionFollower> followers) {
    boolean isStill(@Nullable TopicProperties properties) {
      return properties != null && properties.topicId().equals(topic.id());
    }

    boolean isUpToDate(TopicProperties properties) {
      // the partitions of the topic, which are set when all of them could be opened
      return properties.config().equals(topic.knownConfig())
          && topic.knownPartitions().size() >= properties.config().partitions();
    }
  }

  FollowedStore(TopicDirectory directory, Path lockFile, boolean afterPowerLoss) {
    this.directory = directory;
    this.lockFile = lockFile;
    this.afterPowerLoss = afterPowerLoss;
  }

  /** Goes round until what is open is what is there: the topic may be replaced meanwhile. */
  @Override
  public synchronized @Nullable Topic find(String name) throws IOException {
    if (closed) {
      throw new LogClosedException("the store was closed while topic '" + name + "' was opened");
    }
    while (true) {
      TopicProperties present = properties(name);
      FollowedTopic known = topics.get(name);
      if (known != null && !known.isStill(present)) {
        topics.remove(name);
        close(known, "the topic was deleted");
        known = null;
      }
      if (present == null) {
        return null;
      }
      if (known != null && known.isUpToDate(present)) {
        return known.topic();
      }
      FollowedTopic opening = known == null ? begin(name, present) : known;
      try {
        directory.checkPartitions(name, present.config().partitions());
        addPartitions(opening, present.config());
      } catch (IOException | LogException e) {
        if (present.equals(properties(name))) {
          throw e;
        }
      }
    }
  }

  private @Nullable TopicProperties properties(String name) throws IOException {
    if (!directory.exists(name)) {
      return null;
    }
    try {
      return directory.properties(name);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private FollowedTopic begin(String name, TopicProperties properties) {
    Topic topic =
        new Topic(name, properties.topicId(), properties.config(), List.of(), this::lookAgain);
    FollowedTopic begun = new FollowedTopic(topic, new ArrayList<>());
    topics.put(name, begun);
    return begun;
  }

  private void addPartitions(FollowedTopic followed, TopicConfig config) throws IOException {
    Topic topic = followed.topic();
    for (int number = followed.followers().size(); number < config.partitions(); number++) {
      followed
          .followers()
          .add(
              PartitionFollower.open(
                  directory.partition(topic.name(), topic.id(), number),
                  config,
                  lockFile,
                  afterPowerLoss));
    }
    List<Partition> partitions = new ArrayList<>();
    for (PartitionFollower follower : followed.followers()) {
      partitions.add(new Partition(follower, null));
    }
    topic.change(config, partitions);
  }

  private void lookAgain(Topic topic) {
    try {
      if (find(topic.name()) != topic) {
        throw new LogClosedException("topic '" + topic.name() + "' was deleted");
      }
    } catch (IOException e) {
      throw new LogIoException("looking at topic " + topic.name() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    Failures failures = new Failures();
    for (FollowedTopic topic : topics.values()) {
      failures.run(() -> close(topic, "the store is closed"));
    }
    failures.throwFirst();
  }

  private static void close(FollowedTopic topic, String reason) {
    Failures failures = new Failures();
    for (PartitionFollower follower : topic.followers()) {
      failures.run(() -> follower.close(reason));
    }
    failures.throwFirst();
  }
}
