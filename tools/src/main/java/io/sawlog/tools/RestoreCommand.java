package io.sawlog.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Brings a backup back. */
@Command(
    name = "restore",
    header = "Copy a backup to the place of the store, where none may be.",
    description = {
      "",
      "Never overwrites anything: the store of --dir must not exist. The copy is built beside it,"
          + " read again and checked, and gets its name at last; a restore that was killed goes on"
          + " where it was when the command is run again.",
      "The log goes on where the backup ended: offsets that were given out after it are given out"
          + " again.",
      ""
    },
    footer = {"", "  sawlog restore /mnt/backup/orders --dir orders"})
final class RestoreCommand implements Callable<Integer> {
  static final String RESTORING = ".restoring";

  private final GeneralOptions general;

  @Parameters(
      paramLabel = "SOURCE",
      description = "A backup, or a directory of backups, of which the latest is taken.")
  private Path source = Path.of("");

  RestoreCommand(GeneralOptions general) {
    this.general = general;
  }

  // Nothing is asked of the lock but that it is held.
  @SuppressWarnings("try")
  @Override
  public Integer call() throws IOException {
    Path store = general.directory();
    requireNone(store);
    Path backup = backup();
    Path lock = store.resolveSibling(store.getFileName() + RESTORING + BackupCommand.LOCK);
    try (CopyLock ours = CopyLock.acquire(lock, store)) {
      requireNone(store);
      copy(backup, store);
      // Not after a failure: who takes the lock that was deleted finds the store, and ends.
      Files.delete(lock);
    }
    return 0;
  }

  private static void requireNone(Path store) {
    if (Files.exists(store)) {
      throw new CommandException(
          store + " exists, and a restore overwrites nothing: move it away, or give another --dir");
    }
  }

  private void copy(Path backup, Path store) throws IOException {
    Path building = store.resolveSibling(store.getFileName() + RESTORING);
    try (Progress progress = Progress.of("restore", Progress.UNKNOWN)) {
      StoreCopy copy = new StoreCopy(backup, building, null, progress);
      copy.run();
      BackupCommand.requireIntact(building);
      Files.move(building, store, StandardCopyOption.ATOMIC_MOVE);
      Path parent = store.toAbsolutePath().getParent();
      if (parent != null) {
        StoreCopy.force(parent);
      }
      print(store, backup, copy);
    }
  }

  private Path backup() throws IOException {
    if (!Files.isDirectory(source)) {
      throw new CommandException(source + " is not a directory: give that of a backup");
    }
    if (LogPath.isStore(source)) {
      return source;
    }
    List<Path> backups = BackupCommand.finished(source);
    if (backups.isEmpty()) {
      throw new CommandException(
          source + " holds no finished backup: 'sawlog backup' makes one, or goes on with one");
    }
    return backups.get(backups.size() - 1);
  }

  private void print(Path store, Path backup, StoreCopy copy) {
    Output output = general.output();
    if (general.json()) {
      JsonLines.on(output)
          .begin()
          .text("store", store.toString())
          .text("backup", backup.toString())
          .number("partitions", copy.partitions())
          .number("copied_bytes", copy.copiedBytes())
          .end();
    } else {
      output.line(
          store
              + ": "
              + Words.count(copy.partitions(), "partition")
              + ", "
              + ByteSize.inWords(copy.copiedBytes())
              + " restored from "
              + backup
              + "; verified");
    }
    output.flush();
  }
}
