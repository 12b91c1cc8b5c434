package io.sawlog.tools;

import io.sawlog.log.RecoveryReport;
import io.sawlog.log.RecoveryReport.Cause;
import io.sawlog.log.RecoveryReport.PartitionRecovery;
import io.sawlog.log.Sawlog;
import io.sawlog.log.SawlogConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Opens the store of a command, and says on stderr what had to be mended. The commands that do not
 * touch a store never load this class, and with it the engine.
 */
final class Store {
  private Store() {}

  /** Opens the store as its one writer, creating it if it does not exist. */
  static Sawlog openForWriting(Path directory, OpenOptions options) {
    return openForWriting(directory, config(options));
  }

  /** Opens the store as its one writer, creating it if it does not exist. */
  static Sawlog openForWriting(Path directory, SawlogConfig config) {
    Sawlog log = Sawlog.open(directory, config);
    report(log.recoveryReport());
    return log;
  }

  /** Opens an existing store as one of any number of readers. */
  static Sawlog openForReading(Path directory, OpenOptions options) {
    requireStore(directory);
    return Sawlog.openReadOnly(directory, config(options));
  }

  /** Opens an existing store as its one writer. */
  static Sawlog openExisting(Path directory, OpenOptions options) {
    requireStore(directory);
    return openForWriting(directory, options);
  }

  private static void requireStore(Path directory) {
    boolean exists;
    try {
      exists = LogPath.isStore(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!exists && Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new CommandException(
          directory + " is not a directory: --dir names the directory of a store");
    }
    if (!exists) {
      throw new CommandException(
          "there is no store at "
              + directory
              + ": 'sawlog produce' and 'sawlog topic create' make one, --dir names another");
    }
  }

  static SawlogConfig config(OpenOptions options) {
    SawlogConfig config = SawlogConfig.defaults();
    if (options.afterPowerLoss()) {
      config = config.withAfterPowerLoss();
    }
    return options.unsafeFileSystemAllowed() ? config.withUnsafeFileSystemAllowed() : config;
  }

  /** A writer that was killed and lost nothing is not worth a line. */
  private static void report(RecoveryReport report) {
    for (PartitionRecovery found : report.partitions()) {
      if (found.cause() != Cause.PROCESS_ENDED
          || found.abortedRecords() > 0
          || !found.setAside().isEmpty()) {
        System.err.println(
            "sawlog: recovered "
                + found.topic()
                + "-"
                + found.partition()
                + " up to offset "
                + found.endOffset()
                + inWords(found.cause())
                + (found.details().isEmpty() ? "" : ": " + String.join(" ", found.details())));
      }
    }
  }

  private static String inWords(RecoveryReport.Cause cause) {
    return switch (cause) {
      case PROCESS_ENDED -> " after its writer had ended without closing it";
      case POWER_LOSS -> " as after a loss of power";
      case FAILED_FLUSH -> " after a failed flush";
      case CONTRADICTION -> " although its files are not as they were written";
    };
  }
}
