package io.sawlog.groups;

import io.sawlog.log.Sawlog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The groups that this process hosts, each through the open store by which its members read the
 * topics. A group is opened by its first member and closed after its last.
 */
final class Hosts {
  private static final Map<Key, Entry> HOSTED = new HashMap<>();

  private Hosts() {}

  /** A group that members can join. */
  interface Hosted extends GroupTimer.Timed {
    GroupHost host();

    /** The state was changed otherwise than by members. */
    void changed();

    /** Who takes part; under the lock. */
    List<MemberDescription> members();

    /** Who has what; under the lock. */
    default List<Delivery> leases() {
      return List.of();
    }

    /** Whether everything failed lately, so that it tries one record at a time. */
    default boolean isResting() {
      return false;
    }

    /** Closes what it reads with. */
    default void close() {}
  }

  /** Stores are the same if they are the same object. */
  private record Key(Sawlog log, String group) {}

  private static final class Entry {
    private final Hosted hosted;
    private final @Nullable GroupFigures figures;
    private int users;

    Entry(Hosted hosted, @Nullable GroupFigures figures) {
      this.hosted = hosted;
      this.figures = figures;
    }
  }

  /** Joins a group, opening it if need be. Each call is to be followed by one of leave. */
  static Hosted join(GroupEnvironment environment, String group, Supplier<Hosted> opening) {
    synchronized (HOSTED) {
      Sawlog log = environment.log();
      Key key = new Key(log, group);
      Entry entry = HOSTED.get(key);
      if (entry == null) {
        Hosted opened = opening.get();
        entry =
            new Entry(opened, log.hasMBeans() ? GroupFigures.register(environment, opened) : null);
        HOSTED.put(key, entry);
        entry.hosted.host().timer().add(entry.hosted);
      }
      entry.users++;
      return entry.hosted;
    }
  }

  /** Changes a group, opening it for the while if this process does not host it. */
  static <T> T change(
      Sawlog log, String group, Supplier<GroupHost> opening, Function<GroupHost, T> change) {
    synchronized (HOSTED) {
      Hosted hosted = find(log, group);
      GroupHost host = hosted == null ? opening.get() : hosted.host();
      host.lock().lock();
      try {
        T result = change.apply(host);
        if (hosted != null) {
          hosted.changed();
        }
        return result;
      } finally {
        host.lock().unlock();
        if (hosted == null) {
          host.close();
        }
      }
    }
  }

  /**
   * Does something to a group that this process does not host, and does not begin to host it
   * meanwhile.
   *
   * @throws GroupHostedException if it does
   */
  static <T> T whileIdle(Sawlog log, String group, Supplier<T> task) {
    synchronized (HOSTED) {
      if (find(log, group) != null) {
        throw new GroupHostedException(
            "group '" + group + "' is hosted by this process: close its members first");
      }
      return task.get();
    }
  }

  /** The group, if this process hosts it through the store. */
  static @Nullable Hosted find(Sawlog log, String group) {
    synchronized (HOSTED) {
      Entry entry = HOSTED.get(new Key(log, group));
      return entry == null ? null : entry.hosted;
    }
  }

  /** Leaves a group; the last one closes it. */
  static void leave(Hosted hosted) {
    synchronized (HOSTED) {
      GroupHost host = hosted.host();
      Key key = new Key(host.log(), host.name());
      Entry entry = HOSTED.get(key);
      if (entry != null && entry.hosted == hosted && --entry.users == 0) {
        HOSTED.remove(key);
        if (entry.figures != null) {
          entry.figures.unregister();
        }
        host.timer().remove(hosted);
        hosted.close();
        host.close();
      }
    }
  }
}
