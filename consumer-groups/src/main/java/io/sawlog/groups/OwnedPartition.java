package io.sawlog.groups;

import io.sawlog.log.MessageHandler;
import io.sawlog.log.OffsetOutOfRangeException;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Tailer;
import io.sawlog.log.TailerConfig;
import io.sawlog.log.Visibility;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A partition from its assignment to a member to its end: the position, and the tailer behind it. A
 * member that gets the partition again gets a new one of these, so nothing of the old assignment
 * can be committed under the new one.
 *
 * <p>Used by the member's thread; {@link #isOwned} and {@link #progress} under the group's lock.
 */
final class OwnedPartition implements AutoCloseable {
  private static final System.Logger LOGGER = System.getLogger("io.sawlog");

  private final String group;
  private final TopicPartition name;
  private final UUID topicId;
  private final int topicNumber;
  private final Partition partition;
  private final Progress progress;
  private final TailerConfig config;

  /** Where to begin; only until there is a tailer. */
  private long start;

  /** Records above the start that need not be shown, because they are dead letters. */
  private final OffsetRanges skipped;

  private @Nullable Tailer tailer;
  private @Nullable MessageHandler target;
  private final MessageHandler filter;
  private boolean paused;
  private boolean sought;
  private boolean owned = true;

  OwnedPartition(
      String group,
      TopicPartition name,
      UUID topicId,
      int topicNumber,
      Partition partition,
      Progress progress,
      Visibility visibility) {
    this.group = group;
    this.name = name;
    this.topicId = topicId;
    this.topicNumber = topicNumber;
    this.partition = partition;
    this.progress = progress;
    this.config = TailerConfig.defaults().visibility(visibility);
    this.start = progress.floor();
    this.skipped = OffsetRanges.copyOf(progress.done());
    this.filter =
        message -> {
          MessageHandler handler = target;
          if (handler != null && !this.skipped.contains(message.offset())) {
            handler.onMessage(message);
          }
        };
  }

  TopicPartition name() {
    return name;
  }

  UUID topicId() {
    return topicId;
  }

  int topicNumber() {
    return topicNumber;
  }

  Partition partition() {
    return partition;
  }

  Progress progress() {
    return progress;
  }

  boolean isOwned() {
    return owned;
  }

  void end() {
    owned = false;
  }

  boolean isPaused() {
    return paused;
  }

  void pause(boolean nowPaused) {
    paused = nowPaused;
  }

  /** Whether the member has moved, so that its next commit may go backwards. */
  boolean wasSought() {
    return sought;
  }

  /** Shows a record no more. */
  void skip(long offset) {
    skipped.add(offset, offset + 1);
  }

  void committed() {
    sought = false;
  }

  /** The offset of the next record to show. */
  long position() {
    return tailer == null ? start : tailer.position();
  }

  /**
   * Shows records.
   *
   * @return how many
   * @throws RecordsLostException if retention has overtaken the position, which stays until {@link
   *     #goOnBehind}
   */
  int poll(MessageHandler handler, int limit) {
    try {
      Tailer reading = tailer();
      if (skipped.isEmpty()) {
        return reading.poll(handler, limit);
      }
      target = handler;
      return reading.poll(filter, limit);
    } catch (OffsetOutOfRangeException e) {
      long logStart = partition.logStartOffset();
      if (position() >= logStart) {
        throw e;
      }
      throw new RecordsLostException(group, name, position(), logStart);
    }
  }

  /** Goes on behind records that are lost, now that the member knows. */
  void goOnBehind(RecordsLostException loss) {
    start = loss.to();
    if (tailer != null) {
      tailer.seek(Position.atOffset(loss.to()));
    }
  }

  void seek(Position target) {
    moveTo(target);
    sought = true;
  }

  private void moveTo(Position target) {
    if (tailer == null) {
      tailer = partition.tailer(target, config);
    } else {
      tailer.seek(target);
    }
  }

  /** Moves past damage, if there is any where the member stands; null if there is none. */
  @Nullable SkippedRange skipDamaged() {
    long from = position();
    if (from < partition.logStartOffset()) {
      return null;
    }
    long to = partition.offsetBehindDamage(from);
    if (to == from) {
      return null;
    }
    moveTo(Position.atOffset(to));
    SkippedRange range = new SkippedRange(name, from, to);
    LOGGER.log(System.Logger.Level.WARNING, "group {0}: passed over damage: {1}", group, range);
    return range;
  }

  /** Where the member is in the partition, opened when it is needed. */
  private Tailer tailer() {
    Tailer open = tailer;
    if (open == null) {
      open = partition.tailer(Position.atOffset(start), config);
      tailer = open;
    }
    return open;
  }

  @Override
  public void close() {
    if (tailer != null) {
      tailer.close();
    }
  }
}
