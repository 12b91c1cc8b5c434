package io.sawlog.groups;

import io.sawlog.log.LogException;
import io.sawlog.log.RetentionFloors;
import io.sawlog.log.SawlogConfig;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the consumer groups of a store have not consumed yet, for the retention of its topics. Reads
 * the side logs of all groups, whoever hosts them, about once a second, and believes only what
 * survives the loss of power: a floor that a power cut takes back would be a skip.
 *
 * <pre>{@code
 * try (GroupFloors floors = GroupFloors.of(path);
 *     Sawlog log = Sawlog.open(path, SawlogConfig.defaults().withRetentionFloors(floors))) {
 *   Retention retention = Retention.forever().maxAge(ofDays(7)).keepUnconsumed(100L << 30, ofDays(30));
 *   log.createTopic("orders", TopicConfig.defaults().retention(retention));
 * }
 * }</pre>
 *
 * <p>As long as the side log of a group cannot be read there is no floor, so that nothing goes
 * below the cap; a warning names the group. Thread-safe. Close it after the store.
 */
public final class GroupFloors implements RetentionFloors, AutoCloseable {
  private static final System.Logger LOGGER = System.getLogger("io.sawlog");
  private static final long REFRESH_NS = TimeUnit.SECONDS.toNanos(1);

  private final GroupDirectory directory;
  private final GroupTimer timer;
  private final GroupTimer.Timed refreshing = this::tick;
  private final Map<String, FollowedGroup> followed = new TreeMap<>();
  private final Set<String> unreadable = new HashSet<>();
  private long refreshedAt;
  private boolean failed;
  private boolean closed;

  /** What every group has consumed; null while that cannot be had. */
  private volatile @Nullable List<Offsets> floors;

  private @Nullable KeptTopics topics;

  /** How far the logs were durable when the groups were read the last time. */
  private Offsets ends = Offsets.NONE;

  /**
   * How far the logs were durable the time before. What is newer may be wanted by a group that has
   * come meanwhile and was not seen yet: it is never called consumed.
   */
  private volatile Offsets oldEnds = Offsets.NONE;

  /** Offsets by topic and partition. */
  record Offsets(Map<UUID, Map<Integer, Long>> byTopic) {
    static final Offsets NONE = new Offsets(Map.of());

    /** The offset in a partition; none if there is none in its whole topic. */
    OptionalLong of(UUID topic, int partition) {
      Map<Integer, Long> partitions = byTopic.get(topic);
      // a partition that was not seen yet is read from its beginning
      return partitions == null
          ? OptionalLong.empty()
          : OptionalLong.of(partitions.getOrDefault(partition, 0L));
    }
  }

  GroupFloors(GroupDirectory directory, GroupTimer timer) {
    this.directory = directory;
    this.timer = timer;
    this.refreshedAt = timer.clock().nanoTime() - REFRESH_NS;
  }

  /**
   * Begins to follow the groups of a store.
   *
   * @param store its directory, which need not exist yet
   * @return the floors, to be closed by the caller
   */
  public static GroupFloors of(Path store) {
    return of(store, SawlogConfig.defaults());
  }

  /**
   * Begins to follow the groups of a store.
   *
   * @param store its directory, which need not exist yet
   * @param config how the stores of the groups are opened
   * @return the floors, to be closed by the caller
   */
  public static GroupFloors of(Path store, SawlogConfig config) {
    GroupFloors made =
        new GroupFloors(
            new GroupDirectory(store.toAbsolutePath().normalize(), config), GroupTimer.shared());
    made.start();
    return made;
  }

  GroupFloors start() {
    timer.add(refreshing);
    return this;
  }

  @Override
  public OptionalLong floor(String topic, UUID topicId, int partition) {
    List<Offsets> known = floors;
    if (known == null) {
      return OptionalLong.empty();
    }
    long lowest = oldEnds.of(topicId, partition).orElse(0);
    for (Offsets group : known) {
      lowest = Math.min(lowest, group.of(topicId, partition).orElse(Long.MAX_VALUE));
    }
    return OptionalLong.of(lowest);
  }

  private synchronized long tick(long now) {
    if (closed) {
      return Long.MAX_VALUE;
    }
    if (now - refreshedAt >= REFRESH_NS) {
      refreshedAt = now;
      refresh();
    }
    return REFRESH_NS - (now - refreshedAt);
  }

  private void refresh() {
    if (!Files.isDirectory(directory.store())) {
      return;
    }
    try {
      Offsets now = keptTopics().durableEnds();
      List<String> names = directory.names();
      for (String gone : List.copyOf(followed.keySet())) {
        if (!names.contains(gone)) {
          drop(gone);
        }
      }
      unreadable.retainAll(names);
      List<Offsets> read = new ArrayList<>();
      for (String name : names) {
        if (follow(name)) {
          read.add(consumed(name));
        }
      }
      oldEnds = ends;
      ends = now;
      floors = unreadable.isEmpty() ? List.copyOf(read) : null;
      failed = false;
    } catch (LogException | UncheckedIOException e) {
      floors = null;
      if (!failed) {
        failed = true;
        LOGGER.log(
            System.Logger.Level.WARNING, "the topics or the groups of a store cannot be read", e);
      }
    }
  }

  private KeptTopics keptTopics() {
    KeptTopics open = topics;
    if (open == null) {
      open = KeptTopics.open(directory.store(), directory.config());
      topics = open;
    }
    return open;
  }

  /** Returns whether the group can be read, and still exists. */
  private boolean follow(String name) {
    try {
      FollowedGroup group = followed.get(name);
      if (group == null) {
        group = directory.follow(name);
        followed.put(name, group);
      }
      group.follow();
      if (unreadable.remove(name)) {
        LOGGER.log(System.Logger.Level.INFO, "the side log of group {0} can be read again", name);
      }
      return true;
    } catch (LogException e) {
      drop(name);
      if (directory.names().contains(name) && unreadable.add(name)) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            "the side log of group "
                + name
                + " cannot be read: retention deletes nothing that a group may need, up to the cap",
            e);
      }
      return false;
    }
  }

  private void drop(String name) {
    FollowedGroup group = followed.remove(name);
    if (group != null) {
      group.close();
    }
  }

  private Offsets consumed(String name) {
    Map<UUID, Map<Integer, Long>> consumed = new HashMap<>();
    List<GroupState.TopicProgress> known =
        Objects.requireNonNull(followed.get(name)).state().topics();
    for (GroupState.TopicProgress topic : known.subList(1, known.size())) {
      Map<Integer, Long> partitions = new HashMap<>();
      topic.partitions().forEach((number, progress) -> partitions.put(number, progress.floor()));
      consumed.put(topic.id(), partitions);
    }
    return new Offsets(consumed);
  }

  /** Ends the reading; there are no floors any more. Calling it again does nothing. */
  @Override
  public void close() {
    timer.remove(refreshing);
    synchronized (this) {
      closed = true;
      floors = null;
      followed.values().forEach(FollowedGroup::close);
      followed.clear();
      if (topics != null) {
        topics.close();
      }
    }
  }
}
