package io.sawlog.log;

import io.sawlog.log.RecoveryPlan.Abort;
import io.sawlog.log.RecoveryPlan.Place;
import io.sawlog.log.RepairAction.KeptBytes;
import io.sawlog.log.SegmentRemains.Hole;
import io.sawlog.log.file.Storage.FileId;
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
  private final Path metaPath;
  private final @Nullable PartitionState state;
  private final @Nullable Hints hints;
  private final List<RepairAction> actions = new ArrayList<>();
  private final List<String> obstacles = new ArrayList<>();
  private long highestBase;

  RepairPlanner(PartitionPlace place, @Nullable PartitionState state, @Nullable Hints hints) {
    this.place = place;
    this.metaPath = place.directory().resolve(PartitionMeta.FILE_NAME);
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
    highestBase = files.highestBase();
    List<SegmentRemains> remains = new ArrayList<>();
    for (SegmentFiles.Found found : withoutObsolete(files.found())) {
      remains.add(SegmentRemains.read(place, found));
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
    planMeta(metaProblem, remains, last, durable);
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
      if (segment.durablePosition() > 0 && isBefore(end, vouched)) {
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

  private static boolean isBefore(Place one, Place other) {
    return one.segmentBase() < other.segmentBase()
        || (one.segmentBase() == other.segmentBase() && one.position() < other.position());
  }

  private static boolean contains(Place durable, SegmentRemains segment, int position) {
    return isBefore(new Place(segment.baseOffset(), position, 0, 0), durable);
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
      if (contains(durable, segment, hole.from())) {
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
    Path keptIn = KeptBytes.nameFor(place.storage(), file, position);
    return new RepairStep(file, position, first, next, action, keptIn);
  }

  /** The meta file comes last: it tells what all the other steps have made true. */
  private void planMeta(
      @Nullable String problem,
      List<SegmentRemains> remains,
      @Nullable SegmentRemains last,
      Place durable)
      throws IOException {
    SegmentRemains first =
        remains.stream().filter(SegmentRemains::isUsable).findFirst().orElse(null);
    boolean expectsSegment = durable.segmentBase() != LogTail.NO_SEGMENT;
    if (state == null) {
      restate(
          first, last, durable, RepairStep.NONE, problem + ": it is made anew from the segments");
    } else if (expectsSegment && endsEarly(last, durable)) {
      long lostFrom = last == null ? state.logStartOffset() : endOf(last).nextOffset();
      restate(
          first,
          last,
          durable,
          Math.max(lostFrom, state.logStartOffset()),
          "what was durable behind the last record is lost: the log is cut there, and goes on at a"
              + " higher offset when it is opened");
    } else if (first != null && first.baseOffset() > state.logStartOffset()) {
      RepairStep step =
          new RepairStep(
              metaPath,
              RepairStep.NONE,
              state.logStartOffset(),
              first.baseOffset(),
              "the first segments are lost: the log starts at offset " + first.baseOffset(),
              KeptBytes.nameFor(place.storage(), metaPath, 0));
      actions.add(
          new RepairAction.Restate(
              step,
              state.withLogStart(first.baseOffset()),
              hintsFor(state.withLogStart(first.baseOffset()))));
    } else if (problem != null) {
      actions.add(
          new RepairAction.Restate(
              step(metaPath, 0, RepairStep.NONE, RepairStep.NONE, problem + ": it is written anew"),
              state.withStatus(state.status()),
              hintsFor(state)));
    }
  }

  /** The recovery point stays where it was. */
  private Hints hintsFor(PartitionState next) {
    return hints == null
        ? Recovery.hints(next.tail(), next.logStartOffset(), next.generation())
        : hints.withLogStart(Math.max(hints.logStartOffset(), next.logStartOffset()));
  }

  private static boolean endsEarly(@Nullable SegmentRemains last, Place durable) {
    return last == null || contains(durable, last, last.endPosition());
  }

  private void restate(
      @Nullable SegmentRemains first,
      @Nullable SegmentRemains last,
      Place durable,
      long lostFrom,
      String action)
      throws IOException {
    if (last != null && last.contentEnd() > last.endPosition() && !last.isSealed()) {
      keepTail(last);
    }
    long known = highestKnownOffset(last, durable);
    LogTail tail =
        last == null
            ? new LogTail(LogTail.NO_SEGMENT, 0, known, 0, recordCount(), true)
            : endOf(last);
    long start = last == null ? known : Math.max(logStart(), baseOf(first));
    PartitionState restated =
        new PartitionState(
            state == null ? 1 : state.generation() + 1,
            place.topicId(),
            place.number(),
            start,
            PartitionState.Status.OPEN,
            tail,
            PartitionState.UNKNOWN_BOOT,
            new FileId(0, 0),
            known);
    long lostTo = lostFrom == RepairStep.NONE ? RepairStep.NONE : lostEnd(durable, lostFrom);
    Path keptIn =
        place.storage().exists(metaPath) ? KeptBytes.nameFor(place.storage(), metaPath, 0) : null;
    actions.add(
        new RepairAction.Restate(
            new RepairStep(metaPath, RepairStep.NONE, lostFrom, lostTo, action, keptIn),
            restated,
            Recovery.hints(tail, start, restated.generation())));
  }

  /** Recovery writes END over the first bytes of what is behind the last good frame. */
  private void keepTail(SegmentRemains last) {
    RepairStep step =
        step(
            last.path(),
            last.endPosition(),
            RepairStep.NONE,
            RepairStep.NONE,
            "the damaged bytes behind the last record are kept: the log ends there");
    actions.add(
        new RepairAction.Seal(
            step,
            last.contentEnd(),
            last.usableHeader().salt(),
            List.of(),
            last.endOffset(),
            last.lastTime()));
  }

  private static long lostEnd(Place durable, long lostFrom) {
    return durable.offset() > lostFrom ? durable.offset() : RepairStep.NONE;
  }

  private static LogTail endOf(SegmentRemains last) {
    int position = last.endPosition() + (last.isSealed() ? FrameFormat.HEADER_LENGTH : 0);
    long next = last.isSealed() ? last.nextBase() : last.endOffset();
    return new LogTail(
        last.baseOffset(), position, next, last.lastTime(), last.recordsUpToEnd(), last.isSealed());
  }

  private long logStart() {
    if (state != null) {
      return state.logStartOffset();
    }
    return hints == null ? 0 : hints.logStartOffset();
  }

  private static long baseOf(@Nullable SegmentRemains segment) {
    return segment == null ? 0 : segment.baseOffset();
  }

  private long recordCount() {
    return state == null ? 0 : state.tail().recordCount();
  }

  /** No offset from here on was ever given out, as far as anything that is left can tell. */
  private long highestKnownOffset(@Nullable SegmentRemains last, Place durable) {
    long highest = Math.max(Math.max(0, highestBase), Math.max(0, durable.offset()));
    if (last != null) {
      highest = Math.max(highest, endOf(last).nextOffset());
    }
    if (state != null) {
      highest = Math.max(highest, Math.max(state.floor(), state.tail().nextOffset()));
    }
    return hints == null ? highest : Math.max(highest, hints.nextOffset());
  }
}
