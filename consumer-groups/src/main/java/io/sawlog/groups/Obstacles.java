package io.sawlog.groups;

import io.sawlog.log.CorruptLogException;
import java.util.ArrayList;
import java.util.List;

/**
 * What keeps a shared group from going on in a partition: records that retention has deleted,
 * damaged frames, a record that holds the window; under the group's lock.
 */
final class Obstacles {
  private static final System.Logger LOGGER = System.getLogger("io.sawlog");

  private final SharedGroup group;

  Obstacles(SharedGroup group) {
    this.group = group;
  }

  /**
   * Retention has overtaken the group: says so once, and goes on at the log start with the next
   * call.
   */
  void noticeLoss(Lane lane) {
    OffsetRanges redriven = group.host().state().redriven();
    boolean isRedrive = lane.topic() == Event.DEAD_LETTERS;
    long start = lane.log().logStartOffset();
    long floor = isRedrive ? Math.max(0, redriven.firstPresent(0)) : lane.progress().floor();
    if (start <= floor || (isRedrive && redriven.isEmpty())) {
      return;
    }
    if (!lane.isLossNoticed()) {
      lane.lossNoticed(true);
      throw new RecordsLostException(group.host().name(), lane.name(), floor, start);
    }
    group
        .host()
        .record(
            isRedrive
                ? new PartitionEvent.Finished(Event.DEAD_LETTERS, 0, OffsetRanges.of(floor, start))
                : new PartitionEvent.Committed(lane.topic(), lane.name().partition(), start));
    lane.lossNoticed(false);
    for (Item item : lane.itemsBelow(start)) {
      if (item.delivery != null) {
        item.delivery.lose();
      }
      group.finish(item);
    }
  }

  /** Finishes what cannot be read because it is damaged, in all partitions. */
  List<SkippedRange> skipDamaged() {
    List<SkippedRange> skipped = new ArrayList<>();
    for (Lane lane : group.lanes()) {
      for (Item item : lane.readyItems()) {
        if (isDamaged(lane, item)) {
          skip(lane, item.offset(), item.offset() + 1, skipped);
          group.finish(item);
        }
      }
      long from = lane.nextWanted();
      long to = from < 0 ? from : lane.log().offsetBehindDamage(from);
      if (to > from) {
        skip(lane, from, to, skipped);
      }
    }
    return skipped;
  }

  private static boolean isDamaged(Lane lane, Item item) {
    try {
      lane.read(item);
      return false;
    } catch (CorruptLogException e) {
      return true;
    }
  }

  private void skip(Lane lane, long from, long to, List<SkippedRange> skipped) {
    group
        .host()
        .record(
            new PartitionEvent.Finished(
                lane.topic(), lane.name().partition(), OffsetRanges.of(from, to)));
    SkippedRange range = new SkippedRange(lane.name(), from, to);
    LOGGER.log(
        System.Logger.Level.WARNING,
        "group {0}: passed over damage: {1}",
        group.host().name(),
        range);
    skipped.add(range);
  }

  void reportStall(Lane lane) {
    Item first = lane.item(lane.progress().floor());
    if (lane.hasNewlyStalled() && first != null) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "group {0}: nothing more of {1} is given out until record {2} with key {3} is finished,"
              + " for {4} records above it are under way",
          group.host().name(),
          lane.name(),
          Long.toString(first.offset()),
          lane.read(first).keyAsString(),
          Integer.toString(group.queue().window()));
      GroupEvents.windowFull(
          group.host().name(), lane.name(), first.offset(), group.queue().window());
    }
  }
}
