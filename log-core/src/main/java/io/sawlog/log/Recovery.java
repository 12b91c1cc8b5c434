package io.sawlog.log;

import io.sawlog.log.RecoveryPlan.Abort;
import io.sawlog.log.file.NoSpaceException;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.FrameBuilder;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * Makes the files of a partition say what its {@link RecoveryPlan} says. May be cut short anywhere:
 * the next analysis comes to the same log. Needs no free space.
 *
 * <p>Nothing is served before the bytes of the log above the recovery point were written again and
 * forced: after a failed flush the page cache can show bytes that the disk never got, and calls
 * them clean, so that a plain force would not write them.
 */
final class Recovery {
  private static final int COPY_BYTES = 1 << 20;

  private final PartitionPlace place;
  private final PartitionMeta meta;
  private final RecoveryPlan plan;

  Recovery(PartitionPlace place, PartitionMeta meta, RecoveryPlan plan) {
    this.place = place;
    this.meta = meta;
    this.plan = plan;
  }

  /** Does what the plan says, and marks the partition CLEAN at last. */
  void apply() throws IOException {
    try {
      carryOut();
    } catch (NoSpaceException | FileSystemException e) {
      // nothing was flushed: the next opening finds what this one has found
      throw e;
    } catch (IOException e) {
      // a flush may have, and the page cache may lose what the disk never got
      if (!plan.isClean()) {
        FailureMark.set(place, meta, e);
      }
      throw e;
    }
  }

  private void carryOut() throws IOException {
    PreparedSegment.deleteLeftovers(place);
    confirmState();
    for (SegmentFiles.Found found : plan.obsolete()) {
      place.storage().delete(IndexFile.beside(found.path()));
      place.storage().delete(found.path());
    }
    if (!plan.isClean()) {
      mendLog();
      markClean();
    }
    FailureMark.remove(place);
  }

  private void mendLog() throws IOException {
    for (Segment segment : plan.segments()) {
      if (segment.baseOffset() >= plan.rewriteFrom().segmentBase()) {
        mend(segment);
      }
    }
    setAside();
    place.storage().forceDirectory(place.directory());
    if (plan.cut() && plan.tail().hasSegment()) {
      writeEnd(plan.segments().get(plan.segments().size() - 1));
    }
  }

  /**
   * The state may have come from the page cache, if the life before was killed between writing and
   * forcing it, or if forcing it failed. Hints follow only after that, so they tell; and what they
   * say of a failure or a deletion is over now. Once a log is cut it stays cut: with its rest set
   * aside it may look whole, and the offsets in there would be given out again.
   */
  private void confirmState() throws IOException {
    PartitionState state = meta.state();
    long generation = state.generation();
    Hints present = meta.readHints();
    // the life after this state has the next generation, if it did nothing
    boolean confirmed =
        present != null
            && (present.generation() == generation || present.generation() == generation + 1)
            && present.equals(hints(plan.tail(), state.logStartOffset(), present.generation()));
    if (!plan.isClean()) {
      meta.confirm();
      if (plan.cut()) {
        meta.change(PartitionState::untrusted);
      }
    } else if (!confirmed || meta.isSlotDamaged()) {
      meta.confirm();
      if (meta.isSlotDamaged()) {
        // on the disk there may be a whole state, of a change that has failed
        meta.change(whole -> whole.withStatus(whole.status()));
      }
      meta.writeHints(hints(plan.tail(), state.logStartOffset(), meta.state().generation()));
    }
  }

  static Hints hints(LogTail tail, long logStart, long generation) {
    int position = tail.sealed() ? tail.position() - FrameFormat.HEADER_LENGTH : tail.position();
    return new Hints(
        tail.segmentBase(),
        Math.max(position, 0),
        tail.nextOffset(),
        tail.lastTime(),
        logStart,
        generation,
        Hints.Life.CLOSED);
  }

  private void mend(Segment segment) throws IOException {
    boolean last = segment.baseOffset() == plan.tail().segmentBase();
    boolean first = segment.baseOffset() == plan.rewriteFrom().segmentBase();
    try (StorageFile file = place.storage().open(segment.path(), Storage.Access.WRITE)) {
      List<Abort> aborts =
          plan.aborts().stream()
              .filter(abort -> abort.segmentBase() == segment.baseOffset())
              .toList();
      for (int i = 0; i < aborts.size(); ) {
        int behind = i + 1;
        while (behind < aborts.size() && adjoin(aborts.get(behind - 1), aborts.get(behind))) {
          behind++;
        }
        fillHole(file, aborts.subList(i, behind), segment.header().salt());
        i = behind;
      }
      if (last && !plan.garbage().isEmpty()) {
        zero(file, plan.garbage());
      }
      int from = first ? plan.rewriteFrom().position() : 0;
      rewrite(file, first && from == SegmentHeader.LENGTH ? 0 : from, endOf(segment, last));
      file.force();
    }
  }

  private int endOf(Segment segment, boolean last) {
    return last ? plan.tail().position() : segment.header().capacity();
  }

  private static boolean adjoin(Abort one, Abort next) {
    return one.position() + one.length() == next.position();
  }

  /**
   * Writes the ABORTED frames of one hole so that a kill in between leaves a hole of the same size:
   * one claim covers it all until the frames behind are there.
   */
  static void fillHole(StorageFile file, List<Abort> aborts, int salt) throws IOException {
    Abort first = aborts.get(0);
    Abort last = aborts.get(aborts.size() - 1);
    claim(file, first.position(), last.position() + last.length());
    for (int i = aborts.size() - 1; i >= 0; i--) {
      writeAbort(file, aborts.get(i), salt);
    }
  }

  private static void claim(StorageFile file, int from, int to) throws IOException {
    writeLength(file, from, from - to);
  }

  private static void writeLength(StorageFile file, int position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    file.write(bytes.putInt(0, length), position);
  }

  private static void writeAbort(StorageFile file, Abort abort, int salt) throws IOException {
    FrameBuilder frame = new FrameBuilder();
    frame.completeWithoutRecords(
        FrameFormat.KIND_ABORTED,
        abort.length(),
        abort.baseOffset(),
        abort.appendTime(),
        abort.recordCount(),
        0,
        salt);
    ByteBuffer header = frameHeader(frame);
    // the length comes last, as in every append
    file.write(header.position(FrameFormat.CRC_FIELD), abort.position() + FrameFormat.CRC_FIELD);
    writeLength(file, abort.position(), abort.length());
  }

  private static ByteBuffer frameHeader(FrameBuilder frame) {
    ByteBuffer bytes = ByteBuffer.allocate(FrameFormat.HEADER_LENGTH);
    frame.buffer().getBytes(0, bytes, FrameFormat.HEADER_LENGTH);
    return bytes.flip();
  }

  /** One claim covers it all until the bytes behind are zero, so a kill in between does no harm. */
  private static void zero(StorageFile file, RecoveryPlan.Range range) throws IOException {
    claim(file, range.from(), range.to());
    ByteBuffer zeros = ByteBuffer.allocate(COPY_BYTES);
    for (int at = range.from() + Integer.BYTES; at < range.to(); at += COPY_BYTES) {
      zeros.clear().limit(Math.min(COPY_BYTES, range.to() - at));
      file.write(zeros, at);
    }
    writeLength(file, range.from(), 0);
  }

  /** Holes are left out: nothing was written there, so nothing can be missing on the disk. */
  private static void rewrite(StorageFile file, int from, int to) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(COPY_BYTES);
    long at = from;
    while (at < to) {
      bytes.clear().limit((int) Math.min(COPY_BYTES, to - at));
      int count = file.read(bytes, at);
      if (count == 0) {
        return;
      }
      file.write(bytes.flip(), at);
      at = Math.max(at + count, Math.min(to, file.nextData(at + count)));
    }
  }

  /**
   * From the last one back, each for good before the next: a segment that is still there without
   * the ones before it would look like a log whose beginning was lost.
   */
  private void setAside() throws IOException {
    List<SegmentFiles.Found> aside = plan.setAside();
    for (int i = aside.size() - 1; i >= 0; i--) {
      Path path = aside.get(i).path();
      place.storage().rename(path, SegmentFiles.freeAsideName(place.storage(), path));
      place.storage().forceDirectory(place.directory());
    }
  }

  private void writeEnd(Segment last) throws IOException {
    LogTail tail = plan.tail();
    try (StorageFile file = place.storage().open(last.path(), Storage.Access.WRITE)) {
      writeEnd(
          file,
          tail.position() - FrameFormat.HEADER_LENGTH,
          tail.nextOffset(),
          tail.lastTime(),
          last.header().salt());
      file.force();
    }
  }

  /** Writes the END of a segment, which names the base offset of the next. */
  static void writeEnd(StorageFile file, int position, long nextOffset, long time, int salt)
      throws IOException {
    FrameBuilder frame = new FrameBuilder();
    frame.completeWithoutRecords(
        FrameFormat.KIND_END, FrameFormat.HEADER_LENGTH, nextOffset, time, 0, 0, salt);
    file.write(frameHeader(frame), position);
  }

  private void markClean() throws IOException {
    LogTail tail = plan.tail();
    PartitionState state = meta.state();
    long logStart = tail.hasSegment() ? state.logStartOffset() : tail.nextOffset();
    UUID boot = BootIds.parse(place.storage().bootId());
    Storage.FileId identity =
        place.storage().identity(place.directory().resolve(PartitionMeta.FILE_NAME));
    meta.write(
        new PartitionState(
            state.generation() + 1,
            place.topicId(),
            place.number(),
            logStart,
            PartitionState.Status.CLEAN,
            tail,
            boot,
            identity,
            tail.nextOffset()));
    meta.writeHints(hints(tail, logStart, state.generation() + 1));
  }
}
