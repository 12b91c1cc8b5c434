package io.sawlog.log;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the writer of a partition tells other processes, and its next life, without forcing it: page
 * 3 of {@code partition.meta}. Anything here may be old or torn; the checksum tells the latter.
 *
 * <pre>
 *   0  int64  recovery point: segment base     8  int64  recovery point: next offset
 *  16  int64  recovery point: last time       24  int32  recovery point: position
 *  28  int32  life                            32  int64  log start offset
 *  40  int64  generation                      48  int32  crc32c of bytes 0 to 47
 * </pre>
 *
 * @param segmentBase everything before {@code position} in this segment, and in those before it, is
 *     durable
 * @param position in bytes
 * @param nextOffset the offset that follows the recovery point; the durable offset
 * @param lastTime the append time of the last frame below it, epoch ms
 * @param logStartOffset the lowest offset that may be read
 * @param generation grows with each opening for writing
 * @param life what became of the writer
 */
record Hints(
    long segmentBase,
    int position,
    long nextOffset,
    long lastTime,
    long logStartOffset,
    long generation,
    Life life) {
  static final int LENGTH = 52;

  /** What the writer last said of itself; a dead one says nothing more. */
  enum Life {
    LIVE(0),
    CLOSED(1),
    FAILED(2),
    DELETED(3);

    private final int code;

    Life(int code) {
      this.code = code;
    }

    private static @Nullable Life of(int code) {
      for (Life life : values()) {
        if (life.code == code) {
          return life;
        }
      }
      return null;
    }
  }

  Hints withLife(Life newLife) {
    return new Hints(
        segmentBase, position, nextOffset, lastTime, logStartOffset, generation, newLife);
  }

  Hints withLogStart(long offset) {
    return new Hints(segmentBase, position, nextOffset, lastTime, offset, generation, life);
  }

  ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH).order(LITTLE_ENDIAN);
    bytes.putLong(segmentBase).putLong(nextOffset).putLong(lastTime).putInt(position);
    bytes.putInt(life.code).putLong(logStartOffset).putLong(generation);
    bytes.putInt(PartitionMeta.crc(bytes, bytes.position())).flip();
    return bytes;
  }

  /** Decodes a page, from its index 0; null if it is torn or was never written. */
  static @Nullable Hints decode(ByteBuffer page) {
    if (page.limit() < LENGTH) {
      return null;
    }
    ByteBuffer bytes = page.duplicate().order(LITTLE_ENDIAN).position(0);
    int crcField = LENGTH - Integer.BYTES;
    if (bytes.getInt(crcField) != PartitionMeta.crc(bytes, crcField)) {
      return null;
    }
    long segmentBase = bytes.getLong();
    long nextOffset = bytes.getLong();
    long lastTime = bytes.getLong();
    int position = bytes.getInt();
    Life life = Life.of(bytes.getInt());
    return life == null
        ? null
        : new Hints(
            segmentBase, position, nextOffset, lastTime, bytes.getLong(), bytes.getLong(), life);
  }
}
