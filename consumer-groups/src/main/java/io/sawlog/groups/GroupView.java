package io.sawlog.groups;

import io.sawlog.log.OffsetOutOfRangeException;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Sawlog;
import io.sawlog.log.SawlogConfig;
import io.sawlog.log.Tailer;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicNotFoundException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A group as its files tell of it to whoever does not host it. Looking changes nothing and disturbs
 * nobody, whoever hosts the group.
 */
final class GroupView implements AutoCloseable {
  private static final int MOST_ATTEMPTS = 10;
  private static final int READ_LIMIT = 1024;

  private final Sawlog store;
  private final GroupState state;

  private GroupView(Sawlog store, GroupState state) {
    this.store = store;
    this.state = state;
  }

  /**
   * Looks at a group.
   *
   * @throws GroupNotFoundException if there is none
   */
  static GroupView open(String group, Path directory, SawlogConfig config) {
    Sawlog store = Sawlog.openReadOnly(directory, config);
    try {
      return new GroupView(store, replay(group, store.topic(StoredGroup.STATE)));
    } catch (TopicNotFoundException e) {
      store.close();
      throw new GroupNotFoundException("there is no group '" + group + "'");
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** Begins again if the host lets go of old steps meanwhile: newer ones say all that they said. */
  private static GroupState replay(String group, Topic topic) {
    Partition steps = topic.partition(0);
    for (int attempt = 1; ; attempt++) {
      Fold fold = new Fold(group);
      try (Tailer tailer = steps.tailer(Position.earliest())) {
        while (tailer.poll(message -> StoredGroup.show(message, fold), READ_LIMIT) > 0) {
          // until the end
        }
        return fold.state();
      } catch (OffsetOutOfRangeException e) {
        if (attempt == MOST_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  GroupState state() {
    return state;
  }

  /** The process that hosts the group, in words. */
  Optional<String> host() {
    return store.writer();
  }

  /** The log of its dead letters. */
  Partition letters() {
    return store.topic(StoredGroup.DEAD_LETTERS).partition(0);
  }

  @Override
  public void close() {
    store.close();
  }
}
