package io.sawlog.log;

import io.sawlog.log.RecoveryPlan.Place;
import io.sawlog.log.RepairAction.KeptBytes;
import io.sawlog.log.file.Storage.FileId;
import io.sawlog.log.segment.FrameFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a repair writes into {@code partition.meta}: what the segments make true after it,
 * and no offset that was ever given out.
 */
final class MetaRepair {
  private final PartitionPlace place;
  private final Path metaPath;
  private final @Nullable PartitionState state;
  private final @Nullable Hints hints;
  private final long highestBase;
  private final List<RepairAction> actions = new ArrayList<>();

  /**
   * Knows what was stored.
   *
   * @param state what the file says, null if nothing can be read of it
   * @param highestBase the highest base offset in any name of a file
   */
  MetaRepair(
      PartitionPlace place,
      @Nullable PartitionState state,
      @Nullable Hints hints,
      long highestBase) {
    this.place = place;
    this.metaPath = place.directory().resolve(PartitionMeta.FILE_NAME);
    this.state = state;
    this.hints = hints;
    this.highestBase = highestBase;
  }

  /**
   * Decides.
   *
   * @param problem why the file is written anew, null if it is good
   * @param remains the segments
   * @param last the last of them that stays in the log; null if none does
   * @param durable behind what was durable
   */
  List<RepairAction> plan(
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
    return actions;
  }

  /** The recovery point stays where it was. */
  private Hints hintsFor(PartitionState next) {
    return hints == null
        ? Recovery.hints(next.tail(), next.logStartOffset(), next.generation())
        : hints.withLogStart(Math.max(hints.logStartOffset(), next.logStartOffset()));
  }

  private static boolean endsEarly(@Nullable SegmentRemains last, Place durable) {
    return last == null || durable.isBehind(last.baseOffset(), last.endPosition());
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

  private RepairStep step(Path file, long position, long first, long next, String action) {
    return KeptBytes.step(place.storage(), file, position, first, next, action);
  }
}
