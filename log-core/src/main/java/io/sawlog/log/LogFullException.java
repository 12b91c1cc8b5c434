package io.sawlog.log;

import io.sawlog.log.file.NoSpaceException;
import java.nio.file.Path;

/**
 * The disk is full, or the user's quota on it is, or the partition holds as much as its consumer
 * groups may leave unconsumed. The record was not appended; reading and retention go on, and
 * appends resume by themselves when there is room.
 */
public final class LogFullException extends LogException {
  private static final long serialVersionUID = 1L;

  LogFullException(String what, Path directory, NoSpaceException cause) {
    super(
        what
            + ": the disk is full, there is no room in "
            + directory
            + " ("
            + cause.getMessage()
            + "): free space there, or delete old records (retention, deleteBefore, 'sawlog topic"
            + " trim'), then try again",
        cause);
  }

  LogFullException(String partition, Retention.Unconsumed.KeptWhole cap, long wantedBytes) {
    super(
        partition
            + ": one more segment would make it "
            + wantedBytes
            + " bytes large, above the "
            + cap.capBytes()
            + " that its retention allows, and its oldest segment is not consumed: let the consumer"
            + " group that lags go on, reset or delete it, or alter the retention of the topic");
  }

  /**
   * Whether there is room on the disk, but the partition is at the cap of {@link
   * Retention#keepAllUnconsumed}: then it takes records again when its consumer groups have gone
   * on.
   *
   * @return false if the disk is full
   */
  public boolean isHeldByGroups() {
    return !(getCause() instanceof NoSpaceException);
  }
}
