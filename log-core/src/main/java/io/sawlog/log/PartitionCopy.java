package io.sawlog.log;

import io.sawlog.log.RecoveryPlan.Place;
import io.sawlog.log.file.DiskStorage;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.FrameCheck;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import io.sawlog.log.segment.SegmentScanner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Copies a partition, of a store that may be written meanwhile, to a directory of its own, as a
 * partition that was closed. For the tools; not part of the API for programs.
 *
 * <p>The copy is a prefix of the log that holds everything that was durable when the copying began.
 * Each segment gets its name only when it is complete and durable, so a copy that was cut short can
 * be run again: sealed segments that are there are not copied a second time. All bytes go through a
 * buffer of our own: a reflink would share blocks that a live segment is still written to.
 */
public final class PartitionCopy {
  private static final int COPY_BYTES = 1 << 20;
  private static final int SECOND_LOOKS = 200;
  private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final String TEMPORARY_NAME = "copy.tmp";

  private final PartitionPlace source;
  private final PartitionPlace target;
  private long copiedBytes;
  private long presentBytes;

  /**
   * What a copy holds.
   *
   * @param logStartOffset the first offset
   * @param endOffset behind the last one
   * @param copiedBytes bytes that were written
   * @param presentBytes bytes of sealed segments that were there already
   */
  public record Result(long logStartOffset, long endOffset, long copiedBytes, long presentBytes) {}

  private PartitionCopy(PartitionPlace source, PartitionPlace target) {
    this.source = source;
    this.target = target;
  }

  /**
   * Copies.
   *
   * @param from the directory of the partition
   * @param to an existing directory, empty or with what an earlier run has left
   * @param topic the name of the topic, for messages
   * @param topicId the topic that the partition belongs to
   * @param number the partition in it
   * @return what the copy holds
   * @throws CorruptLogException if something that was durable is damaged; the copy is not finished
   * @throws LogIoException if a file cannot be read or written
   */
  public static Result run(Path from, Path to, String topic, UUID topicId, int number) {
    Storage storage = DiskStorage.open();
    PartitionPlace source = new PartitionPlace(storage, from, topic, topicId, number);
    PartitionPlace target = new PartitionPlace(storage, to, topic, topicId, number);
    return run(source, target);
  }

  static Result run(PartitionPlace source, PartitionPlace target) {
    try {
      return new PartitionCopy(source, target).copy();
    } catch (IOException e) {
      throw new LogIoException(
          source.directory() + " cannot be copied to " + target.directory() + ": " + e.getMessage(),
          e);
    }
  }

  private Result copy() throws IOException {
    while (true) {
      Known before = Known.of(source);
      try {
        return copy(before);
      } catch (NoSuchFileException e) {
        // retention has gone on; what it has deleted need not be in the copy
        if (Known.of(source).logStartOffset() == before.logStartOffset()) {
          throw e;
        }
      }
    }
  }

  /** What the meta file says at one instant. */
  private record Known(PartitionState state, @Nullable Hints hints) {
    static Known of(PartitionPlace place) throws IOException {
      try (PartitionMeta meta =
          PartitionMeta.open(place.storage(), place.directory(), Storage.Access.READ)) {
        return new Known(meta.state(), meta.readHints());
      }
    }

    long logStartOffset() {
      return state.logStartOffset();
    }

    Place recoveryPoint() {
      return RecoveryAnalysis.knownPoint(state, hints);
    }
  }

  private Result copy(Known known) throws IOException {
    copiedBytes = 0;
    presentBytes = 0;
    List<SegmentFiles.Found> segments = SegmentFiles.list(source).found();
    while (segments.size() > 1 && segments.get(1).baseOffset() <= known.logStartOffset()) {
      segments = segments.subList(1, segments.size());
    }
    LogTail tail = emptyTail(known);
    List<String> copied = new ArrayList<>();
    for (SegmentFiles.Found found : segments) {
      if (!copied.isEmpty() && (!tail.sealed() || tail.nextOffset() != found.baseOffset())) {
        break;
      }
      tail = copySegment(found, tail.lastTime());
      copied.add(found.path().getFileName().toString());
      if (!tail.sealed()) {
        refuseDamage(found.path(), tail);
      }
    }
    if (tail.nextOffset() < known.recoveryPoint().offset()) {
      throw new CorruptLogException(
          source.name()
              + ": offsets from "
              + tail.nextOffset()
              + " on were durable and cannot be read: "
              + CorruptLogException.WAY_OUT);
    }
    deleteOthers(copied);
    writeMeta(known, tail);
    IndexRebuild.missing(target, IndexRebuild.intervalBytes(source));
    return new Result(known.logStartOffset(), tail.nextOffset(), copiedBytes, presentBytes);
  }

  private static LogTail emptyTail(Known known) {
    LogTail tail = known.state().tail();
    long next = Math.max(tail.nextOffset(), known.logStartOffset());
    return new LogTail(LogTail.NO_SEGMENT, 0, next, tail.lastTime(), tail.recordCount(), true);
  }

  /** What lies below the recovery point by now must be good. */
  private void refuseDamage(Path segment, LogTail tail) throws IOException {
    Place point = Known.of(source).recoveryPoint();
    if (point.isBehind(tail.segmentBase(), tail.position())
        && checkAt(segment, tail) != FrameCheck.VALID) {
      throw new CorruptLogException(
          source.name()
              + ": the frame at position "
              + tail.position()
              + " of "
              + segment
              + " (offset "
              + tail.nextOffset()
              + ") is damaged: "
              + CorruptLogException.WAY_OUT);
    }
  }

  /** An append may have taken longer than this copy was ready to wait. */
  private FrameCheck checkAt(Path segment, LogTail tail) throws IOException {
    SegmentFiles.Found found = SegmentFiles.read(source, tail.segmentBase());
    SegmentHeader header = found.header();
    if (header == null) {
      return FrameCheck.EMPTY;
    }
    try (StorageFile file = source.storage().open(segment, Storage.Access.READ)) {
      SegmentScanner scanner = new SegmentScanner(file, header);
      scanner.moveTo(tail.position());
      return scanner.check(tail.nextOffset());
    }
  }

  /** Copies the good frames of a segment, as far as they follow each other. */
  private LogTail copySegment(SegmentFiles.Found found, long timeBefore) throws IOException {
    SegmentHeader header = found.header();
    if (header == null) {
      throw new CorruptLogException(
          source.name()
              + ": segment file "
              + found.path()
              + " "
              + found.problem()
              + ": "
              + CorruptLogException.WAY_OUT);
    }
    Path copy = target.directory().resolve(found.path().getFileName());
    LogTail present = target.storage().exists(copy) ? tailOf(copy, header, timeBefore, 1) : null;
    if (present != null && present.sealed() && hasHeader(copy, header)) {
      presentBytes += present.position();
      return present;
    }
    LogTail tail = tailOf(found.path(), header, timeBefore, SECOND_LOOKS);
    copyBytes(found.path(), copy, tail.position(), header.capacity());
    return tail;
  }

  private boolean hasHeader(Path copy, SegmentHeader header) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.LENGTH);
    try (StorageFile file = target.storage().open(copy, Storage.Access.READ)) {
      file.read(bytes, 0);
    }
    return bytes.flip().equals(header.encode());
  }

  /** Where the good frames of a segment end; a frame that is being published gets a moment. */
  private LogTail tailOf(Path path, SegmentHeader header, long timeBefore, int looks)
      throws IOException {
    try (StorageFile file = source.storage().open(path, Storage.Access.READ)) {
      SegmentScanner scanner = new SegmentScanner(file, header);
      long offset = header.baseOffset();
      long time = timeBefore;
      while (isValid(scanner, offset, looks)) {
        if (scanner.kind() == FrameFormat.KIND_END) {
          int end = scanner.position() + FrameFormat.HEADER_LENGTH;
          return tail(header, end, offset, scanner.baseOffset(), time, true);
        }
        offset = scanner.nextOffset();
        time = scanner.appendTime();
        scanner.skip();
      }
      return tail(header, scanner.position(), offset, offset, time, false);
    }
  }

  private static LogTail tail(
      SegmentHeader header, int position, long offset, long nextBase, long time, boolean sealed) {
    long records = header.recordsBefore() + offset - header.baseOffset();
    return new LogTail(header.baseOffset(), position, nextBase, time, records, sealed);
  }

  private static boolean isValid(SegmentScanner scanner, long offset, int looks)
      throws IOException {
    for (int i = 0; i < looks; i++) {
      FrameCheck check = scanner.check(offset);
      if (check == FrameCheck.VALID) {
        return true;
      }
      if (check == FrameCheck.EMPTY && i > 0) {
        return false;
      }
      if (i > 0) {
        LockSupport.parkNanos(PAUSE_NS);
      }
      scanner.buffer().clear();
    }
    return false;
  }

  private void copyBytes(Path from, Path to, int length, int capacity) throws IOException {
    Storage storage = target.storage();
    Path temporary = target.directory().resolve(TEMPORARY_NAME);
    storage.delete(temporary);
    ByteBuffer bytes = ByteBuffer.allocateDirect(COPY_BYTES);
    try (StorageFile source = storage.open(from, Storage.Access.READ);
        StorageFile file = storage.create(temporary)) {
      int at = 0;
      while (at < length) {
        bytes.clear().limit(Math.min(COPY_BYTES, length - at));
        int count = source.read(bytes, at);
        if (count == 0) {
          throw new IOException(from + " has become shorter");
        }
        file.write(bytes.flip(), at);
        at += count;
      }
      if (capacity > length) {
        file.write(ByteBuffer.allocate(1), capacity - 1L);
      }
      file.force();
    }
    storage.delete(IndexFile.beside(to));
    storage.rename(temporary, to);
    storage.forceDirectory(target.directory());
    copiedBytes += length;
  }

  /** Segments that retention has taken from the source, or that an earlier run has left. */
  private void deleteOthers(List<String> copied) throws IOException {
    for (SegmentFiles.Found found : SegmentFiles.list(target).found()) {
      if (!copied.contains(found.path().getFileName().toString())) {
        target.storage().delete(IndexFile.beside(found.path()));
        target.storage().delete(found.path());
      }
    }
  }

  private void writeMeta(Known known, LogTail tail) throws IOException {
    PartitionState state =
        new PartitionState(
            known.state().generation() + 1,
            target.topicId(),
            target.number(),
            known.logStartOffset(),
            PartitionState.Status.CLEAN,
            tail,
            PartitionState.UNKNOWN_BOOT,
            new Storage.FileId(0, 0),
            tail.nextOffset());
    Hints hints = Recovery.hints(tail, state.logStartOffset(), state.generation());
    PartitionMeta.restate(target.storage(), target.directory(), state, hints);
  }
}
