package io.sawlog.log;

import io.sawlog.log.file.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A store that this process only reads. Its topics are opened when somebody asks for them. */
final class FollowedStore implements OpenStore {
  private final Storage storage;
  private final TopicDirectory directory;
  private final Path lockFile;
  private final boolean afterPowerLoss;
  private final Map<String, Topic> topics = new ConcurrentHashMap<>();
  private final List<PartitionFollower> followers = new ArrayList<>();
  private boolean closed;

  FollowedStore(Storage storage, TopicDirectory directory, Path lockFile, boolean afterPowerLoss) {
    this.storage = storage;
    this.directory = directory;
    this.lockFile = lockFile;
    this.afterPowerLoss = afterPowerLoss;
  }

  @Override
  public @Nullable Topic find(String name) throws IOException {
    Topic known = topics.get(name);
    if (known != null || !directory.exists(name)) {
      return known;
    }
    return open(name);
  }

  private synchronized Topic open(String name) throws IOException {
    if (closed) {
      throw new LogClosedException("the store was closed while topic '" + name + "' was opened");
    }
    Topic known = topics.get(name);
    if (known != null) {
      return known;
    }
    TopicProperties properties = TopicProperties.read(storage, directory.path(name));
    List<Partition> partitions = new ArrayList<>();
    for (int number = 0; number < properties.config().partitions(); number++) {
      PartitionFollower follower =
          PartitionFollower.open(
              directory.partition(name, properties.topicId(), number),
              properties.config(),
              lockFile,
              afterPowerLoss);
      followers.add(follower);
      partitions.add(new Partition(follower, null));
    }
    Topic topic = new Topic(name, properties.topicId(), properties.config(), partitions);
    topics.put(name, topic);
    return topic;
  }

  @Override
  public synchronized void close() {
    closed = true;
    Failures failures = new Failures();
    for (PartitionFollower follower : followers) {
      failures.run(follower::close);
    }
    failures.throwFirst();
  }
}
