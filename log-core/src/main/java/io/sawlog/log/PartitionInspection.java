package io.sawlog.log;

import io.sawlog.log.file.DiskStorage;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What {@code partition.meta} says of a partition, for the tools that look at damaged files. Not
 * part of the API for programs.
 *
 * @param topicId the topic
 * @param partition the partition
 * @param state how the last life ended, or that it goes on
 * @param logStartOffset the lowest offset that may be read
 * @param recoveryPointSegmentBase the segment of the recovery point, -1 if there is none
 * @param recoveryPointPosition everything before this position is durable, in bytes
 * @param recoveryPointOffset the offset that follows there
 * @param tailSegmentBase the last segment when the partition was closed, or this life began; -1 for
 *     none
 * @param tailPosition where the log ended then, in bytes
 * @param tailOffset the offset that followed then
 * @param metaProblems what is wrong with the file although it can be used, half a sentence each
 */
public record PartitionInspection(
    UUID topicId,
    int partition,
    State state,
    long logStartOffset,
    long recoveryPointSegmentBase,
    int recoveryPointPosition,
    long recoveryPointOffset,
    long tailSegmentBase,
    int tailPosition,
    long tailOffset,
    List<String> metaProblems) {

  /** How the last life of a partition ended. */
  public enum State {
    /** Closed: all of it is durable. */
    CLEAN,
    /** Not closed: the writer lives, or died. */
    OPEN,
    /** A flush failed. */
    FAILED
  }

  /** Copies the list. */
  public PartitionInspection {
    metaProblems = List.copyOf(metaProblems);
  }

  /**
   * Reads the file of a partition, of a live store, a dead one or a copy. Changes nothing.
   *
   * @param partitionDirectory the directory of the partition
   * @return what the file says
   * @throws CorruptLogException if it says nothing that could be believed
   * @throws UnsupportedFormatException if a newer version wrote it
   * @throws LogIoException if it cannot be read
   */
  public static PartitionInspection of(Path partitionDirectory) {
    Path path = partitionDirectory.resolve(PartitionMeta.FILE_NAME);
    List<String> problems = new ArrayList<>();
    try (StorageFile file = DiskStorage.open().open(path, Storage.Access.READ)) {
      PartitionState state = PartitionMeta.inspect(file, problems);
      if (state == null) {
        throw new CorruptLogException(path + ": " + String.join(", ", problems));
      }
      RecoveryPlan.Place point = RecoveryAnalysis.knownPoint(state, PartitionMeta.readHints(file));
      LogTail tail = state.tail();
      return new PartitionInspection(
          state.topicId(),
          state.partition(),
          State.valueOf(state.status().name()),
          state.logStartOffset(),
          point.segmentBase(),
          point.position(),
          point.offset(),
          tail.segmentBase(),
          tail.position(),
          tail.nextOffset(),
          problems);
    } catch (IOException e) {
      throw new LogIoException(path + " cannot be read: " + e.getMessage(), e);
    }
  }
}
