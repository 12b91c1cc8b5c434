package io.sawlog.log;

import io.sawlog.log.RecoveryPlan.Abort;
import io.sawlog.log.RecoveryPlan.Place;
import io.sawlog.log.RepairAction.KeptBytes;
import io.sawlog.log.SegmentRemains.Hole;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a repair does to a partition, without changing anything. Looks only at the part that
 * was durable: what lies behind is for {@link Recovery}. Every record that can be read stays, under
 * its offset; every offset whose record is lost is used up, so that counts stay exact.
 */
final class RepairPlanner {
  /** Without a state nobody can tell what was durable: then everything that can be read was. */
  private static final Place EVERYWHERE = new Place(Long.MAX_VALUE, 0, RepairStep.NONE, 0);

  private final PartitionPlace place;
  private final @Nullable PartitionState state;
  private final @Nullable Hints hints;
  private final List<RepairAction> actions = new ArrayList<>();
  private final List<String> obstacles = new ArrayList<>();

  RepairPlanner(PartitionPlace place, @Nullable PartitionState state, @Nullable Hints hints) {
    this.place = place;
    this.state = state;
    this.hints = hints;
  }

  /** The changes, in the order in which they have to be made. */
  List<RepairAction> actions() {
    return List.copyOf(actions);
  }

  /** What cannot be repaired without guessing, a sentence each. */
  List<String> obstacles() {
    return List.copyOf(obstacles);
  }

  /**
   * Reads the partition and decides.
   *
   * @param metaProblem why the meta file is written anew, null if it is good
   */
  void plan(@Nullable String metaProblem) throws IOException {
    SegmentFiles files = SegmentFiles.list(place);
    List<SegmentRemains> remains = new ArrayList<>();
    for (SegmentFiles.Found found : withoutObsolete(files.found())) {
      remains.add(SegmentRemains.read(place, found, boundaryIn(found.baseOffset())));
    }
    LostCounts.restore(remains, state);
    remains.replaceAll(this::refuseIncomplete);
    Place durable = durableEnd(remains);
    List<SegmentRemains> lost = new ArrayList<>();
    SegmentRemains last = null;
    for (SegmentRemains segment : remains) {
      boolean wanted = segment.baseOffset() <= durable.segmentBase();
      if (!segment.isUsable()) {
        lost.add(segment);
      } else if (wanted && (last == null || join(last, lost, segment, durable))) {
        if (last == null) {
          lost.forEach(this::setAside);
        }
        lost.clear();
        mend(segment, durable);
        last = segment;
      }
    }
    // it comes last: it tells what all the other steps have made true
    actions.addAll(
        new MetaRepair(place, state, hints, files.highestBase())
            .plan(metaProblem, remains, last, durable));
  }

  private int boundaryIn(long segmentBase) {
    Place known = state == null ? EVERYWHERE : RecoveryAnalysis.knownPoint(state, hints);
    return known.segmentBase() == segmentBase ? known.position() : 0;
  }

  private SegmentRemains refuseIncomplete(SegmentRemains segment) {
    if (!LostCounts.isIncomplete(segment)) {
      return segment;
    }
    obstacles.add(
        segment.path()
            + ": its header is lost, and nothing that is left tells how many records came before"
            + " it; 'sawlog dump --records' shows those that it holds");
    return segment.unusable();
  }

  private List<SegmentFiles.Found> withoutObsolete(List<SegmentFiles.Found> found) {
    int first = 0;
    while (state != null
        && first + 1 < found.size()
        && found.get(first + 1).baseOffset() <= state.logStartOffset()) {
      first++;
    }
    return found.subList(first, found.size());
  }

  /** The highest place that the meta file or any frame vouches for. */
  private Place durableEnd(List<SegmentRemains> remains) {
    if (state == null) {
      return EVERYWHERE;
    }
    Place end = RecoveryAnalysis.knownPoint(state, hints);
    for (SegmentRemains segment : remains) {
      Place vouched =
          new Place(segment.baseOffset(), segment.durablePosition(), RepairStep.NONE, 0);
      if (segment.durablePosition() > 0 && vouched.isBehind(end.segmentBase(), end.position())) {
        end = vouched;
      }
    }
    boolean deleted = !remains.isEmpty() && end.segmentBase() < remains.get(0).baseOffset();
    return deleted || remains.isEmpty() ? behindDeleted(remains, end, state) : end;
  }

  /** The segment of the recovery point is not there: retention has taken it, or it is lost. */
  private static Place behindDeleted(
      List<SegmentRemains> remains, Place end, PartitionState state) {
    if (!remains.isEmpty() && remains.get(0).isUsable()) {
      long first = remains.get(0).baseOffset();
      return new Place(first, SegmentHeader.LENGTH, first, 0);
    }
    return end.offset() <= state.logStartOffset()
        ? new Place(LogTail.NO_SEGMENT, 0, end.offset(), end.lastTime())
        : end;
  }

  private void mend(SegmentRemains segment, Place durable) {
    SegmentHeader header = segment.usableHeader();
    if (!segment.contradiction().isEmpty()) {
      obstacles.add(segment.path() + ": " + segment.contradiction());
      return;
    }
    if (!segment.headerIntact()) {
      String action = "the damaged header is written anew; its frames prove its salt";
      RepairStep step = step(segment.path(), 0, RepairStep.NONE, RepairStep.NONE, action);
      actions.add(new RepairAction.MendHeader(step, header));
    }
    for (Hole hole : segment.holes()) {
      if (durable.isBehind(segment.baseOffset(), hole.from())) {
        cover(segment, hole);
      }
    }
  }

  private void cover(SegmentRemains segment, Hole hole) {
    List<Abort> aborts =
        Abort.covering(
            segment.baseOffset(),
            hole.from(),
            hole.to(),
            hole.firstOffset(),
            hole.nextOffset(),
            hole.time());
    if (aborts.isEmpty()) {
      obstacles.add(
          segment.path()
              + ": the "
              + (hole.to() - hole.from())
              + " damaged bytes at position "
              + hole.from()
              + " cannot have held the "
              + (hole.nextOffset() - hole.firstOffset())
              + " records that are missing there");
      return;
    }
    String action =
        (hole.to() - hole.from())
            + " damaged bytes are covered by an aborted append; the log goes on behind them";
    RepairStep step =
        step(segment.path(), hole.from(), hole.firstOffset(), hole.nextOffset(), action);
    int salt = segment.usableHeader().salt();
    actions.add(new RepairAction.Cover(step, hole.to(), salt, aborts));
  }

  /**
   * Makes a segment follow the one before it, whatever was lost between them.
   *
   * @return false if all of that lies behind the durable end
   */
  private boolean join(
      SegmentRemains before, List<SegmentRemains> lost, SegmentRemains after, Place durable) {
    long records = after.usableHeader().recordsBefore() - before.recordsUpToEnd();
    if (before.nextBase() == after.baseOffset()) {
      if (records != 0) {
        refuse(before, after, records);
      }
      return true;
    }
    if (durable.segmentBase() <= before.baseOffset()) {
      return false;
    }
    long from = before.isSealed() ? before.nextBase() : before.endOffset();
    long frames = records == 0 ? 0 : Abort.framesFor(records);
    int room = before.usableHeader().capacity() - before.endPosition();
    boolean fits = before.isSealed() || (frames + 1) * FrameFormat.HEADER_LENGTH <= room;
    if (records < 0 || from + records > after.baseOffset() || !fits) {
      refuse(before, after, records);
      return true;
    }
    lost.forEach(this::setAside);
    if (before.isSealed()) {
      standIn(before, records, (int) frames, after);
    } else {
      seal(before, records, (int) frames, after);
    }
    return true;
  }

  private void refuse(SegmentRemains before, SegmentRemains after, long records) {
    obstacles.add(
        "between "
            + before.path()
            + " and "
            + after.path().getFileName()
            + " the number of lost records would be "
            + records
            + ", which their offsets and bytes do not allow");
  }

  private void seal(SegmentRemains segment, long records, int frames, SegmentRemains after) {
    int from = segment.endPosition();
    int end = from + frames * FrameFormat.HEADER_LENGTH;
    long next = segment.endOffset() + records;
    List<Abort> aborts =
        frames == 0
            ? List.of()
            : Abort.covering(
                segment.baseOffset(), from, end, segment.endOffset(), next, segment.lastTime());
    String action = "the lost end of the segment is written anew";
    RepairStep step =
        records == 0
            ? step(segment.path(), from, RepairStep.NONE, RepairStep.NONE, action)
            : step(segment.path(), from, segment.endOffset(), next, action);
    int cutTo = Math.max(segment.contentEnd(), end + FrameFormat.HEADER_LENGTH);
    actions.add(
        new RepairAction.Seal(
            step,
            cutTo,
            segment.usableHeader().salt(),
            aborts,
            after.baseOffset(),
            segment.lastTime()));
  }

  private void standIn(SegmentRemains before, long records, int frames, SegmentRemains after) {
    long base = before.nextBase();
    int capacity = SegmentHeader.LENGTH + (frames + 1) * FrameFormat.HEADER_LENGTH;
    SegmentHeader header =
        new SegmentHeader(
            place.topicId(),
            place.number(),
            base,
            before.recordsUpToEnd(),
            capacity,
            ThreadLocalRandom.current().nextInt());
    List<Abort> aborts =
        frames == 0
            ? List.of()
            : Abort.covering(
                base,
                SegmentHeader.LENGTH,
                capacity - FrameFormat.HEADER_LENGTH,
                base,
                base + records,
                before.lastTime());
    Path path = place.directory().resolve(SegmentHeader.fileName(base));
    RepairStep step =
        new RepairStep(
            path,
            RepairStep.NONE,
            base,
            base + records,
            "a segment of aborted appends takes the place of what is missing",
            null);
    actions.add(
        new RepairAction.StandIn(step, header, aborts, after.baseOffset(), before.lastTime()));
  }

  private void setAside(SegmentRemains segment) {
    Path target = SegmentFiles.freeAsideName(place.storage(), segment.path());
    String action = "the file is moved aside: nobody can read its frames without its header";
    RepairStep step =
        new RepairStep(
            segment.path(), RepairStep.NONE, RepairStep.NONE, RepairStep.NONE, action, target);
    actions.add(new RepairAction.SetAside(step, target));
  }

  private RepairStep step(Path file, long position, long first, long next, String action) {
    return KeptBytes.step(place.storage(), file, position, first, next, action);
  }
}
