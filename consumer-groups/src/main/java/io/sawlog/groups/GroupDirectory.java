package io.sawlog.groups;

import io.sawlog.log.LogException;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Sawlog;
import io.sawlog.log.SawlogConfig;
import io.sawlog.log.Tailer;
import io.sawlog.log.TopicNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The directory with the stores of all groups. */
final class GroupDirectory {
  private static final System.Logger LOGGER = System.getLogger("io.sawlog");
  private static final String NAME = "groups";

  /** No group has a dot in its name. */
  private static final String DELETED = ".deleted-";

  private final Path store;
  private final Path directory;
  private final SawlogConfig config;

  /**
   * Names the directory.
   *
   * @param store the store whose topics the groups read
   * @param config how the stores of the groups are opened
   */
  GroupDirectory(Path store, SawlogConfig config) {
    this.store = store;
    this.directory = store.resolve(NAME);
    this.config = config;
  }

  /** The store whose topics the groups read. */
  Path store() {
    return store;
  }

  /** How the stores of the groups are opened. */
  SawlogConfig config() {
    return config;
  }

  /** The names of all groups, sorted. */
  List<String> names() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(directory)) {
      return paths
          .filter(path -> Files.isDirectory(path.resolve(StoredGroup.STATE)))
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Whether the creation of a group came to its end, which its first event says. One whose side log
   * cannot be read is there.
   */
  boolean isMade(String group) {
    try (Sawlog store = Sawlog.openReadOnly(directory.resolve(group), config)) {
      Partition state = store.topic(StoredGroup.STATE).partition(0);
      try (Tailer tailer = state.tailer(Position.earliest())) {
        return tailer.poll(event -> {}, 1) > 0;
      }
    } catch (TopicNotFoundException e) {
      return false;
    } catch (LogException e) {
      return true;
    }
  }

  /** Throws if there is no group of this name. */
  void require(String group) {
    GroupHost.checkName(group);
    if (!Files.isDirectory(directory.resolve(group).resolve(StoredGroup.STATE))) {
      throw new GroupNotFoundException("there is no group '" + group + "', but " + names());
    }
  }

  /** What a deletion that was cut short has left; if it cannot be done now, the next one tries. */
  private void finishDeletions() {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> paths = Files.list(directory)) {
      for (Path path : paths.toList()) {
        if (path.getFileName().toString().startsWith(DELETED)) {
          deleteTree(path);
        }
      }
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.WARNING, "a deleted group still takes space", e);
    }
  }

  /** Opens the files of a group, making them if there are none. */
  StoredGroup open(String group) {
    finishDeletions();
    return StoredGroup.open(group, directory.resolve(group), config);
  }

  /**
   * Looks at a group, whoever hosts it.
   *
   * @throws GroupNotFoundException if there is none
   */
  GroupView look(String group) {
    require(group);
    return GroupView.open(group, directory.resolve(group), config);
  }

  /** Begins to follow what a group has made durable. */
  FollowedGroup follow(String group) {
    return new FollowedGroup(group, directory.resolve(group), config);
  }

  /**
   * Deletes a group that nobody hosts: once it has lost its name, for good, it is gone.
   *
   * @throws GroupHostedException if somebody hosts it
   */
  void delete(String group) {
    require(group);
    Path gone = directory.resolve(DELETED + group);
    StoredGroup held = open(group);
    try {
      deleteTree(gone);
      Files.move(directory.resolve(group), gone, StandardCopyOption.ATOMIC_MOVE);
      forceNames();
    } catch (IOException e) {
      throw new UncheckedIOException("deleting group '" + group + "' failed", e);
    } finally {
      // until here nobody else could open it
      held.close();
    }
    try {
      deleteTree(gone);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "group '" + group + "' is deleted, but some of its files remain in " + gone, e);
    }
  }

  /** An interrupt would close the channel; it waits instead, lest a deletion stay half done. */
  private void forceNames() throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        try (FileChannel forced = FileChannel.open(directory, StandardOpenOption.READ)) {
          forced.force(true);
          return;
        } catch (ClosedByInterruptException e) {
          // once more, without it
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Others may be at the same: what they delete meanwhile is gone as well. */
  private static void deleteTree(Path root) throws IOException {
    while (Files.exists(root)) {
      try (Stream<Path> paths = Files.walk(root)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(path);
        }
      } catch (UncheckedIOException e) {
        if (!(e.getCause() instanceof NoSuchFileException)) {
          throw e.getCause();
        }
      }
    }
  }
}
