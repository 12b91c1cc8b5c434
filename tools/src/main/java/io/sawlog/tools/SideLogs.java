package io.sawlog.tools;

import io.sawlog.groups.SideLogReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The readers of the side logs among the segments of a dump, one for each partition, so that a name
 * that one segment tells is known in the next.
 */
final class SideLogs {
  private static final String DEAD_LETTERS = "dead-letters";

  private final Map<Path, SideLogReader> readers = new HashMap<>();

  /** The reader for a segment; null if it belongs to no side log. */
  @Nullable SideLogReader of(Path segment) {
    Path partition = segment.toAbsolutePath().normalize().getParent();
    return partition != null && isSideLog(partition)
        ? readers.computeIfAbsent(partition, unused -> new SideLogReader())
        : null;
  }

  /** By the names around it: nothing in a segment tells which topic it is of. */
  private static boolean isSideLog(Path partition) {
    Path topic = partition.getParent();
    if (topic == null || !topic.endsWith(SideLogReader.TOPIC)) {
      return false;
    }
    Path group = topic.getParent();
    Path groups = group == null ? null : group.getParent();
    return Files.isDirectory(topic.resolveSibling(DEAD_LETTERS))
        || (groups != null && groups.endsWith(LogPath.GROUPS_DIRECTORY));
  }
}
