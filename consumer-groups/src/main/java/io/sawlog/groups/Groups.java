package io.sawlog.groups;

import io.sawlog.log.LogException;
import io.sawlog.log.Position;
import io.sawlog.log.Sawlog;
import io.sawlog.log.SawlogConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The consumer groups of a store. Any process that has the store open, also read-only, can host
 * groups; one process at a time hosts a group, and its members are threads there.
 *
 * <p>Cheap to make, and thread-safe. Members are to be closed before the store.
 */
public final class Groups {
  private final GroupEnvironment environment;

  Groups(GroupEnvironment environment) {
    this.environment = environment;
  }

  /**
   * The groups of a store.
   *
   * @param log the open store
   * @return its groups
   */
  public static Groups of(Sawlog log) {
    return of(log, SawlogConfig.defaults());
  }

  /**
   * The groups of a store.
   *
   * @param log the open store
   * @param config how the stores of the groups are opened, which lie beside the topics
   * @return its groups
   */
  public static Groups of(Sawlog log, SawlogConfig config) {
    GroupDirectory directory = new GroupDirectory(log.directory(), config);
    return new Groups(new GroupEnvironment(log, directory, directory::open, GroupTimer.shared()));
  }

  /**
   * Joins a partition group, creating it if there is none.
   *
   * @param group 1 to 100 of {@code A-Z a-z 0-9 _ -}
   * @param topics what to read
   * @return the member, to be closed by the caller
   * @throws GroupHostedException if another process hosts the group
   * @throws GroupMismatchException if the group is something else
   * @throws io.sawlog.log.TopicNotFoundException if a topic does not exist
   * @throws LogException if the files of the group cannot be opened
   */
  public Consumer consumer(String group, String... topics) {
    return consumer(group, ConsumerConfig.defaults(), topics);
  }

  /**
   * Joins a partition group, creating it if there is none.
   *
   * @param group 1 to 100 of {@code A-Z a-z 0-9 _ -}
   * @param config how to read
   * @param topics what to read
   * @return the member, to be closed by the caller
   * @throws LogException as {@link #consumer(String, String...)}
   */
  public Consumer consumer(String group, ConsumerConfig config, String... topics) {
    if (topics.length == 0) {
      throw new IllegalArgumentException("a consumer reads at least one topic");
    }
    return join(group, config, new Subscription(Set.of(topics), null));
  }

  /**
   * Joins a partition group, creating it if there is none, and reads all topics that match a
   * pattern, also those that are created later.
   *
   * @param group 1 to 100 of {@code A-Z a-z 0-9 _ -}
   * @param config how to read
   * @param topics matches whole names
   * @return the member, to be closed by the caller
   * @throws LogException as {@link #consumer(String, String...)}
   */
  public Consumer consumer(String group, ConsumerConfig config, Pattern topics) {
    return join(group, config, new Subscription(Set.of(), topics));
  }

  private Consumer join(String group, ConsumerConfig config, Subscription subscription) {
    // before the group: one whose topic does not exist is not made
    subscription.names().forEach(environment.log()::topic);
    Hosts.Hosted hosted =
        Hosts.join(
            environment,
            GroupHost.checkName(group),
            () -> new PartitionGroup(GroupHost.open(group, environment, config.options())));
    try {
      hosted.host().options().check(group, config.options());
      return new Consumer((PartitionGroup) hosted, config, subscription);
    } catch (RuntimeException e) {
      Hosts.leave(hosted);
      throw e;
    }
  }

  /**
   * Joins a shared group, creating it if there is none.
   *
   * @param group 1 to 100 of {@code A-Z a-z 0-9 _ -}
   * @param topic what it works on, for ever
   * @param queue how
   * @return the worker, to be closed by the caller
   * @throws GroupHostedException if another process hosts the group
   * @throws GroupMismatchException if the group is something else, or hosted otherwise
   * @throws io.sawlog.log.TopicNotFoundException if the topic does not exist
   * @throws LogException if the files of the group cannot be opened
   */
  public Worker worker(String group, String topic, Queue queue) {
    return worker(group, topic, queue, queue.lease());
  }

  private Worker worker(String group, String topic, Queue queue, Duration lease) {
    // before the group: one whose topic does not exist is not made
    environment.log().topic(topic);
    Hosts.Hosted hosted =
        Hosts.join(environment, GroupHost.checkName(group), () -> openShared(group, topic, queue));
    try {
      hosted.host().options().check(group, queue.options());
      SharedGroup shared = (SharedGroup) hosted;
      return new Worker(shared, shared.join(queue, topic, lease.toNanos()));
    } catch (RuntimeException e) {
      Hosts.leave(hosted);
      throw e;
    }
  }

  private SharedGroup openShared(String group, String topic, Queue queue) {
    GroupHost host = GroupHost.open(group, environment, queue.options());
    try {
      return SharedGroup.open(host, queue, topic);
    } catch (RuntimeException e) {
      host.close();
      throw e;
    }
  }

  /**
   * Lets workers handle the records of a topic, each on a thread of its own. Returning from the
   * handler acknowledges a record, throwing is a failure, after which it comes again.
   *
   * <pre>{@code
   * try (Running run = Groups.of(log).run("email", "orders", 8, m -> smtp.send(m.valueAsString()),
   *          Queue.keyOrdered().maxAttempts(5).backoff(ofSeconds(1), ofMinutes(5)))) {
   *   run.awaitShutdown();
   * }
   * }</pre>
   *
   * @param group 1 to 100 of {@code A-Z a-z 0-9 _ -}
   * @param topic what it works on, for ever
   * @param workers how many threads
   * @param handler called by all of them at once
   * @param queue how
   * @return the running workers, to be closed by the caller
   * @throws LogException as {@link #worker}
   */
  public Running run(String group, String topic, int workers, Handler handler, Queue queue) {
    if (workers < 1) {
      throw new IllegalArgumentException("run at least 1 worker, not " + workers);
    }
    List<Worker> joined = new ArrayList<>();
    try {
      for (int i = 0; i < workers; i++) {
        joined.add(worker(group, topic, queue, queue.handlingLimit()));
      }
      return Running.start(group, joined, handler);
    } catch (RuntimeException e) {
      joined.forEach(Worker::close);
      throw e;
    }
  }

  /**
   * Looks at groups, and changes them otherwise than by reading.
   *
   * @return the administration of these groups
   */
  public GroupAdmin admin() {
    return new GroupAdmin(environment);
  }

  /**
   * Creates a partition group with a position in a topic, before there is a consumer. If the group
   * exists, it gets the position in a topic that it has not seen; otherwise nothing changes.
   *
   * @param group 1 to 100 of {@code A-Z a-z 0-9 _ -}
   * @param topic what it will read
   * @param position where it will begin
   * @throws LogException as {@link #consumer(String, String...)}
   */
  public void create(String group, String topic, Position position) {
    create(group, ConsumerConfig.defaults().first(position), topic);
  }

  /**
   * Creates a partition group as a consumer with this configuration would.
   *
   * @param group 1 to 100 of {@code A-Z a-z 0-9 _ -}
   * @param config has what belongs to the group, and the first position
   * @param topic what it will read
   * @throws LogException as {@link #consumer(String, String...)}
   */
  public void create(String group, ConsumerConfig config, String topic) {
    join(group, config, new Subscription(Set.of(topic), null)).close();
  }
}
