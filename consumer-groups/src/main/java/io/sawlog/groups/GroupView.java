package io.sawlog.groups;

import io.sawlog.log.MessageHandler;
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
  private final Replay replay;

  private GroupView(Sawlog store, Replay replay) {
    this.store = store;
    this.replay = replay;
  }

  /**
   * What a side log has told.
   *
   * @param state the fold over it
   * @param lastEventMs when its last event was appended, epoch ms; 0 if there is none
   */
  private record Replay(GroupState state, long lastEventMs) {}

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
  private static Replay replay(String group, Topic topic) {
    Partition steps = topic.partition(0);
    for (int attempt = 1; ; attempt++) {
      Fold fold = new Fold(group);
      try (Tailer tailer = steps.tailer(Position.earliest())) {
        long[] lastEventMs = new long[1];
        MessageHandler step =
            message -> {
              StoredGroup.show(message, fold);
              lastEventMs[0] = message.appendTime();
            };
        while (tailer.poll(step, READ_LIMIT) > 0) {
          // until the end
        }
        return new Replay(fold.state(), lastEventMs[0]);
      } catch (OffsetOutOfRangeException e) {
        if (attempt == MOST_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  GroupState state() {
    return replay.state();
  }

  /** When its last event was appended, epoch ms; 0 if there is none. */
  long lastEventMs() {
    return replay.lastEventMs();
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
