package io.sawlog.tools;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Copies the store while it is used. */
@Command(
    name = "backup",
    header = "Copy the store to a new directory in TARGET, also while it is written.",
    description = {
      "",
      "Each backup is a store of its own in a directory named by the time: it can be read, verified"
          + " and restored. It holds everything that was durable when it began. Sealed segments"
          + " that the latest backup in TARGET has already are linked to it, not copied again; so"
          + " it takes little space, and any backup may be deleted without harm to the others.",
      "What was copied is read again and checked. A backup that was killed goes on where it was"
          + " when the command is run again.",
      ""
    },
    footer = {
      "",
      "Keep TARGET on another disk. Do not write to a backup: restore it.",
      "",
      "  sawlog backup /mnt/backup/orders"
    })
final class BackupCommand implements Callable<Integer> {
  private static final String BUILDING = ".building";
  static final String LOCK = ".lock";
  private static final Pattern FINISHED = Pattern.compile("\\d{8}T\\d{6}\\.\\d{3}Z");
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final GeneralOptions general;

  @Parameters(paramLabel = "TARGET", description = "A directory for backups; created if missing.")
  private Path target = Path.of("");

  BackupCommand(GeneralOptions general) {
    this.general = general;
  }

  // Nothing is asked of the lock but that it is held.
  @SuppressWarnings("try")
  @Override
  public Integer call() throws IOException {
    Path store = general.existingStore();
    Files.createDirectories(target);
    if (target.toRealPath().startsWith(store.toRealPath())) {
      throw new UsageException(target + " lies in the store itself: choose a place outside");
    }
    try (CopyLock ours = CopyLock.acquire(target.resolve(LOCK), target)) {
      copy(store);
    }
    return 0;
  }

  private void copy(Path store) throws IOException {
    Path building = target.resolve(BUILDING);
    List<Path> earlier = finished(target);
    Path latest = earlier.isEmpty() ? null : earlier.get(earlier.size() - 1);
    try (Progress progress = Progress.of("backup", Progress.UNKNOWN)) {
      StoreCopy copy = new StoreCopy(store, building, latest, progress);
      copy.run();
      requireIntact(building);
      Path done = target.resolve(NAME.format(Instant.now()));
      Files.move(building, done, StandardCopyOption.ATOMIC_MOVE);
      StoreCopy.force(target);
      print(done, copy);
    }
  }

  /** The backups in a directory, the latest last. */
  static List<Path> finished(Path target) throws IOException {
    List<Path> backups = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(target)) {
      for (Path child : children) {
        if (FINISHED.matcher(String.valueOf(child.getFileName())).matches()) {
          backups.add(child);
        }
      }
    }
    backups.sort(Comparator.comparing(backup -> String.valueOf(backup.getFileName())));
    return backups;
  }

  /** Reads what was copied. */
  static void requireIntact(Path copy) throws IOException {
    Verdict verdict = new Verdict(new Output(OutputStream.nullOutputStream()), null, false);
    new Verification(verdict).run(LogPath.of(copy));
    if (verdict.isDamaged()) {
      throw new CommandException(
          copy + " is not as it was copied: 'sawlog verify " + copy + "' tells where; delete it");
    }
  }

  private void print(Path done, StoreCopy copy) {
    Output output = general.output();
    if (general.json()) {
      JsonLines.on(output)
          .begin()
          .text("backup", done.toString())
          .number("partitions", copy.partitions())
          .number("copied_bytes", copy.copiedBytes())
          .number("linked_bytes", copy.presentBytes())
          .end();
    } else {
      output.line(
          done
              + ": "
              + Words.count(copy.partitions(), "partition")
              + ", "
              + ByteSize.inWords(copy.copiedBytes())
              + " copied, "
              + ByteSize.inWords(copy.presentBytes())
              + " of sealed segments were there already; verified");
    }
    output.flush();
  }
}
