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
 * @param jmx show the figures of the store as MBeans
 */
public record SawlogConfig(
    boolean afterPowerLoss,
    boolean unsafeFileSystemAllowed,
    @Nullable RetentionFloors retentionFloors,
    boolean jmx) {
  private static final SawlogConfig DEFAULTS = new SawlogConfig(false, false, null, false);

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
    return new SawlogConfig(true, unsafeFileSystemAllowed, retentionFloors, jmx);
  }

  /**
   * Opens the store on any file system.
   *
   * @return a changed copy
   */
  public SawlogConfig withUnsafeFileSystemAllowed() {
    return new SawlogConfig(afterPowerLoss, true, retentionFloors, jmx);
  }

  /**
   * Says who knows what the consumers still need.
   *
   * @param floors asked now and then by retention
   * @return a changed copy
   */
  public SawlogConfig withRetentionFloors(RetentionFloors floors) {
    return new SawlogConfig(afterPowerLoss, unsafeFileSystemAllowed, floors, jmx);
  }

  /**
   * Shows the figures of the store on the platform's MBean server until it is closed: one {@link
   * StoreMXBean}, and one {@link PartitionMXBean} for each partition, where this process writes the
   * store; and the consumer groups that it hosts through the store.
   *
   * @return a changed copy
   * @throws IllegalStateException if the JVM lacks the module {@code java.management}
   */
  public SawlogConfig withJmx() {
    if (ModuleLayer.boot().findModule("java.management").isEmpty()) {
      throw new IllegalStateException(
          "withJmx needs the module java.management: add it to the runtime, or leave JMX out");
    }
    return new SawlogConfig(afterPowerLoss, unsafeFileSystemAllowed, retentionFloors, true);
  }
}
