package io.sawlog.log;

import org.jspecify.annotations.Nullable;

/**
 * How a store is opened. Immutable; each setter gives a changed copy. Most programs need none of
 * it.
 *
 * @param afterPowerLoss recover as after a power loss even if the machine was not booted since: for
 *     a snapshot that was restored, or a file system that was mounted again
 * @param unsafeFileSystemAllowed open the store although its file system can lose synced records
 * @param retentionFloors what the consumers still need, or null if nobody can tell
 */
public record SawlogConfig(
    boolean afterPowerLoss,
    boolean unsafeFileSystemAllowed,
    @Nullable RetentionFloors retentionFloors) {
  private static final SawlogConfig DEFAULTS = new SawlogConfig(false, false, null);

  /**
   * The defaults.
   *
   * @return no option set
   */
  public static SawlogConfig defaults() {
    return DEFAULTS;
  }

  /**
   * Recovers as after a power loss.
   *
   * @return a changed copy
   */
  public SawlogConfig withAfterPowerLoss() {
    return new SawlogConfig(true, unsafeFileSystemAllowed, retentionFloors);
  }

  /**
   * Opens the store on any file system.
   *
   * @return a changed copy
   */
  public SawlogConfig withUnsafeFileSystemAllowed() {
    return new SawlogConfig(afterPowerLoss, true, retentionFloors);
  }

  /**
   * Says who knows what the consumers still need.
   *
   * @param floors asked now and then by retention
   * @return a changed copy
   */
  public SawlogConfig withRetentionFloors(RetentionFloors floors) {
    return new SawlogConfig(afterPowerLoss, unsafeFileSystemAllowed, floors);
  }
}
