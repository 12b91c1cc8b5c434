package io.sawlog.tools;

import io.sawlog.log.LogException;
import io.sawlog.log.PartitionInspection;
import io.sawlog.log.file.Storage;
import io.sawlog.log.segment.SegmentHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Checks a partition: its meta file, every segment, and that they follow each other. What is wrong
 * below the recovery point is damage; above it a crash explains it, so it is a note.
 */
final class PartitionVerification {
  private final Storage storage;
  private final Path directory;
  private final Verdict verdict;
  private final Progress progress;
  private final List<SegmentVerification> segments = new ArrayList<>();
  private @Nullable PartitionInspection meta;
  private boolean whole;

  PartitionVerification(Storage storage, Path directory, Verdict verdict, Progress progress) {
    this.storage = storage;
    this.directory = directory;
    this.verdict = verdict;
    this.progress = progress;
  }

  /**
   * Checks everything.
   *
   * @param topicId the topic that the partition lies in, null if nobody knows
   */
  void run(@Nullable UUID topicId) throws IOException {
    whole = true;
    // Before the list of segments, so that all it calls durable must be there.
    readMeta();
    if (meta != null && topicId != null && !meta.topicId().equals(topicId)) {
      verdict.damage(
          directory.resolve(LogPath.META_FILE),
          "belongs to topic " + meta.topicId() + ", not to " + topicId);
    }
    read(LogPath.segments(directory));
    judge(DurablePart.of(meta, segments));
  }

  /** Checks one segment alone. */
  void runAlone(Path segment) throws IOException {
    readMeta();
    read(List.of(segment));
    judge(DurablePart.of(meta, segments));
  }

  private void read(List<Path> paths) throws IOException {
    long time = Long.MIN_VALUE;
    long bytes = 0;
    for (Path path : paths) {
      try (SegmentFile segment = SegmentFile.open(storage, path)) {
        verdict.countSegment();
        SegmentVerification verified =
            SegmentVerification.of(storage, segment, time, verdict, progress, bytes);
        segments.add(verified);
        time = verified.lastTime();
        bytes += segment.size();
      } catch (NoSuchFileException e) {
        if (Files.exists(path)) {
          throw e;
        }
        // Retention of a live store has taken it since the directory was read, and all before it.
        segments.clear();
      } catch (IOException e) {
        verdict.damage(path, "cannot be read: " + e.getMessage());
      }
    }
  }

  private void readMeta() {
    Path file = directory.resolve(LogPath.META_FILE);
    if (!Files.exists(file)) {
      if (whole) {
        verdict.damage(file, "is missing");
      }
      return;
    }
    try {
      PartitionInspection found = PartitionInspection.of(directory);
      if (!found.metaProblems().isEmpty()) {
        // The writer of a live store may have been writing just that.
        found = PartitionInspection.of(directory);
      }
      meta = found;
      if (whole) {
        found.metaProblems().forEach(problem -> verdict.damage(file, problem));
      }
    } catch (LogException e) {
      String message = String.valueOf(e.getMessage());
      String prefix = file + ": ";
      verdict.damage(
          file, message.startsWith(prefix) ? message.substring(prefix.length()) : message);
    }
  }

  private void judge(DurablePart durable) {
    SegmentJudgement judgement = new SegmentJudgement(storage, verdict, meta, durable);
    for (int i = 0; i < segments.size(); i++) {
      SegmentVerification segment = segments.get(i);
      boolean last = i + 1 == segments.size();
      if (!last && segments.get(i + 1).baseOffset() <= durable.start()) {
        if (!segment.isIntact()) {
          verdict.note(segment.path(), "is damaged, but lies before the log start: it will go");
        }
        continue;
      }
      judgement.judge(segment);
      if (!last) {
        judgement.judgeSuccession(segment, segments.get(i + 1));
      }
    }
    if (whole && meta != null) {
      judgeEnds(meta);
    }
  }

  /** The first and the last thing that must be there. */
  private void judgeEnds(PartitionInspection known) {
    if (known.state() == PartitionInspection.State.CLEAN) {
      judgeSurplus(known);
    }
    if (!segments.isEmpty()
        && segments.get(0).baseOffset() > known.logStartOffset()
        && segments.get(0).baseOffset() > PartitionInspection.of(directory).logStartOffset()) {
      verdict.damage(
          directory,
          Verdict.NO_POSITION,
          known.logStartOffset(),
          segments.get(0).baseOffset(),
          "no segment holds the first offsets of the log");
    }
    DurablePart.Place durableEnd = DurablePart.endOf(known);
    if (durableEnd.segmentBase() < 0) {
      return;
    }
    for (SegmentVerification segment : segments) {
      if (segment.baseOffset() == durableEnd.segmentBase()) {
        if (segment.isIntact() && segment.end().position() < durableEnd.position()) {
          verdict.damage(
              segment.path(),
              segment.end().position(),
              segment.end().nextOffset(),
              DurablePart.offsetOf(known),
              "the log ends here, but was durable up to position " + durableEnd.position());
        }
        return;
      }
    }
    boolean outlived =
        !segments.isEmpty() && segments.get(0).baseOffset() > durableEnd.segmentBase();
    // The log start moves before anything is unlinked.
    boolean deleted =
        PartitionInspection.of(directory).logStartOffset() >= DurablePart.offsetOf(known);
    if (!outlived && !deleted) {
      verdict.damage(
          directory.resolve(SegmentHeader.fileName(durableEnd.segmentBase())),
          "was durable and is missing");
    }
  }

  /** A closed partition ends where it was closed, unless it was opened again since we looked. */
  private void judgeSurplus(PartitionInspection known) {
    if (segments.isEmpty()) {
      return;
    }
    SegmentVerification last = segments.get(segments.size() - 1);
    DurablePart.Place end = DurablePart.endOf(known);
    DurablePart.Place found = new DurablePart.Place(last.baseOffset(), last.end().position());
    if (end.isBefore(found) && PartitionInspection.of(directory).equals(known)) {
      verdict.note(
          last.path(),
          last.end().position(),
          known.tailOffset(),
          last.end().nextOffset(),
          "the partition was closed before these were there; opening it sets them aside");
    }
  }
}
