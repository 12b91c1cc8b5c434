package io.sawlog.groups;

import io.sawlog.log.MessageView;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Sawlog;
import io.sawlog.log.SawlogConfig;
import io.sawlog.log.StoreLockedException;
import io.sawlog.log.Tailer;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicConfig;
import java.nio.file.Path;
import org.agrona.DirectBuffer;

/**
 * The store of a group, open for writing: its side log and its dead letters. Whoever has it open
 * hosts the group.
 */
final class StoredGroup implements GroupFiles {
  /** The topic of the side log. */
  static final String STATE = SideLogReader.TOPIC;

  /** The topic of the dead letters. */
  static final String DEAD_LETTERS = "dead-letters";

  private static final int READ_LIMIT = 1024;

  /** A dead letter is larger than its record, which may be as large as any. */
  private static final int LARGEST_FRAME_BYTES = (1 << 30) - 4096;

  private static final int STATE_SEGMENT_BYTES = 2 << 20;

  private final Sawlog store;
  private final Partition state;
  private final Partition deadLetters;

  private StoredGroup(Sawlog store, Partition state, Partition deadLetters) {
    this.store = store;
    this.state = state;
    this.deadLetters = deadLetters;
  }

  /**
   * Opens the store of a group, making it if there is none.
   *
   * @throws GroupHostedException if somebody else has it open
   */
  static StoredGroup open(String group, Path directory, SawlogConfig config) {
    Sawlog store;
    try {
      store = Sawlog.open(directory, config);
    } catch (StoreLockedException e) {
      throw new GroupHostedException(
          "group '"
              + group
              + "' is hosted already, by one process at a time: "
              + e.getMessage()
              + "; more members join it there",
          e);
    }
    try {
      Partition state =
          topic(store, STATE, TopicConfig.defaults().segmentBytes(STATE_SEGMENT_BYTES));
      Partition deadLetters =
          topic(store, DEAD_LETTERS, TopicConfig.defaults().maxFrameBytes(LARGEST_FRAME_BYTES));
      return new StoredGroup(store, state, deadLetters);
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private static Partition topic(Sawlog store, String name, TopicConfig config) {
    Topic topic = store.hasTopic(name) ? store.topic(name) : store.createTopic(name, config);
    return topic.partition(0);
  }

  @Override
  public long append(DirectBuffer buffer, int length, boolean synced) {
    return synced ? state.appendSynced(buffer, 0, length) : state.append(buffer, 0, length);
  }

  @Override
  public void replay(Steps steps) {
    try (Tailer tailer = state.tailer(Position.earliest())) {
      while (tailer.poll(message -> show(message, steps), READ_LIMIT) > 0) {
        // until the end
      }
    }
  }

  static void show(MessageView message, Steps steps) {
    steps.step(message.value(), message.valueOffset(), message.valueLength(), message.offset());
  }

  @Override
  public void releaseBefore(long offset) {
    state.flush();
    state.deleteBefore(offset);
  }

  @Override
  public Partition deadLetters() {
    return deadLetters;
  }

  @Override
  public void close() {
    store.close();
  }
}
