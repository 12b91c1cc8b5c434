package io.sawlog.groups;

import io.sawlog.log.OffsetOutOfRangeException;
import io.sawlog.log.Position;
import io.sawlog.log.Sawlog;
import io.sawlog.log.SawlogConfig;
import io.sawlog.log.Tailer;
import io.sawlog.log.TailerConfig;
import io.sawlog.log.Topic;
import io.sawlog.log.Visibility;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state of a group as far as it survives the loss of power, read from its side log step by step
 * while somebody else hosts it. For one thread.
 */
final class FollowedGroup implements AutoCloseable {
  private static final int READ_LIMIT = 1024;
  private static final TailerConfig DURABLE =
      TailerConfig.defaults().visibility(Visibility.DURABLE);

  private final String group;
  private final Sawlog store;
  private @Nullable Topic topic;
  private @Nullable Tailer tailer;
  private Fold fold;

  FollowedGroup(String group, Path directory, SawlogConfig config) {
    this.group = group;
    this.store = Sawlog.openReadOnly(directory, config);
    this.fold = new Fold(group);
  }

  /** Reads what is new. */
  void follow() {
    Topic present = store.topic(StoredGroup.STATE);
    if (present != topic || tailer == null) {
      begin(present);
    }
    try {
      read();
    } catch (OffsetOutOfRangeException e) {
      // the host has let go of steps, for newer ones say all that they said
      begin(present);
      read();
    }
  }

  private void begin(Topic present) {
    closeTailer();
    fold = new Fold(group);
    topic = present;
    tailer = present.partition(0).tailer(Position.earliest(), DURABLE);
  }

  private void read() {
    Tailer open = Objects.requireNonNull(tailer);
    while (open.poll(message -> StoredGroup.show(message, fold), READ_LIMIT) > 0) {
      // until the end
    }
  }

  GroupState state() {
    return fold.state();
  }

  private void closeTailer() {
    if (tailer != null) {
      tailer.close();
      tailer = null;
    }
  }

  @Override
  public void close() {
    closeTailer();
    store.close();
  }
}
