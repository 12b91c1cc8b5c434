package io.sawlog.log;

import io.sawlog.log.file.DiskStorage;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.file.StorageLock;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Repairs what was durable in a partition and is damaged: first a plan, which changes nothing, then
 * its execution. For the tools; not part of the API for programs.
 *
 * <p>Every record that can be read stays, under its offset. The offsets of lost records are used up
 * by aborted appends, so that no other record ever gets them. Whatever is replaced is kept in a
 * file beside. A power cut in the middle loses nothing more: the next plan goes on from there.
 */
public final class PartitionRepair {
  private final PartitionPlace place;
  private final List<RepairAction> actions;
  private final List<String> obstacles;

  private PartitionRepair(
      PartitionPlace place, List<RepairAction> actions, List<String> obstacles) {
    this.place = place;
    this.actions = actions;
    this.obstacles = obstacles;
  }

  /**
   * Reads a partition and plans. Of a store that is written meanwhile the plan may be wrong; it is
   * made again before anything is done.
   *
   * @param directory the directory of the partition
   * @param topic the name of the topic, for messages
   * @param topicId the topic that the partition belongs to
   * @param number the partition in it
   * @return the plan
   * @throws UnsupportedFormatException if a newer version wrote the partition
   * @throws LogIoException if a file cannot be read
   */
  public static PartitionRepair plan(Path directory, String topic, UUID topicId, int number) {
    PartitionPlace place =
        new PartitionPlace(DiskStorage.open(), directory, topic, topicId, number);
    try {
      return plan(place);
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  static PartitionRepair plan(PartitionPlace place) throws IOException {
    List<String> problems = new ArrayList<>();
    PartitionState state = null;
    Hints hints = null;
    Path meta = place.directory().resolve(PartitionMeta.FILE_NAME);
    try (StorageFile file = place.storage().open(meta, Storage.Access.READ)) {
      state = PartitionMeta.inspect(file, problems);
      hints = PartitionMeta.readHints(file);
    } catch (NoSuchFileException e) {
      problems.add("it is missing");
    }
    if (state != null && !belongsTo(place, state)) {
      problems.add("it is that of partition " + state.partition() + " of topic " + state.topicId());
      state = null;
      hints = null;
    }
    RepairPlanner planner = new RepairPlanner(place, state, hints);
    planner.plan(problems.isEmpty() ? null : String.join(", ", problems));
    return new PartitionRepair(place, planner.actions(), planner.obstacles());
  }

  private static boolean belongsTo(PartitionPlace place, PartitionState state) {
    return state.topicId().equals(place.topicId()) && state.partition() == place.number();
  }

  /**
   * What would be done, in this order.
   *
   * @return the steps; none if nothing that was durable is damaged
   */
  public List<RepairStep> steps() {
    return actions.stream().map(RepairAction::step).toList();
  }

  /**
   * What cannot be repaired without guessing. Then nothing is done.
   *
   * @return a sentence each
   */
  public List<String> obstacles() {
    return obstacles;
  }

  /**
   * Does what the plan says. Whatever is in the way of that is noticed before anything is changed.
   * Takes the lock of the store meanwhile, if the partition lies in one.
   *
   * @throws CorruptLogException if there are obstacles
   * @throws StoreLockedException if somebody writes the store
   * @throws LogIoException if a file cannot be read or written, or if the partition is not as it
   *     was when the plan was made; what has been done stays, and a new plan goes on from there
   */
  public void execute() {
    if (!obstacles.isEmpty()) {
      throw new CorruptLogException(
          place.name()
              + " cannot be repaired without guessing: restore the store from a backup ("
              + String.join("; ", obstacles)
              + ")");
    }
    underLock(
        place,
        () -> {
          if (!plan(place).steps().equals(steps())) {
            throw new LogIoException(
                place.name() + " has changed since the plan was made: look at a new plan first");
          }
          apply();
        });
  }

  /** The files of the partition are nobody else's meanwhile; who calls this sees to it. */
  void apply() throws IOException {
    if (actions.isEmpty()) {
      return;
    }
    // or a power cut could turn damage into a torn tail
    PartitionMeta.forceHints(place.storage(), place.directory());
    for (RepairAction action : actions) {
      action.carryOut(place);
    }
    IndexRebuild.missing(place, IndexRebuild.intervalBytes(place));
  }

  /** Something that is done to files. */
  interface Work {
    void run() throws IOException;
  }

  /**
   * Does something while nobody else writes the store. A partition that was copied out of its store
   * has no lock, and needs none.
   */
  static void underLock(PartitionPlace place, Work work) {
    Path topic = place.directory().toAbsolutePath().getParent();
    try {
      underLock(place.storage(), topic == null ? null : topic.getParent(), work);
    } catch (IOException e) {
      throw failed(place.directory(), e);
    }
  }

  static void underLock(Storage storage, @Nullable Path store, Work work) throws IOException {
    if (store == null || !storage.exists(store.resolve(Names.LOCK_FILE))) {
      work.run();
      return;
    }
    StorageLock lock = StoreGuard.lock(storage, store);
    try {
      work.run();
    } finally {
      lock.close();
    }
  }

  private static LogIoException failed(Path directory, IOException e) {
    return new LogIoException(directory + " cannot be repaired: " + e.getMessage(), e);
  }
}
