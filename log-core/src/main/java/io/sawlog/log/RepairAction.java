package io.sawlog.log;

import io.sawlog.log.RecoveryPlan.Abort;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * A step of a repair with all it takes to carry it out. May be cut short anywhere: the bytes it
 * replaces are kept and forced before, so the next plan loses no more than this one.
 */
sealed interface RepairAction {
  /** What it does, for people. */
  RepairStep step();

  /** Does it, and makes it durable. */
  void carryOut(PartitionPlace place) throws IOException;

  /**
   * Keeps what is replaced from the position of a step on. The index goes first: it names frames
   * that will not be there, and if the repair is cut short nobody would ever look at it again.
   */
  private static void clear(PartitionPlace place, RepairStep step, int to) throws IOException {
    place.storage().delete(IndexFile.beside(step.file()));
    KeptBytes.keep(place, step, to);
  }

  /** Writes a header into a segment that has lost its own. */
  record MendHeader(RepairStep step, SegmentHeader header) implements RepairAction {
    @Override
    public void carryOut(PartitionPlace place) throws IOException {
      KeptBytes.keep(place, step, SegmentHeader.LENGTH);
      try (StorageFile file = place.storage().open(step.file(), Storage.Access.WRITE)) {
        file.write(header.encode(), 0);
        file.force();
      }
    }
  }

  /** Covers lost records with ABORTED frames, which use up their offsets. */
  record Cover(RepairStep step, int to, int salt, List<Abort> aborts) implements RepairAction {
    @Override
    public void carryOut(PartitionPlace place) throws IOException {
      clear(place, step, to);
      try (StorageFile file = place.storage().open(step.file(), Storage.Access.WRITE)) {
        Recovery.fillHole(file, aborts, salt);
        file.force();
      }
    }
  }

  /**
   * Ends a segment that has lost its end. The frames come first: behind END nobody looks.
   *
   * @param aborts may be empty
   * @param nextBase the base offset of the segment that follows
   */
  record Seal(RepairStep step, int to, int salt, List<Abort> aborts, long nextBase, long time)
      implements RepairAction {
    @Override
    public void carryOut(PartitionPlace place) throws IOException {
      clear(place, step, to);
      int end = (int) step.position() + aborts.size() * FrameFormat.HEADER_LENGTH;
      try (StorageFile file = place.storage().open(step.file(), Storage.Access.WRITE)) {
        Recovery.writeEnd(file, end, nextBase, time, salt);
        if (!aborts.isEmpty()) {
          Recovery.fillHole(file, aborts, salt);
        }
        file.force();
      }
    }
  }

  /** Moves a file out of the log. */
  record SetAside(RepairStep step, Path target) implements RepairAction {
    @Override
    public void carryOut(PartitionPlace place) throws IOException {
      place.storage().rename(step.file(), target);
      place.storage().delete(IndexFile.beside(step.file()));
      place.storage().forceDirectory(place.directory());
    }
  }

  /** Puts a segment in the place of a lost one, in which every record counts as aborted. */
  record StandIn(
      RepairStep step, SegmentHeader header, List<Abort> aborts, long nextBase, long time)
      implements RepairAction {
    @Override
    public void carryOut(PartitionPlace place) throws IOException {
      Path temporary = place.directory().resolve(PreparedSegment.LOG_NAME);
      place.storage().delete(temporary);
      try (StorageFile file = place.storage().create(temporary)) {
        file.allocate(header.capacity());
        file.write(header.encode(), 0);
        if (!aborts.isEmpty()) {
          Recovery.fillHole(file, aborts, header.salt());
        }
        int end = header.capacity() - FrameFormat.HEADER_LENGTH;
        Recovery.writeEnd(file, end, nextBase, time, header.salt());
        file.force();
      }
      place.storage().delete(IndexFile.beside(step.file()));
      place.storage().rename(temporary, step.file());
      place.storage().forceDirectory(place.directory());
    }
  }

  /** Writes anew what the partition must not forget, with both slots and the hints. */
  record Restate(RepairStep step, PartitionState state, Hints hints) implements RepairAction {
    @Override
    public void carryOut(PartitionPlace place) throws IOException {
      if (step.keptIn() != null) {
        KeptBytes.keep(place, step, Integer.MAX_VALUE);
      }
      PartitionMeta.restate(place.storage(), place.directory(), state, hints);
    }
  }

  /** Copies of what a repair overwrites, in files of their own beside the damaged one. */
  final class KeptBytes {
    private static final int COPY_BYTES = 1 << 20;

    private KeptBytes() {}

    /** Where the bytes from a position on are going to be kept. */
    static Path nameFor(Storage storage, Path file, long position) {
      Path wanted = file.resolveSibling(file.getFileName() + ".cut-" + position);
      return SegmentFiles.freeName(storage, wanted);
    }

    /** A step that replaces the bytes from a position on. */
    static RepairStep step(
        Storage storage, Path file, long position, long firstOffset, long nextOffset, String what) {
      Path keptIn = nameFor(storage, file, position);
      return new RepairStep(file, position, firstOffset, nextOffset, what, keptIn);
    }

    /** Copies the bytes that a step replaces, and makes the copy durable with its name. */
    static void keep(PartitionPlace place, RepairStep step, int to) throws IOException {
      Path target = step.keptIn();
      if (target == null) {
        throw new IllegalStateException("nowhere to keep the bytes of " + step.file());
      }
      long at = Math.max(0, step.position());
      long start = at;
      ByteBuffer bytes = ByteBuffer.allocateDirect(COPY_BYTES);
      try (StorageFile source = place.storage().open(step.file(), Storage.Access.READ);
          StorageFile kept = place.storage().create(target)) {
        while (at < to) {
          bytes.clear().limit((int) Math.min(COPY_BYTES, to - at));
          int count = source.read(bytes, at);
          if (count == 0) {
            break;
          }
          kept.write(bytes.flip(), at - start);
          at += count;
        }
        kept.force();
      }
      place.storage().forceDirectory(place.directory());
    }
  }
}
