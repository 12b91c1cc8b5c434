package io.sawlog.tools;

import io.sawlog.log.IndexRebuild;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes the indexes of a store anew. */
@Command(
    name = "reindex",
    header = "Make all indexes anew from the segments.",
    description = {
      "",
      "Never needed for correctness: an index that is missing or damaged is rebuilt in memory when"
          + " it is used. This writes it to the disk, so that it is not rebuilt each time. Nobody"
          + " may write the store meanwhile.",
      ""
    },
    footer = {"", "  sawlog reindex sawlog-data/flights"})
final class ReindexCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Parameters(paramLabel = "PATH", description = "A store, a topic or a partition; copies too.")
  private Path path = Path.of("");

  ReindexCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() throws IOException {
    LogPath target = LogPath.of(path);
    if (target.kind() == LogPath.Kind.SEGMENT || target.kind() == LogPath.Kind.INDEX) {
      throw new UsageException(path + " is one file: give the directory of its partition");
    }
    Output output = general.output();
    JsonLines json = general.json() ? JsonLines.on(output) : null;
    long count = 0;
    for (Path directory : target.partitions()) {
      NamedPartition partition = NamedPartition.of(directory);
      List<Path> made =
          IndexRebuild.run(directory, partition.topic(), partition.topicId(), partition.number());
      for (Path index : made) {
        count++;
        if (json != null) {
          json.begin().text("type", "index").text("file", index.toString()).end();
        }
      }
    }
    if (json == null) {
      output.line(Words.count(count, "index file") + " made anew");
    }
    output.flush();
    return 0;
  }
}
