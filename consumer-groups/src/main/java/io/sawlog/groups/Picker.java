package io.sawlog.groups;

import io.sawlog.log.LogException;
import java.util.List;

/** Chooses the records of a shared group that a worker is given next; under the group's lock. */
final class Picker {
  private final SharedGroup group;
  private final Answers answers;
  private final Obstacles obstacles;
  private int firstLane;

  Picker(SharedGroup group, Answers answers, Obstacles obstacles) {
    this.group = group;
    this.answers = answers;
    this.obstacles = obstacles;
  }

  /**
   * Picks records that may be leased now.
   *
   * @throws LogException why nothing could be picked, if anything failed
   */
  Picks pick(int limit) {
    group.lanes().forEach(obstacles::noticeLoss);
    Picks picks = new Picks(limit);
    if (pickSuspect(picks)) {
      return picks;
    }
    LogException failure = null;
    List<Lane> lanes = group.lanes();
    for (int i = 0; i < lanes.size() && !picks.isFull(); i++) {
      Lane lane = lanes.get((firstLane + i) % lanes.size());
      try {
        pick(lane, picks);
      } catch (LogException e) {
        failure = e;
      }
    }
    firstLane = (firstLane + 1) % lanes.size();
    if (picks.isEmpty()) {
      if (failure != null) {
        throw failure;
      }
      group.lanes().forEach(obstacles::reportStall);
    }
    return picks;
  }

  /** While everything fails, records that have not failed yet are tried first. */
  private void pick(Lane lane, Picks picks) {
    if (group.breaker().isOpen()) {
      lane.scan(picks, group.queue().maxAttempts(), message -> answers.buryUnread(lane, message));
      lane.pickReady(picks);
    } else {
      lane.pickReady(picks);
      lane.scan(picks, group.queue().maxAttempts(), message -> answers.buryUnread(lane, message));
    }
  }

  /**
   * As long as there are records of which one may have ended a process, one of them is handled at a
   * time, and nothing else, so that the next end of a process shows which it is.
   *
   * @return whether that is so
   */
  private boolean pickSuspect(Picks picks) {
    for (Lane lane : group.lanes()) {
      lane.scanSuspects(group.queue().maxAttempts(), message -> answers.buryUnread(lane, message));
    }
    for (Lane lane : group.lanes()) {
      if (lane.hasSuspectInFlight()) {
        return true;
      }
    }
    for (Lane lane : group.lanes()) {
      Item suspect = lane.firstSuspect();
      if (suspect != null) {
        if (group.inFlight() == 0) {
          picks.addAlone(suspect, lane.read(suspect));
        }
        return true;
      }
    }
    return false;
  }
}
