package io.sawlog.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Forgets where a group is in topics. */
@Command(
    name = "delete-offsets",
    header = "Forget where a group is in a topic, which need not exist any more.",
    description = {
      "",
      "Whoever reads the topic with the group next begins as in one that it has never seen; in"
          + " some",
      "partitions of a topic that it goes on reading, at their log start.",
      ""
    })
final class GroupDeleteOffsetsCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Parameters(paramLabel = "GROUP", description = "Which.")
  private String group = "";

  @Option(
      names = "--topic",
      required = true,
      paramLabel = "TOPIC[:0,1...]",
      description = "This topic, or these partitions of it; may be repeated.")
  private List<String> topics = new ArrayList<>();

  GroupDeleteOffsetsCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    try (OpenGroups open = OpenGroups.open(general, opening)) {
      for (String topic : topics) {
        if (topic.contains(":")) {
          open.admin().deleteOffsets(group, PartitionList.of(List.of(topic), open.log()));
        } else {
          open.admin().deleteOffsets(group, topic);
        }
      }
    }
    return 0;
  }
}
