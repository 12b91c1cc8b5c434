package io.sawlog.log;

import io.sawlog.log.file.Storage;
import io.sawlog.log.segment.FrameFormat;
import java.io.IOException;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * What one life of a partition leaves in {@code partition.meta}: that it is OPEN, how far it is
 * durable, how it ended. Idle partitions stay CLEAN: a life begins with its first append.
 *
 * <p>Thread-safe; {@link #begin} and the ends are called by one thread at a time.
 */
final class PartitionLife {
  private final PartitionPlace place;
  private final PartitionMeta meta;
  private final LogTail openingTail;
  private final long generation;
  private Hints hints;

  PartitionLife(PartitionPlace place, PartitionMeta meta, LogTail openingTail) {
    this.place = place;
    this.meta = meta;
    this.openingTail = openingTail;
    this.generation = meta.state().generation() + 1;
    this.hints =
        new Hints(
            openingTail.segmentBase(),
            openingTail.sealed()
                ? Math.max(0, openingTail.position() - FrameFormat.HEADER_LENGTH)
                : openingTail.position(),
            openingTail.nextOffset(),
            openingTail.lastTime(),
            meta.state().logStartOffset(),
            generation,
            Hints.Life.LIVE);
  }

  /** Makes durable, before the first append, that the partition is OPEN, and where it began. */
  void begin() throws IOException {
    if (meta.state().status() == PartitionState.Status.CLEAN) {
      UUID boot = BootIds.parse(place.storage().bootId());
      Storage.FileId identity =
          place.storage().identity(place.directory().resolve(PartitionMeta.FILE_NAME));
      meta.change(
          state ->
              state.status() == PartitionState.Status.CLEAN
                  ? state.open(boot, identity, openingTail.nextOffset())
                  : state);
      hint(present -> present);
    }
  }

  /** Tells other processes, and the next life, how far the log is durable. */
  void recoveryPoint(long segmentBase, int position, long nextOffset, long lastTime) {
    hint(
        present ->
            new Hints(
                segmentBase,
                position,
                nextOffset,
                lastTime,
                present.logStartOffset(),
                generation,
                present.life()));
  }

  /** Moves the log start, durably, and tells other processes. */
  void moveLogStart(long offset) throws IOException {
    meta.change(state -> state.withLogStart(offset));
    hint(present -> present.withLogStart(offset));
  }

  long logStartOffset() {
    return meta.state().logStartOffset();
  }

  /** Tells other processes what became of this writer. */
  void announce(Hints.Life life) {
    hint(present -> present.withLife(life));
  }

  private synchronized void hint(UnaryOperator<Hints> change) {
    hints = change.apply(hints);
    try {
      meta.writeHints(hints);
    } catch (IOException e) {
      // a hint that is missing costs the next opening a longer scan, and nothing else
    }
  }

  /** Says on disk, if that is still possible, that the cache may not be trusted. */
  void fail(LogException failure) {
    FailureMark.set(place, meta, failure);
    announce(Hints.Life.FAILED);
  }

  /** Makes durable that everything up to the tail is. */
  void end(LogTail tail) throws IOException {
    meta.change(
        state -> state.status() == PartitionState.Status.FAILED ? state : state.clean(tail));
  }

  void close() throws IOException {
    meta.close();
  }
}
