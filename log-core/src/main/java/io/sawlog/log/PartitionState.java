package io.sawlog.log;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.sawlog.log.file.Storage.FileId;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a partition must not forget, stored in one of the two slots of {@code partition.meta}.
 *
 * <pre>
 *    0  8 bytes  magic "SAWMETA" 0A       8  int32  version      12  int32  partition
 *   16  int64    generation              24  16 bytes topic id
 *   40  int64    log start offset        48  int32  status       52  int32  tail sealed
 *   56  int64    tail segment base       64  int64  tail next offset
 *   72  int64    tail last time          80  int64  tail record count
 *   88  int32    tail position           92  int32  reserved
 *   96  16 bytes boot id                112  int64  device      120  int64  inode
 *  128  int64    floor                  136  int32  crc32c of bytes 0 to 135
 * </pre>
 *
 * @param generation grows by one with each change; the higher valid slot counts
 * @param topicId the topic
 * @param partition the partition
 * @param logStartOffset the lowest offset that may be read
 * @param status how the last life of the partition ended, or that it goes on
 * @param tail CLEAN: the end of the log. OPEN, FAILED: its durable end when this life began
 * @param bootId the boot during which this was written; zero if unknown
 * @param file which file this was written to
 * @param floor the base of the first append of this life: no lower offset may be given out after it
 */
record PartitionState(
    long generation,
    UUID topicId,
    int partition,
    long logStartOffset,
    Status status,
    LogTail tail,
    UUID bootId,
    FileId file,
    long floor) {
  static final int LENGTH = 140;
  static final int VERSION = 1;
  static final UUID UNKNOWN_BOOT = new UUID(0, 0);

  private static final byte[] MAGIC = {'S', 'A', 'W', 'M', 'E', 'T', 'A', 0x0A};
  private static final int VERSION_FIELD = 8;
  private static final int STATUS_FIELD = 48;

  enum Status {
    CLEAN(0),
    OPEN(1),
    FAILED(2);

    private final int code;

    Status(int code) {
      this.code = code;
    }

    private static @Nullable Status of(int code) {
      for (Status status : values()) {
        if (status.code == code) {
          return status;
        }
      }
      return null;
    }
  }

  /** What the bytes of a slot are. */
  enum Check {
    VALID,
    UNKNOWN_VERSION,
    DAMAGED
  }

  PartitionState withStatus(Status newStatus) {
    return new PartitionState(
        generation + 1, topicId, partition, logStartOffset, newStatus, tail, bootId, file, floor);
  }

  PartitionState clean(LogTail end) {
    return new PartitionState(
        generation + 1, topicId, partition, logStartOffset, Status.CLEAN, end, bootId, file, floor);
  }

  PartitionState open(UUID boot, FileId identity, long firstOffset) {
    return new PartitionState(
        generation + 1,
        topicId,
        partition,
        logStartOffset,
        Status.OPEN,
        tail,
        boot,
        identity,
        firstOffset);
  }

  /** The same life, of which the page cache is no witness. */
  PartitionState untrusted() {
    return status == Status.FAILED || bootId.equals(UNKNOWN_BOOT)
        ? this
        : new PartitionState(
            generation + 1,
            topicId,
            partition,
            logStartOffset,
            Status.OPEN,
            tail,
            UNKNOWN_BOOT,
            file,
            floor);
  }

  PartitionState withLogStart(long offset) {
    return new PartitionState(
        generation + 1, topicId, partition, offset, status, tail, bootId, file, floor);
  }

  ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH).order(LITTLE_ENDIAN);
    bytes.put(MAGIC).putInt(VERSION).putInt(partition).putLong(generation);
    putUuid(bytes, topicId);
    bytes.putLong(logStartOffset).putInt(status.code).putInt(tail.sealed() ? 1 : 0);
    bytes.putLong(tail.segmentBase()).putLong(tail.nextOffset());
    bytes.putLong(tail.lastTime()).putLong(tail.recordCount()).putInt(tail.position()).putInt(0);
    putUuid(bytes, bootId);
    bytes.putLong(file.device()).putLong(file.inode()).putLong(floor);
    bytes.putInt(PartitionMeta.crc(bytes, bytes.position())).flip();
    return bytes;
  }

  static Check check(ByteBuffer slot) {
    ByteBuffer bytes = slot.duplicate().order(LITTLE_ENDIAN);
    if (bytes.remaining() < LENGTH
        || !ByteBuffer.wrap(MAGIC).equals(bytes.slice(bytes.position(), MAGIC.length))) {
      return Check.DAMAGED;
    }
    ByteBuffer fields = bytes.slice().order(LITTLE_ENDIAN);
    int crcField = LENGTH - Integer.BYTES;
    if (fields.getInt(crcField) != PartitionMeta.crc(fields, crcField)) {
      return Check.DAMAGED; // torn bytes are no newer version
    }
    if (fields.getInt(VERSION_FIELD) != VERSION) {
      return Check.UNKNOWN_VERSION;
    }
    return Status.of(fields.getInt(STATUS_FIELD)) == null ? Check.DAMAGED : Check.VALID;
  }

  static PartitionState decode(ByteBuffer slot) {
    ByteBuffer bytes = slot.duplicate().order(LITTLE_ENDIAN);
    bytes.position(bytes.position() + VERSION_FIELD + Integer.BYTES);
    int partition = bytes.getInt();
    long generation = bytes.getLong();
    UUID topicId = getUuid(bytes);
    long logStart = bytes.getLong();
    Status status = Objects.requireNonNull(Status.of(bytes.getInt()), "a slot that was checked");
    boolean sealed = bytes.getInt() != 0;
    long segmentBase = bytes.getLong();
    long nextOffset = bytes.getLong();
    long lastTime = bytes.getLong();
    long recordCount = bytes.getLong();
    int position = bytes.getInt();
    bytes.getInt();
    UUID bootId = getUuid(bytes);
    FileId file = new FileId(bytes.getLong(), bytes.getLong());
    long floor = bytes.getLong();
    LogTail tail = new LogTail(segmentBase, position, nextOffset, lastTime, recordCount, sealed);
    return new PartitionState(
        generation, topicId, partition, logStart, status, tail, bootId, file, floor);
  }

  private static void putUuid(ByteBuffer bytes, UUID id) {
    bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }

  private static UUID getUuid(ByteBuffer bytes) {
    return new UUID(bytes.getLong(), bytes.getLong());
  }
}
