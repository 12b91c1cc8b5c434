package io.sawlog.tools;

import picocli.CommandLine.Option;

/** How a store is opened, for the rare cases in which the default will not do. */
final class OpenOptions {
  static final String ALLOW_UNSAFE_FILE_SYSTEM = "--allow-unsafe-file-system";

  @Option(
      names = "--after-power-loss",
      order = 81,
      description =
          "Recover as after a power loss although the machine was not booted since: for a restored"
              + " snapshot, or a file system that was mounted again.")
  private boolean afterPowerLoss;

  @Option(
      names = ALLOW_UNSAFE_FILE_SYSTEM,
      order = 82,
      description = "Open a store on a file system that can lose synced records (NFS, btrfs, ZFS).")
  private boolean unsafeFileSystemAllowed;

  boolean afterPowerLoss() {
    return afterPowerLoss;
  }

  boolean unsafeFileSystemAllowed() {
    return unsafeFileSystemAllowed;
  }
}
