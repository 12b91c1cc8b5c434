package io.sawlog.tools;

import io.sawlog.index.HeaderCheck;
import io.sawlog.log.TopicRepair;
import io.sawlog.log.file.DiskStorage;
import io.sawlog.log.file.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One run of {@code verify}: goes down from what the user named to the segments. */
final class Verification {
  private final Storage storage = DiskStorage.open();
  private final Verdict verdict;

  Verification(Verdict verdict) {
    this.verdict = verdict;
  }

  /** Checks everything in or at a path. */
  void run(LogPath target) throws IOException {
    try (Progress progress = Progress.of("verify", totalBytes(target))) {
      switch (target.kind()) {
        case STORE -> {
          for (Path topic : target.topics()) {
            verifyTopic(topic, progress);
          }
        }
        case TOPIC -> verifyTopic(target.path(), progress);
        case PARTITION -> verifyPartition(target.path(), null, progress);
        case SEGMENT -> verifySegment(target.path(), progress);
        case INDEX -> verifyIndex(target.path(), progress);
      }
    }
  }

  private static long totalBytes(LogPath target) throws IOException {
    long total = 0;
    for (Path partition : target.partitions()) {
      for (Path segment : LogPath.segments(partition)) {
        total += segment.toFile().length();
      }
    }
    return total == 0 ? Progress.UNKNOWN : total;
  }

  private void verifyTopic(Path topic, Progress progress) throws IOException {
    verdict.countTopic();
    TopicRepair file = TopicRepair.plan(topic, TopicRepair.Answers.NONE);
    if (!file.problems().isEmpty()) {
      verdict.damage(
          topic.resolve(LogPath.TOPIC_FILE),
          "cannot be used: " + String.join(", ", file.problems()));
    }
    for (Path partition : LogPath.partitions(topic)) {
      verifyPartition(partition, file.topicId(), progress);
    }
  }

  private void verifyPartition(Path partition, @Nullable UUID topicId, Progress progress)
      throws IOException {
    verdict.countPartition();
    new PartitionVerification(storage, partition, verdict, progress).run(topicId);
  }

  /** A segment alone; what its partition knows of it helps to tell damage from a torn tail. */
  private void verifySegment(Path segment, Progress progress) throws IOException {
    Path parent = segment.toAbsolutePath().getParent();
    Path partition = parent == null ? Path.of("") : parent;
    new PartitionVerification(storage, partition, verdict, progress).runAlone(segment);
  }

  private void verifyIndex(Path index, Progress progress) throws IOException {
    Path segment = IndexCopy.segmentBeside(index);
    if (Files.exists(segment)) {
      verifySegment(segment, progress);
    } else if (IndexCopy.read(storage, index).checkAlone()
        instanceof HeaderCheck.Unusable unusable) {
      verdict.damage(index, unusable.reason());
    }
  }
}
