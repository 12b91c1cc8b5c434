package io.sawlog.tools;

import io.sawlog.groups.GroupDescription;
import io.sawlog.groups.Groups;
import io.sawlog.log.LogException;
import io.sawlog.log.Sawlog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a report shows of a store. Looks at files, so it works on a live store, a damaged one and a
 * copy; what cannot be read becomes a line among the problems.
 *
 * @param directory the store
 * @param writer the process that writes it, in words; null if none does
 * @param partitions of its topics, by name and number
 * @param growth what was appended when, by topic; all in intervals of the same width
 * @param groups its consumer groups, as far as they can be described
 * @param groupCount how many there are
 * @param damage what is not as it was written, a line each
 * @param notes what is worth knowing and a crash explains, a line each
 */
record StoreSurvey(
    Path directory,
    @Nullable String writer,
    List<PartitionSurvey> partitions,
    Map<String, TimeBins> growth,
    List<GroupDescription> groups,
    int groupCount,
    List<String> damage,
    List<String> notes) {
  private static final String DAMAGE = "damage: ";
  private static final String NOTE = "note: ";

  /** Reads a store. */
  static StoreSurvey of(Path directory, OpenOptions options) throws IOException {
    List<String> damage = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    verify(directory, damage, notes);
    List<PartitionSurvey> partitions = new ArrayList<>();
    Map<String, TimeBins> growth = new TreeMap<>();
    try (Progress progress = Progress.of("report", Progress.UNKNOWN)) {
      for (Path topic : LogPath.topics(directory)) {
        TimeBins bins = new TimeBins();
        growth.put(String.valueOf(topic.getFileName()), bins);
        for (Path partition : LogPath.partitions(topic)) {
          partitions.add(PartitionSurvey.of(partition, bins, progress));
        }
      }
    }
    TimeBins.align(growth);
    List<GroupDescription> groups = new ArrayList<>();
    String writer = lookAtGroups(directory, options, groups, damage);
    return new StoreSurvey(
        directory.toAbsolutePath().normalize(),
        writer,
        List.copyOf(partitions),
        growth,
        List.copyOf(groups),
        LogPath.groups(directory).size(),
        List.copyOf(damage),
        List.copyOf(notes));
  }

  private static void verify(Path directory, List<String> damage, List<String> notes)
      throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    Output output = new Output(lines);
    new Verification(new Verdict(output, null, false)).run(LogPath.of(directory));
    output.flush();
    for (String line : lines.toString(StandardCharsets.UTF_8).lines().toList()) {
      if (line.startsWith(DAMAGE)) {
        damage.add(line.substring(DAMAGE.length()));
      } else if (line.startsWith(NOTE)) {
        notes.add(line.substring(NOTE.length()));
      }
    }
  }

  /** Returns who writes the store, and adds its groups. */
  private static @Nullable String lookAtGroups(
      Path directory, OpenOptions options, List<GroupDescription> groups, List<String> damage) {
    try (Sawlog log = Sawlog.openReadOnly(directory, Store.config(options))) {
      Groups all = Groups.of(log, Store.config(options));
      for (String name : all.admin().list()) {
        try {
          groups.add(all.admin().describe(name));
        } catch (LogException e) {
          damage.add("group " + name + " cannot be described: " + e.getMessage());
        }
      }
      return log.writer().orElse(null);
    } catch (LogException e) {
      damage.add("the store cannot be opened to look at its groups: " + e.getMessage());
      return null;
    }
  }

  long records() {
    return partitions.stream().mapToLong(PartitionSurvey::records).sum();
  }

  long usedBytes() {
    return partitions.stream().mapToLong(PartitionSurvey::usedBytes).sum();
  }

  int segmentCount() {
    return partitions.stream().mapToInt(partition -> partition.segments().size()).sum();
  }

  /** How wide the intervals of the growth are, in ms. */
  long intervalMs() {
    return growth.values().stream().mapToLong(TimeBins::widthMs).max().orElse(1);
  }
}
