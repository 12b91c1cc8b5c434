package io.sawlog.tools;

import io.sawlog.log.LogException;
import io.sawlog.log.PartitionInspection;
import io.sawlog.log.file.DiskStorage;
import io.sawlog.log.file.Storage;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a report shows of a partition: read from its files, whole, damaged or a copy, whoever writes
 * them meanwhile.
 *
 * @param topic the directory of the topic
 * @param number the directory of the partition
 * @param meta what its meta file says; null if that cannot be used
 * @param segments those that could be opened, by base offset
 * @param traces what earlier lives have left, by time
 */
record PartitionSurvey(
    String topic,
    String number,
    @Nullable PartitionInspection meta,
    List<SegmentSurvey> segments,
    List<Trace> traces) {
  /** What recovery and repair call the files that they keep, and the mark of a failed flush. */
  private static final Pattern KEPT = Pattern.compile(".*\\.(aside|cut-)[^/]*|failed");

  /** What tells of a death, a recovery or a repair. */
  enum Kind {
    ABORTED,
    GAP,
    KEPT_FILE
  }

  /**
   * A trace of something that has happened to a partition.
   *
   * @param kind what kind
   * @param time when, epoch ms
   * @param what in words
   */
  record Trace(Kind kind, long time, String what) {}

  /** Reads a partition. */
  static PartitionSurvey of(Path directory, TimeBins growth, Progress progress) throws IOException {
    Storage storage = DiskStorage.open();
    List<SegmentSurvey> segments = new ArrayList<>();
    PartitionInspection meta = meta(directory);
    for (Path path : LogPath.segments(directory)) {
      try (SegmentFile segment = SegmentFile.open(storage, path)) {
        segments.add(SegmentSurvey.of(storage, segment, growth));
        progress.update(0, segments.get(segments.size() - 1).records());
      } catch (IOException e) {
        // Retention has taken it since the directory was read, or the verification tells of it.
        progress.update(0, 0);
      }
    }
    Path topic = directory.toAbsolutePath().getParent();
    return new PartitionSurvey(
        String.valueOf(topic == null ? "" : topic.getFileName()),
        String.valueOf(directory.getFileName()),
        meta,
        List.copyOf(segments),
        traces(directory, segments));
  }

  private static @Nullable PartitionInspection meta(Path directory) {
    try {
      return PartitionInspection.of(directory);
    } catch (LogException e) {
      return null;
    }
  }

  private static List<Trace> traces(Path directory, List<SegmentSurvey> segments)
      throws IOException {
    List<Trace> traces = new ArrayList<>();
    SegmentSurvey before = null;
    for (SegmentSurvey segment : segments) {
      for (SegmentSurvey.Aborted aborted : segment.aborted()) {
        String what =
            Words.count(aborted.records(), "record") + " aborted from offset " + aborted.offset();
        traces.add(new Trace(Kind.ABORTED, aborted.time(), what));
      }
      if (before != null && segment.firstTime() != SegmentSurvey.UNKNOWN) {
        addGap(before, segment, traces);
      }
      before = segment;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (KEPT.matcher(name).matches()) {
          long time = Files.getLastModifiedTime(file).toMillis();
          traces.add(
              new Trace(Kind.KEPT_FILE, time, name + ", " + ByteSize.inWords(Files.size(file))));
        }
      }
    }
    traces.sort(Comparator.comparingLong(Trace::time));
    return List.copyOf(traces);
  }

  /**
   * END names the next segment: if that lies behind the records, the offsets between were used up
   * by a recovery. If it is another one, a file is missing, and that is no trace but damage.
   */
  private static void addGap(SegmentSurvey before, SegmentSurvey next, List<Trace> traces) {
    long last = before.baseOffset() + before.records();
    if (before.damagedPlaces() == 0
        && before.sealed()
        && before.nextOffset() == next.baseOffset()
        && last < next.baseOffset()) {
      String what = "offsets " + last + ".." + (next.baseOffset() - 1) + " were never given out";
      traces.add(new Trace(Kind.GAP, next.firstTime(), what));
    }
  }

  String name() {
    return topic + "-" + number;
  }

  long records() {
    return segments.stream().mapToLong(SegmentSurvey::records).sum();
  }

  long usedBytes() {
    return segments.stream().mapToLong(SegmentSurvey::usedBytes).sum();
  }

  /** The offset behind the last record that could be read. */
  long nextOffset() {
    return segments.isEmpty() ? 0 : segments.get(segments.size() - 1).nextOffset();
  }
}
