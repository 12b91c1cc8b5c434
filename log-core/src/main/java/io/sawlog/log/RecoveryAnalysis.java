package io.sawlog.log;

import io.sawlog.log.RecoveryPlan.Abort;
import io.sawlog.log.RecoveryPlan.Place;
import io.sawlog.log.RecoveryPlan.Range;
import io.sawlog.log.RecoveryReport.Cause;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which log a partition holds, without changing anything.
 *
 * <p>Below the recovery point nothing is read but headers: that part is durable, and what is wrong
 * there is damage. From it on the {@link RecoveryScan} follows the frames. If the process died and
 * the page cache did not, every published frame counts; otherwise the log ends at the first frame
 * that is not valid.
 */
final class RecoveryAnalysis {
  private final PartitionPlace place;
  private final PartitionState state;
  private final @Nullable Hints hints;
  private final boolean sameBoot;
  private final SegmentFiles files;
  private final List<SegmentFiles.Found> obsolete = new ArrayList<>();
  private final List<SegmentFiles.Found> live = new ArrayList<>();
  private final List<String> details = new ArrayList<>();

  private RecoveryAnalysis(
      PartitionPlace place,
      PartitionState state,
      @Nullable Hints hints,
      boolean sameBoot,
      SegmentFiles files) {
    this.place = place;
    this.state = state;
    this.hints = hints;
    this.sameBoot = sameBoot;
    this.files = files;
  }

  /**
   * Analyses a partition that nobody writes.
   *
   * @param meta its meta file
   * @param afterPowerLoss do not trust the page cache, whatever the boot id says
   * @throws CorruptLogException if something below the recovery point is damaged
   */
  static RecoveryPlan analyse(PartitionPlace place, PartitionMeta meta, boolean afterPowerLoss)
      throws IOException {
    PartitionState state = meta.state();
    RecoveryAnalysis analysis =
        new RecoveryAnalysis(
            place,
            state,
            meta.readHints(),
            !afterPowerLoss && isSameBoot(place, state),
            SegmentFiles.list(place));
    analysis.sortOutObsolete();
    return analysis.plan(afterPowerLoss);
  }

  private static boolean isSameBoot(PartitionPlace place, PartitionState state) throws IOException {
    return !state.bootId().equals(PartitionState.UNKNOWN_BOOT)
        && state.bootId().equals(BootIds.parse(place.storage().bootId()))
        && state
            .file()
            .equals(place.storage().identity(place.directory().resolve(PartitionMeta.FILE_NAME)));
  }

  private void sortOutObsolete() {
    for (int i = 0; i < files.found().size(); i++) {
      boolean last = i + 1 == files.found().size();
      boolean below = !last && files.found().get(i + 1).baseOffset() <= state.logStartOffset();
      (below ? obsolete : live).add(files.found().get(i));
    }
  }

  private RecoveryPlan plan(boolean afterPowerLoss) throws IOException {
    boolean clean = state.status() == PartitionState.Status.CLEAN;
    if (clean && isAsClosed()) {
      checkHeaders(live.size());
      return cleanPlan();
    }
    if (clean) {
      details.add("the partition was closed cleanly, but its files are not as they were then");
    }
    Place start = recoveryPoint();
    int first = indexOf(start.segmentBase());
    checkHeaders(first + 1);
    RecoveryScan scan = new RecoveryScan(place, live, first, start, state.tail());
    Cause cause;
    if (isFailed()) {
      cause = Cause.FAILED_FLUSH;
      scan.untilFirstInvalid();
    } else if (clean) {
      cause = Cause.CONTRADICTION;
      scan.untilFirstInvalid();
    } else if (sameBoot && scan.overHoles()) {
      cause = Cause.PROCESS_ENDED;
    } else {
      cause = sameBoot ? Cause.CONTRADICTION : Cause.POWER_LOSS;
      scan.untilFirstInvalid();
    }
    details.addAll(scan.details());
    return cause == Cause.PROCESS_ENDED
        ? continuedPlan(start, scan)
        : cutPlan(start, scan, cause, afterPowerLoss);
  }

  /** The state that says so may be lost with the flush that failed; then a hint or a mark tells. */
  private boolean isFailed() {
    return state.status() == PartitionState.Status.FAILED
        || (sameBoot
            && state.status() == PartitionState.Status.OPEN
            && ((hints != null && hints.life() == Hints.Life.FAILED) || FailureMark.isSet(place)));
  }

  /** Whether the last segment ends where it was closed, and nothing came after it. */
  private boolean isAsClosed() throws IOException {
    LogTail tail = state.tail();
    if (!tail.hasSegment()) {
      return live.isEmpty();
    }
    SegmentFiles.Found last = live.isEmpty() ? null : live.get(live.size() - 1);
    if (last == null || last.baseOffset() < tail.segmentBase()) {
      throw new CorruptLogException(
          place.name()
              + ": segment file "
              + place.directory().resolve(SegmentHeader.fileName(tail.segmentBase()))
              + " with offsets up to "
              + tail.nextOffset()
              + " is missing: "
              + CorruptLogException.WAY_OUT);
    }
    if (last.baseOffset() != tail.segmentBase()) {
      return false;
    }
    return tail.sealed() || lengthAt(last.path(), tail.position()) == 0;
  }

  private int lengthAt(Path path, int position) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES);
    try (StorageFile file = place.storage().open(path, Storage.Access.READ)) {
      file.read(bytes, position);
    }
    return bytes.getInt(0);
  }

  private void checkHeaders(int count) {
    for (SegmentFiles.Found found : live.subList(0, count)) {
      if (found.header() == null) {
        throw new CorruptLogException(
            place.name()
                + ": segment file "
                + found.path()
                + " "
                + found.problem()
                + ", and the offsets from "
                + found.baseOffset()
                + " on were durable: "
                + CorruptLogException.WAY_OUT);
      }
    }
    if (!live.isEmpty() && live.get(0).baseOffset() > state.logStartOffset()) {
      throw new CorruptLogException(
          place.name()
              + ": no segment file holds the log start offset "
              + state.logStartOffset()
              + ", the first one begins at "
              + live.get(0).baseOffset()
              + ": "
              + CorruptLogException.WAY_OUT);
    }
  }

  /**
   * The highest place that is known to be durable: where this life began, or what the hints say.
   * One of them may tell of segments that retention has deleted since.
   */
  private Place recoveryPoint() {
    Place best = knownPoint(state, hints);
    boolean deleted =
        forgetWhatWasDeleted(best)
            || (!live.isEmpty() && best.segmentBase() < live.get(0).baseOffset());
    return best.segmentBase() == LogTail.NO_SEGMENT || deleted ? firstPlace() : best;
  }

  /**
   * The segment of the recovery point may have been deleted, while the one behind it, of which
   * nothing was durable, is lost. Older ones that came back are to be deleted again.
   */
  private boolean forgetWhatWasDeleted(Place best) {
    boolean present = live.stream().anyMatch(found -> found.baseOffset() == best.segmentBase());
    if (present || best.offset() > state.logStartOffset()) {
      return false;
    }
    for (SegmentFiles.Found found : List.copyOf(live)) {
      if (found.baseOffset() < best.segmentBase()) {
        obsolete.add(found);
        live.remove(found);
      }
    }
    return true;
  }

  /**
   * Nothing is known of the segments that are there: read them all, if there is one to begin with.
   */
  private Place firstPlace() {
    boolean readable = !live.isEmpty() && live.get(0).header() != null;
    return readable
        ? new Place(live.get(0).baseOffset(), SegmentHeader.LENGTH, live.get(0).baseOffset(), 0)
        : new Place(LogTail.NO_SEGMENT, 0, state.tail().nextOffset(), state.tail().lastTime());
  }

  /** The highest place that state and hints know to be durable. */
  static Place knownPoint(PartitionState state, @Nullable Hints hints) {
    LogTail tail = state.tail();
    boolean hintIsHigher =
        hints != null
            && hints.segmentBase() >= tail.segmentBase()
            && hints.nextOffset() >= tail.nextOffset();
    if (hints != null && hintIsHigher) {
      return new Place(hints.segmentBase(), hints.position(), hints.nextOffset(), hints.lastTime());
    }
    int position =
        tail.sealed() ? Math.max(0, tail.position() - FrameFormat.HEADER_LENGTH) : tail.position();
    return new Place(tail.segmentBase(), position, tail.nextOffset(), tail.lastTime());
  }

  private int indexOf(long segmentBase) {
    if (segmentBase == LogTail.NO_SEGMENT) {
      return -1;
    }
    for (int i = 0; i < live.size(); i++) {
      if (live.get(i).baseOffset() == segmentBase) {
        return i;
      }
    }
    throw new CorruptLogException(
        place.name()
            + ": segment file "
            + place.directory().resolve(SegmentHeader.fileName(segmentBase))
            + " was durable and is missing: "
            + CorruptLogException.WAY_OUT);
  }

  private RecoveryPlan cleanPlan() {
    LogTail tail = state.tail();
    return new RecoveryPlan(
        tail,
        tail.nextOffset(),
        segments(live.size()),
        obsolete,
        List.of(),
        List.of(),
        new Range(0, 0),
        new Place(tail.segmentBase(), tail.position(), tail.nextOffset(), tail.lastTime()),
        false,
        null);
  }

  private RecoveryPlan continuedPlan(Place start, RecoveryScan scan) {
    LogTail tail = scan.tail();
    return new RecoveryPlan(
        tail,
        scan.endOffset(),
        segments(scan.segmentIndex() + 1),
        obsolete,
        List.of(),
        scan.aborts(),
        scan.garbage(),
        start,
        false,
        report(Cause.PROCESS_ENDED, start, scan, tail, List.of()));
  }

  private RecoveryPlan cutPlan(
      Place start, RecoveryScan scan, Cause cause, boolean afterPowerLoss) {
    long highest =
        Math.max(
            Math.max(state.floor(), state.tail().nextOffset()),
            Math.max(files.highestBase(), scan.endOffset()));
    long nextOffset = highest + FrameFormat.OFFSET_GAP;
    List<SegmentFiles.Found> aside = live.subList(scan.segmentIndex() + 1, live.size());
    LogTail end = scan.tail();
    LogTail tail =
        end.hasSegment()
            ? new LogTail(
                end.segmentBase(),
                scan.endPosition() + FrameFormat.HEADER_LENGTH,
                nextOffset,
                end.lastTime(),
                end.recordCount(),
                true)
            : new LogTail(
                LogTail.NO_SEGMENT, 0, nextOffset, end.lastTime(), end.recordCount(), true);
    if (afterPowerLoss) {
      details.add("recovered as after a power loss because the caller said so");
    }
    return new RecoveryPlan(
        tail,
        scan.endOffset(),
        segments(scan.segmentIndex() + 1),
        obsolete,
        List.copyOf(aside),
        List.of(),
        new Range(0, 0),
        start,
        true,
        report(cause, start, scan, tail, aside));
  }

  private RecoveryReport.PartitionRecovery report(
      Cause cause, Place start, RecoveryScan scan, LogTail tail, List<SegmentFiles.Found> aside) {
    return new RecoveryReport.PartitionRecovery(
        place.topic(),
        place.number(),
        cause,
        start.offset(),
        scan.endOffset(),
        tail.nextOffset(),
        scan.scannedBytes(),
        scan.aborts().stream().mapToLong(Abort::recordCount).sum(),
        aside.stream().map(SegmentFiles.Found::path).toList(),
        details);
  }

  private List<Segment> segments(int count) {
    return live.subList(0, count).stream().map(SegmentFiles.Found::toSegment).toList();
  }
}
