package io.sawlog.groups;

import io.sawlog.log.CorruptLogException;
import io.sawlog.log.Message;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Tailer;
import io.sawlog.log.TailerConfig;
import org.jspecify.annotations.Nullable;

/** Reads single records of a partition: the next one, or one that was read before. */
final class LaneReader implements AutoCloseable {
  /** So many records are rather read over than searched for. */
  private static final long NEAR = 256;

  private final Partition log;
  private final TailerConfig config;
  private @Nullable Tailer tailer;
  private @Nullable Message found;

  LaneReader(Partition log, TailerConfig config) {
    this.log = log;
    this.config = config;
  }

  /**
   * The first record at or above an offset.
   *
   * @return null if there is none to be seen
   */
  @Nullable Message next(long offset) {
    Tailer open = at(offset);
    try {
      return next(open, offset);
    } catch (CorruptLogException e) {
      if (open.position() >= offset) {
        throw e;
      }
      // damage before the offset is nobody's business
      open.seek(Position.atOffset(offset));
      return next(open, offset);
    }
  }

  private @Nullable Message next(Tailer open, long offset) {
    found = null;
    while (open.poll(view -> found = view.offset() < offset ? null : view.copy(), 1) > 0) {
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private Tailer at(long offset) {
    Tailer open = tailer;
    if (open == null) {
      open = log.tailer(Position.atOffset(offset), config);
      tailer = open;
    } else if (open.position() != offset && !isJustBefore(offset, open.position())) {
      open.seek(Position.atOffset(offset));
    }
    return open;
  }

  private boolean isJustBefore(long offset, long position) {
    return position < offset && position + NEAR >= offset && position >= log.logStartOffset();
  }

  @Override
  public void close() {
    if (tailer != null) {
      tailer.close();
    }
  }
}
