package io.sawlog.log.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The changes of directories that are not durable yet. Each becomes durable by itself: all of a
 * directory when it is forced, any of them when the power goes.
 */
final class Journal {
  /**
   * A change; a rename has both sides, and happens in one step.
   *
   * @param removedFrom the directory that loses a name, or null
   * @param addedTo the directory that gains a name, or null
   * @param node the file or directory that is meant
   */
  record Change(
      Directory removedFrom, String removed, Directory addedTo, String added, Object node) {
    /** Which names of which directories it changes. */
    Set<List<Object>> names() {
      Set<List<Object>> names = new HashSet<>();
      if (removedFrom != null) {
        names.add(List.of(removedFrom, removed));
      }
      if (addedTo != null) {
        names.add(List.of(addedTo, added));
      }
      return names;
    }

    boolean concerns(Directory directory) {
      return removedFrom == directory || addedTo == directory;
    }

    void apply() {
      if (removedFrom != null && removedFrom.stable.get(removed) == node) {
        removedFrom.stable.remove(removed);
      }
      if (addedTo != null) {
        addedTo.stable.put(added, node);
      }
    }
  }

  private final List<Change> pending = new ArrayList<>();

  void add(Change change) {
    pending.add(change);
  }

  void force(Directory directory) {
    for (Iterator<Change> changes = pending.iterator(); changes.hasNext(); ) {
      Change change = changes.next();
      if (change.concerns(directory)) {
        change.apply();
        changes.remove();
      }
    }
  }

  /** Makes some changes durable, in any order but the order of what happened to one name. */
  void settle(SplittableRandom random) {
    double kept = FileImage.keep(random);
    Set<List<Object>> waiting = new HashSet<>();
    for (Iterator<Change> changes = pending.iterator(); changes.hasNext(); ) {
      Change change = changes.next();
      boolean settles = random.nextDouble() < kept;
      if (settles && Collections.disjoint(waiting, change.names())) {
        change.apply();
        changes.remove();
      } else {
        waiting.addAll(change.names());
      }
    }
  }

  void copyTo(Journal target, Map<Object, Object> copies) {
    for (Change change : pending) {
      target.add(
          new Change(
              (Directory) copies.get(change.removedFrom()),
              change.removed(),
              (Directory) copies.get(change.addedTo()),
              change.added(),
              copies.get(change.node())));
    }
  }

  Iterable<Change> pending() {
    return pending;
  }
}
